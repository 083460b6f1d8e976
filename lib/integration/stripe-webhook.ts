import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { DataOf, EventType } from '../domain/event-types.ts';
import { answerEventId, UUID_PATTERN } from '../domain/ids.ts';
import {
  fromStripeAmount,
  METADATA,
  StripeCharge,
  StripeDispute,
  StripePaymentIntent,
  StripeRefund,
  stripeDecline,
} from './stripe-objects.ts';
import type { WebhookBody } from './webhook.ts';

/** One fact of a webhook in our own words. */
export type Fact = WebhookBody['events'][number];

/** Metadata of a payment intent by its id, for what Stripe sends without them; undefined when there is none. */
export type FindMetadata = (paymentIntentId: string) => Promise<Record<string, string> | undefined>;

type PaymentEventType = Extract<
  EventType,
  `oms.payment.${'authorized' | 'captured' | 'voided' | 'declined' | 'action_required' | 'refunded' | 'charged_back'}.v1`
>;
type Metadata = Record<string, string>;

/** What every webhook of Stripe has. */
export const StripeEvent = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64 }),
  object: Type.Literal('event'),
  type: Type.String(),
  created: Type.Integer(),
  data: Type.Object({ object: Type.Unknown() }),
});
export type StripeEvent = Static<typeof StripeEvent>;
const eventForm = Compile(StripeEvent);

const ORDER_ID = new RegExp(UUID_PATTERN);

/** What is common to all payment events; undefined for a payment that is none of an order's. */
function paymentOf(metadata: Metadata, ref: string, amount: number, currency: string, opKey: string | undefined) {
  const attempt = Number(metadata[METADATA.attempt]);
  const order_id = metadata[METADATA.order];
  if (!order_id || !ORDER_ID.test(order_id) || !Number.isInteger(attempt) || attempt < 1) return undefined;
  return {
    order_id,
    attempt,
    provider: 'stripe',
    provider_ref: ref,
    amount_minor: fromStripeAmount(amount, currency),
    currency: currency.toUpperCase(),
    ...(opKey !== undefined ? { op_key: opKey } : {}),
  };
}

type Payment = NonNullable<ReturnType<typeof paymentOf>>;

/** What is known by a request's key has the id that the request's own answer has. */
function fact<Type extends PaymentEventType>(event: StripeEvent, type: Type, data: DataOf<Type> & Payment): Fact {
  const time = new Date(event.created * 1_000).toISOString();
  return { id: answerEventId(data.op_key ?? event.id, type), type, time, data };
}

type IntentReader = (event: StripeEvent, intent: StripePaymentIntent) => Fact | undefined;

function intentReader(
  keyOf: (metadata: Metadata) => string | undefined,
  amountOf: (intent: StripePaymentIntent) => number,
  toFact: (event: StripeEvent, payment: Payment, intent: StripePaymentIntent) => Fact,
): IntentReader {
  return (event, intent) => {
    const { metadata, id, currency } = intent;
    const payment = paymentOf(metadata, id, amountOf(intent), currency, keyOf(metadata));
    return payment && toFact(event, payment, intent);
  };
}

const authorizeKey = (metadata: Metadata) => metadata[METADATA.key];
const captureKey = (metadata: Metadata) => metadata[METADATA.captureKey] ?? metadata[METADATA.key];
const wholeAmount = ({ amount }: StripePaymentIntent) => amount;

const INTENT_EVENTS: Record<string, IntentReader> = {
  'payment_intent.amount_capturable_updated': intentReader(authorizeKey, wholeAmount, (event, payment) =>
    fact(event, 'oms.payment.authorized.v1', payment),
  ),
  'payment_intent.succeeded': intentReader(
    captureKey,
    ({ amount_received }) => amount_received,
    (event, payment) => fact(event, 'oms.payment.captured.v1', payment),
  ),
  // Who cancelled, and under which key, Stripe does not say.
  'payment_intent.canceled': intentReader(
    () => undefined,
    wholeAmount,
    (event, payment) => fact(event, 'oms.payment.voided.v1', payment),
  ),
  'payment_intent.requires_action': intentReader(authorizeKey, wholeAmount, (event, payment) =>
    fact(event, 'oms.payment.action_required.v1', payment),
  ),
  'payment_intent.payment_failed': intentReader(authorizeKey, wholeAmount, (event, payment, intent) => {
    const { code, soft } = stripeDecline(intent.last_payment_error ?? {});
    return fact(event, 'oms.payment.declined.v1', { ...payment, code: code.slice(0, 32), soft });
  }),
};

const idOf = (reference: unknown): string | undefined =>
  typeof reference === 'string' ? reference : (reference as { id?: string } | null | undefined)?.id;

/** A refund of ours that is through; those made in Stripe's own pages carry no key and are found by reconciling. */
function refunded(event: StripeEvent, refund: StripeRefund): Fact | undefined {
  const metadata = refund.metadata ?? {};
  const key = metadata[METADATA.key];
  if (refund.status !== 'succeeded' || key === undefined) return undefined;
  const ref = idOf(refund.payment_intent) ?? refund.id;
  const payment = paymentOf(metadata, ref, refund.amount, refund.currency, key);
  return payment && fact(event, 'oms.payment.refunded.v1', payment);
}

async function chargedBack(event: StripeEvent, dispute: Static<typeof StripeDispute>, find: FindMetadata) {
  const ref = idOf(dispute.payment_intent);
  const metadata = ref && (await find(ref));
  const payment = metadata && paymentOf(metadata, ref, dispute.amount, dispute.currency, undefined);
  return payment ? fact(event, 'oms.payment.charged_back.v1', payment) : undefined;
}

const forms = {
  intent: Compile(StripePaymentIntent),
  refund: Compile(StripeRefund),
  charge: Compile(StripeCharge),
  dispute: Compile(StripeDispute),
};

/** The body is no event of Stripe's, or its object is not of the form that its type says. */
export class StripeWebhookError extends Error {
  override readonly name = 'StripeWebhookError';
}

function checked<Value>(form: { Check(value: unknown): value is Value }, event: StripeEvent): Value {
  const { object } = event.data;
  if (!form.Check(object)) throw new StripeWebhookError(`the object of ${event.type} is not of the form expected`);
  return object;
}

async function factOf(event: StripeEvent, find: FindMetadata): Promise<(Fact | undefined)[]> {
  const ofIntent = INTENT_EVENTS[event.type];
  if (ofIntent) return [ofIntent(event, checked(forms.intent, event))];
  switch (event.type) {
    case 'charge.refunded':
      return (checked(forms.charge, event).refunds?.data ?? []).map((refund) => refunded(event, refund));
    case 'refund.created':
    case 'refund.updated':
      return [refunded(event, checked(forms.refund, event))];
    case 'charge.dispute.created':
      return [await chargedBack(event, checked(forms.dispute, event), find)];
    default:
      return [];
  }
}

/**
 * What a webhook of Stripe says, in our own words: facts for the orders hub. Sent again, by Stripe or because the
 * request was answered as well, a fact keeps its id.
 * @param body the parsed body, after its signature was checked
 * @returns none for types that mean nothing here, and for payments that are not an order's
 * @throws {StripeWebhookError}
 */
export async function stripeFacts(body: unknown, find: FindMetadata): Promise<Fact[]> {
  if (!eventForm.Check(body)) throw new StripeWebhookError('the body is no event');
  const facts = await factOf(body, find);
  return facts.filter((one) => one !== undefined);
}
