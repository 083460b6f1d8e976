import type { PAYMENT_METHODS } from './fields.ts';

export type PaymentMethodName = (typeof PAYMENT_METHODS)[number];

/**
 * How money moves, by kind of method: `deferred` is authorised first and captured before the parcels leave, and can be
 * voided until then; `immediate` is captured by the same request; `collect` asks the customer, whose answer may take
 * minutes, and is captured by that answer.
 */
export type PaymentFlow = 'deferred' | 'immediate' | 'collect';

/** A new method is a row here and, where a provider of its own serves it, an adapter file. */
export const PAYMENT_FLOWS: Record<PaymentMethodName, PaymentFlow> = {
  card: 'deferred',
  apple_pay: 'deferred',
  google_pay: 'deferred',
  bnpl: 'deferred',
  wallet: 'immediate',
  paypal: 'immediate',
  upi: 'collect',
  bank_transfer: 'collect',
};
