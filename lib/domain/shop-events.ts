import { Type } from 'typebox';
import { MAX_LINES, MAX_QUANTITY, MinorAmount, PaymentChoice, plainText, Sku, Uuid } from './fields.ts';

const line = Type.Integer({ minimum: 1, maximum: MAX_LINES });
const order_id = Uuid;

/** The customer takes less than was ordered; 0 leaves the line out. Lines that are not named stay as they are. */
export const OrderAmendedData = Type.Object({
  order_id,
  lines: Type.Array(Type.Object({ line, quantity: Type.Integer({ minimum: 0, maximum: MAX_QUANTITY }) }), {
    minItems: 1,
    maxItems: MAX_LINES,
  }),
});

export const OrderCancelRequestedData = Type.Object({ order_id, reason: Type.Optional(plainText(200)) });

/** Another way to pay after one was declined. */
export const PaymentMethodReplacedData = Type.Object({ order_id, payment: PaymentChoice });

/** The customer has passed the provider's second factor. */
export const PaymentMfaCompletedData = Type.Object({ order_id });

/** `return_id` names the return for good (RMA); quantities are what the customer means to send back. */
export const ReturnRequestedData = Type.Object({
  order_id,
  return_id: Uuid,
  reason: Type.Enum(['changed_mind', 'damaged', 'wrong_item', 'late_delivery', 'quality', 'other']),
  lines: Type.Array(Type.Object({ line, quantity: Type.Integer({ minimum: 1, maximum: MAX_QUANTITY }) }), {
    minItems: 1,
    maxItems: MAX_LINES,
  }),
});

const by = plainText(64);

/** A person has looked at an order that the risk step held back. */
export const ReviewData = Type.Object({ order_id, by, note: Type.Optional(plainText(500)) });

/** A person decides on a return that was not approved by itself. */
export const ReturnDecidedData = Type.Object({ order_id, return_id: Uuid, by, note: Type.Optional(plainText(500)) });

/** Money given back out of goodwill, beside any return. */
export const RefundRequestedData = Type.Object({
  order_id,
  amount_minor: Type.Integer({ minimum: 1 }),
  by,
  reason: Type.Enum(['goodwill', 'late_delivery', 'price_error', 'other']),
});

/** The clock's word: the order has been in `from`, at `version`, for as long as it may. */
export const OrderTimedOutData = Type.Object({
  order_id,
  from: Type.String({ maxLength: 20 }),
  version: Type.Integer({ minimum: 1 }),
});
export const ReturnTimedOutData = Type.Object({ order_id, return_id: Uuid });
export const ReturnWindowClosedData = Type.Object({ order_id, version: Type.Integer({ minimum: 1 }) });

const warehouse = Type.String({ pattern: '^[A-Za-z0-9_-]{1,16}$' });

/** Units that came in. */
export const StockReceivedData = Type.Object({
  sku: Sku,
  warehouse,
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
});

/** A count that differs from the books; never below what is reserved. */
export const StockAdjustedData = Type.Object({
  sku: Sku,
  warehouse,
  quantity: Type.Integer({ minimum: -1_000_000, maximum: 1_000_000 }),
  reason: plainText(64),
});

export const ProductChangedData = Type.Object({
  sku: Sku,
  name: Type.Optional(plainText(200)),
  category: Type.Optional(plainText(80)),
  brand: Type.Optional(plainText(80)),
  price_minor: Type.Optional(MinorAmount),
});

/** Less can be promised than the reorder point says. */
export const StockLowData = Type.Object({
  sku: Sku,
  warehouse,
  available: Type.Integer(),
  reorder_point: Type.Integer(),
});
