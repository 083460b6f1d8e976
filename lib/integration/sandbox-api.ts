import { type Static, Type } from 'typebox';
import { MinorAmount } from '../domain/fields.ts';

/**
 * What the sandbox speaks: a stand-in payment provider and carriers with books of their own.
 *
 * POST /psp/payments                          body AuthorizeRequest    header Idempotency-Key
 * POST /psp/payments/:authorizeKey/capture    body PaymentFollowUp     header Idempotency-Key   (also /void, /refund)
 * GET  /psp/book?after=CURSOR&limit=N         what the provider has in its book, in the order it was booked
 * POST /carriers/:carrier/labels              body LabelRequest        header Idempotency-Key
 * GET  /carriers/:carrier/labels/:trackingNo  the label as PDF
 * POST /carriers/:carrier/parcels/:trackingNo/pickup | /void           header Idempotency-Key
 * POST /carriers/:carrier/returns             body ReturnLabelRequest  header Idempotency-Key
 *
 * The same key gets the same answer for ever. Facts that come later are sent to the shop's /hooks, signed.
 */

/** `pending`: the customer has been asked (collect), the answer comes as a webhook or when the request is repeated. */
export const PaymentAnswer = Type.Object({
  status: Type.Enum([
    'authorized',
    'captured',
    'declined',
    'requires_action',
    'pending',
    'voided',
    'capture_failed',
    'refunded',
  ]),
  provider_ref: Type.String({ pattern: '^[!-~]{1,64}$' }),
  amount_minor: MinorAmount,
  code: Type.Optional(Type.String()),
  soft: Type.Optional(Type.Boolean()),
});
export type PaymentAnswer = Static<typeof PaymentAnswer>;

export const LabelAnswer = Type.Object({
  status: Type.Enum(['created', 'failed']),
  tracking_no: Type.Optional(Type.String()),
  label_url: Type.Optional(Type.String()),
  cost_minor: Type.Optional(MinorAmount),
  promised_at: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
});
export type LabelAnswer = Static<typeof LabelAnswer>;

/** One movement of money as the provider booked it; authorisations and voids move none but are in the book as well. */
export const BookEntry = Type.Object({
  cursor: Type.Integer(),
  key: Type.String(),
  kind: Type.Enum(['authorize', 'capture', 'void', 'refund', 'chargeback']),
  order_id: Type.String(),
  attempt: Type.Integer(),
  amount_minor: MinorAmount,
  currency: Type.String(),
  at: Type.String(),
});
export type BookEntry = Static<typeof BookEntry>;

export const BookPage = Type.Object({
  entries: Type.Array(BookEntry),
  next: Type.Union([Type.Integer(), Type.Null()]),
});
export type BookPage = Static<typeof BookPage>;
