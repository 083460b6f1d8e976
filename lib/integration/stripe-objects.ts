import { type Static, Type } from 'typebox';

/** The parts of Stripe's objects (API version below) that are read here; everything else in them is ignored. */

export const STRIPE_URL = 'https://api.stripe.com';

/** Answers and webhooks are asked for in the form of this version, whatever the account's own default is. */
export const STRIPE_VERSION = '2026-10-28.endive';

const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

const Metadata = Type.Record(Type.String(), Type.String());

const PaymentFailure = Type.Object({
  code: nullable(Type.String()),
  decline_code: nullable(Type.String()),
});

export const StripePaymentIntent = Type.Object({
  id: Type.String({ pattern: '^[!-~]{1,64}$' }),
  object: Type.Literal('payment_intent'),
  status: Type.String(),
  amount: Type.Integer(),
  amount_received: Type.Integer(),
  currency: Type.String(),
  metadata: Metadata,
  last_payment_error: nullable(PaymentFailure),
  next_action: nullable(Type.Object({ redirect_to_url: nullable(Type.Object({ url: nullable(Type.String()) })) })),
});
export type StripePaymentIntent = Static<typeof StripePaymentIntent>;

export const StripeRefund = Type.Object({
  id: Type.String({ pattern: '^[!-~]{1,64}$' }),
  object: Type.Literal('refund'),
  status: nullable(Type.String()),
  amount: Type.Integer(),
  currency: Type.String(),
  metadata: nullable(Metadata),
  payment_intent: nullable(Type.Unknown()),
});
export type StripeRefund = Static<typeof StripeRefund>;

export const StripeCharge = Type.Object({
  object: Type.Literal('charge'),
  payment_intent: nullable(Type.Unknown()),
  metadata: Metadata,
  refunds: nullable(Type.Object({ data: Type.Array(StripeRefund) })),
});

export const StripeDispute = Type.Object({
  id: Type.String(),
  object: Type.Literal('dispute'),
  amount: Type.Integer(),
  currency: Type.String(),
  payment_intent: nullable(Type.Unknown()),
});

export const StripeError = Type.Object({
  error: Type.Object({
    type: Type.String(),
    code: nullable(Type.String()),
    decline_code: nullable(Type.String()),
    param: nullable(Type.String()),
    payment_intent: nullable(StripePaymentIntent),
  }),
});
export type StripeError = Static<typeof StripeError>['error'];

/** What our requests leave on Stripe's objects, so that whatever comes from there finds its order again. */
export const METADATA = { order: 'order_id', attempt: 'attempt', key: 'op_key', captureKey: 'capture_key' } as const;

/** Stripe counts these in hundredths, although ISO 4217 gives them no decimals (docs.stripe.com/currencies). */
const IN_HUNDREDTHS = new Set(['ISK', 'UGX']);

const factorOf = (currency: string): number => (IN_HUNDREDTHS.has(currency.toUpperCase()) ? 100 : 1);

export const toStripeAmount = (minor: number, currency: string): number => minor * factorOf(currency);
export const fromStripeAmount = (amount: number, currency: string): number => Math.round(amount / factorOf(currency));

/** The same card may work a moment later (docs.stripe.com/declines/codes: "try again"). */
const SOFT_DECLINES = new Set([
  'try_again_later',
  'issuer_not_available',
  'processing_error',
  'reenter_transaction',
  'approve_with_id',
]);

/** Why a payment was declined, in Stripe's code. */
export function stripeDecline(failure: {
  code?: string | null | undefined;
  decline_code?: string | null | undefined;
}): { code: string; soft: boolean } {
  const code = failure.decline_code ?? failure.code ?? 'unknown';
  return { code, soft: SOFT_DECLINES.has(code) };
}
