import { type TSchema, Type } from 'typebox';
import { ORDER_STATUSES } from '../../../lib/domain/order-machine.ts';
import { PARCEL_STATES } from '../../../lib/domain/parcel-machine.ts';
import { PAYMENT_STATES } from '../../../lib/domain/payment-machine.ts';
import { REPORTING_STATUSES } from '../../../lib/domain/reporting-status.ts';
import { RETURN_STATES } from '../../../lib/domain/return-machine.ts';

/** What GET /api/orders/{id} shows. Only what stands here is sent: no token, no warehouse, no request to a provider. */

const text = Type.String();
const count = Type.Integer();
const amount = Type.Integer({ description: 'minor units of the currency' });
const time = Type.String({ format: 'date-time', description: 'UTC' });
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

const Item = Type.Object({
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
});

const Step = Type.Object({
  version: count,
  trigger: text,
  from: orNull(text),
  to: text,
  reason: orNull(text),
  at: time,
});

const Payment = Type.Object({
  attempt: count,
  method: text,
  status: Type.Enum([...PAYMENT_STATES]),
  amount_minor: amount,
  captured_minor: amount,
  refunded_minor: amount,
  failure_code: orNull(text),
  at: time,
});

const LineQuantity = Type.Object({ line: count, quantity: count });

const Parcel = Type.Object({
  parcel_no: count,
  status: Type.Enum([...PARCEL_STATES]),
  carrier: text,
  tracking_no: orNull(text),
  lines: Type.Array(LineQuantity),
  promised_at: orNull(time),
  shipped_at: orNull(time),
  delivered_at: orNull(time),
  scans: Type.Array(Type.Object({ status: text, at: time, place: orNull(text) })),
});

const Return = Type.Object({
  return_id: text,
  status: Type.Enum([...RETURN_STATES]),
  reason: text,
  lines: Type.Array(Type.Object({ line: count, quantity: count, received: count })),
  refund_minor: amount,
  requested_at: time,
  due_at: orNull(time),
});

const Refund = Type.Object({
  refund_no: count,
  amount_minor: amount,
  reason: text,
  status: Type.Enum(['requested', 'refunded', 'refused']),
  at: time,
});

const possibility = { allowed: Type.Boolean(), why: orNull(text) };

/** What can be asked of the order now, and why not; `lines` says how much of each can still be sent back. */
const Actions = Type.Object({
  cancel: Type.Object(possibility),
  amend: Type.Object(possibility),
  payment_method: Type.Object(possibility),
  mfa: Type.Object(possibility),
  return: Type.Object({ ...possibility, lines: Type.Array(LineQuantity) }),
});

export const OrderView = Type.Object({
  order_id: text,
  status: Type.Enum([...ORDER_STATUSES]),
  reporting_status: Type.Enum([...REPORTING_STATUSES], { description: "the customer's word for it" }),
  reason_code: orNull(text),
  version: count,
  channel: text,
  currency: text,
  subtotal_minor: amount,
  discount_minor: amount,
  tax_minor: amount,
  shipping_minor: amount,
  total_minor: amount,
  coupon_code: orNull(text),
  note: orNull(text),
  ship_country: text,
  ship_city: text,
  placed_at: time,
  items: Type.Array(Item),
  history: Type.Array(Step),
  payments: Type.Array(Payment),
  parcels: Type.Array(Parcel),
  returns: Type.Array(Return),
  refunds: Type.Array(Refund),
  notifications: Type.Array(Type.Object({ key: text, template: text, at: time })),
  documents: Type.Array(Type.Object({ kind: text, no: count, requested_at: time, ready: Type.Boolean() })),
  actions: Actions,
});
