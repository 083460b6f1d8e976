import { type Static, Type } from 'typebox';
import { CurrencyCode, MinorAmount, Uuid } from './fields.ts';

/** Provider's codes are carried as they are, within bounds. */
const code = Type.String({ pattern: '^[a-z0-9_]{1,32}$' });

const answer = {
  order_id: Uuid,
  /** Which attempt to pay, from 1. */
  attempt: Type.Integer({ minimum: 1, maximum: 99 }),
  /** The idempotency key of the request that this answers; absent when the provider speaks first. */
  op_key: Type.Optional(Type.String({ minLength: 1, maxLength: 96 })),
  provider: Type.String({ pattern: '^[a-z0-9_-]{1,24}$' }),
  /** The provider's own name for the payment. */
  provider_ref: Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' }),
  amount_minor: MinorAmount,
  currency: CurrencyCode,
};

/** What a payment provider reports: authorized, captured, voided, refunded, charged_back. */
export const PaymentReportedData = Type.Object(answer);
export type PaymentReportedData = Static<typeof PaymentReportedData>;

/** `soft` means that the same card may work a moment later. */
export const PaymentDeclinedData = Type.Object({ ...answer, code, soft: Type.Boolean() });
export type PaymentDeclinedData = Static<typeof PaymentDeclinedData>;

/** A second factor is asked for (3-D Secure and its like). */
export const PaymentActionRequiredData = Type.Object({
  ...answer,
  action_url: Type.Optional(Type.String({ maxLength: 300 })),
});

export const PaymentCaptureFailedData = Type.Object({ ...answer, code });
