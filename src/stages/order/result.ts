import { type Static, type TSchema, Type } from 'typebox';
import { ORDER_STATUSES } from '../../../lib/domain/order-machine.ts';

const text = Type.String();
const count = Type.Integer();
const amount = Type.Integer({ description: 'minor units of the currency' });
const time = Type.String({ format: 'date-time', description: 'UTC' });
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const possibility = { allowed: Type.Boolean(), why: orNull(text) };

/** The result of `oms order show --json`, and of what changes an order: all there is about it. */
export const OrderStory = Type.Object({
  order_id: text,
  customer: text,
  status: Type.Enum([...ORDER_STATUSES]),
  status_words: Type.String({ description: 'what the customer calls the status' }),
  reporting_status: text,
  reason_code: orNull(text),
  version: count,
  status_since: time,
  due_at: orNull(time),
  placed_at: time,
  channel: text,
  synthetic: Type.Boolean(),
  payment_method: text,
  shipping_method: text,
  ship_to: text,
  currency: text,
  subtotal_minor: amount,
  discount_minor: amount,
  tax_minor: amount,
  shipping_minor: amount,
  total_minor: amount,
  fraud: orNull(Type.Object({ score: Type.Number(), decision: text, reasons: text })),
  lines: Type.Array(
    Type.Object({
      line: count,
      sku: text,
      name: text,
      quantity: count,
      unit_minor: amount,
      discount_minor: amount,
      tax_minor: amount,
      shipped: count,
      lost: count,
      returned: count,
    }),
  ),
  timeline: Type.Array(
    Type.Object({
      at: time,
      after_ms: Type.Integer({ description: 'since the entry before' }),
      actor: text,
      text,
      amount_minor: orNull(amount),
      status: orNull(text),
      verdict: orNull(text),
    }),
  ),
  payments: Type.Array(
    Type.Object({
      attempt: count,
      method: text,
      status: text,
      amount_minor: amount,
      captured_minor: amount,
      refunded_minor: amount,
      failure_code: orNull(text),
    }),
  ),
  ledger: Type.Array(Type.Object({ at: time, txn: text, account: text, debit_minor: amount, credit_minor: amount })),
  refunds: Type.Array(Type.Object({ refund_no: count, amount_minor: amount, reason: text, status: text, at: time })),
  parcels: Type.Array(
    Type.Object({
      parcel_no: count,
      status: text,
      carrier: text,
      tracking_no: orNull(text),
      warehouse: text,
      units: count,
      promised_at: orNull(time),
      shipped_at: orNull(time),
      delivered_at: orNull(time),
    }),
  ),
  returns: Type.Array(
    Type.Object({
      return_no: count,
      return_id: text,
      status: text,
      reason: text,
      lines: Type.Array(Type.Object({ line: count, quantity: count, received: count })),
      refund_minor: amount,
      requested_at: time,
      due_at: orNull(time),
    }),
  ),
  waiting: Type.Array(Type.Object({ request: text, due_at: time }), {
    description: 'what was asked of providers and carriers and is not answered yet',
  }),
  notifications: Type.Array(Type.Object({ at: time, template: text })),
  documents: Type.Array(Type.Object({ kind: text, no: count, bytes: orNull(count), blob_key: orNull(text) })),
  actions: Type.Object({
    cancel: Type.Object(possibility),
    amend: Type.Object(possibility),
    payment_method: Type.Object(possibility),
    mfa: Type.Object(possibility),
    return: Type.Object({ ...possibility, lines: Type.Array(Type.Object({ line: count, quantity: count })) }),
    refund: Type.Object({ ...possibility, up_to_minor: amount }),
    review: Type.Object(possibility),
  }),
});
export type OrderStory = Static<typeof OrderStory>;

/** The result of `oms order list --json`. */
export const OrderList = Type.Object({
  orders: Type.Array(
    Type.Object({
      order_id: text,
      customer: text,
      status: text,
      reason_code: orNull(text),
      placed_at: time,
      status_since: time,
      total_minor: amount,
      currency: text,
    }),
  ),
});
export type OrderList = Static<typeof OrderList>;

/** The result of `oms order cancel | return | refund --json`. */
export const OrderChange = Type.Object({
  event_id: Type.String({ description: 'the event that the request became' }),
  return_id: Type.Optional(text),
  verdict: orNull(Type.String({ description: 'what became of the event; null when it was not handled in time' })),
  order: OrderStory,
});
export type OrderChange = Static<typeof OrderChange>;
