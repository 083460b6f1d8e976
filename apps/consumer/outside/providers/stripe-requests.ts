import { METADATA, toStripeAmount } from '../../../../lib/integration/stripe-objects.ts';
import type { ExternalOp } from '../../../../lib/process/external-op.ts';
import type { PeerRequest } from '../http-peer.ts';

/** Requests to Stripe as data: path, form and idempotency key. */

/** Our methods that Stripe serves, by Stripe's name of the type. */
export const STRIPE_METHOD_TYPES: Partial<Record<ExternalOp<'authorize'>['request']['method'], string>> = {
  card: 'card',
  apple_pay: 'card',
  google_pay: 'card',
  paypal: 'paypal',
  bnpl: 'klarna',
  upi: 'upi',
};

type Form = Record<string, string | number | boolean>;

const post = (path: string, key: string, form: Form): PeerRequest => ({
  method: 'POST',
  path,
  key,
  contentType: 'application/x-www-form-urlencoded',
  body: new URLSearchParams(Object.entries(form).map(([name, value]) => [name, String(value)])).toString(),
});
const get = (path: string): PeerRequest => ({ method: 'GET', path });

const intentPath = (id: string): string => `/v1/payment_intents/${encodeURIComponent(id)}`;

const labels = (request: { order_id: string; attempt: number }, key: string): Form => ({
  [`metadata[${METADATA.order}]`]: request.order_id,
  [`metadata[${METADATA.attempt}]`]: request.attempt,
  [`metadata[${METADATA.key}]`]: key,
});

/**
 * POST /v1/payment_intents: authorise, and capture at once where the method knows no authorisation.
 * @param returnUrl where the customer comes back to from methods that are confirmed elsewhere; they need one
 */
export function createIntent(
  { request }: ExternalOp<'authorize'>,
  key: string,
  token: string,
  returnUrl?: string,
): PeerRequest {
  return post('/v1/payment_intents', key, {
    amount: toStripeAmount(request.amount_minor, request.currency),
    currency: request.currency.toLowerCase(),
    'allowed_payment_method_types[]': STRIPE_METHOD_TYPES[request.method] ?? 'card',
    payment_method: token,
    capture_method: request.capture ? 'automatic' : 'manual',
    confirm: true,
    ...(returnUrl !== undefined ? { return_url: returnUrl } : {}),
    ...labels(request, key),
  });
}

/** POST /v1/payment_intents/:id/confirm */
export const confirmIntent = (id: string, key: string): PeerRequest => post(`${intentPath(id)}/confirm`, key, {});

/** GET /v1/payment_intents/:id */
export const readIntent = (id: string): PeerRequest => get(intentPath(id));

/** GET /v1/payment_intents/search: finds what a request has made, by its key; a new one shows up within a minute. */
export function findIntent(key: string): PeerRequest {
  const query = `metadata['${METADATA.key}']:'${key}'`;
  return get(`/v1/payment_intents/search?${new URLSearchParams({ query, limit: '1' })}`);
}

/** POST /v1/payment_intents/:id/capture */
export const captureIntent = ({ request }: ExternalOp<'capture'>, id: string, key: string): PeerRequest =>
  post(`${intentPath(id)}/capture`, key, {
    amount_to_capture: toStripeAmount(request.amount_minor, request.currency),
    [`metadata[${METADATA.captureKey}]`]: key,
  });

/** POST /v1/payment_intents/:id/cancel */
export const cancelIntent = (id: string, key: string): PeerRequest => post(`${intentPath(id)}/cancel`, key, {});

/** POST /v1/refunds */
export const createRefund = ({ request }: ExternalOp<'refund'>, id: string, key: string): PeerRequest =>
  post('/v1/refunds', key, {
    payment_intent: id,
    amount: toStripeAmount(request.amount_minor, request.currency),
    ...labels(request, key),
  });

/** GET /v1/refunds: all refunds of a payment, the newest first. */
export const listRefunds = (id: string): PeerRequest =>
  get(`/v1/refunds?${new URLSearchParams({ payment_intent: id, limit: '100' })}`);

/** GET /v1/refunds/:id */
export const readRefund = (id: string): PeerRequest => get(`/v1/refunds/${encodeURIComponent(id)}`);
