import { type Static, type TSchema, Type } from 'typebox';
import { ORDER_STATUSES } from '../../../lib/domain/order-machine.ts';
import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import { ApiProblem } from './api-problem.ts';
import type { Call, Command, OrderApi } from './order-api.ts';

const text = Type.String();
const count = Type.Integer();
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const LineQuantity = Type.Object({ line: count, quantity: count });
const possibility = { allowed: Type.Boolean(), why: orNull(text) };

/** What pages show of an order. The API may say more. */
export const Order = Type.Object({
  order_id: text,
  status: Type.Enum([...ORDER_STATUSES]),
  reporting_status: text,
  reason_code: orNull(text),
  version: count,
  currency: text,
  subtotal_minor: count,
  discount_minor: count,
  tax_minor: count,
  shipping_minor: count,
  total_minor: count,
  ship_country: text,
  ship_city: text,
  placed_at: text,
  items: Type.Array(
    Type.Object({
      ...{ line: count, sku: text, name: text, quantity: count, unit_minor: count },
      ...{ shipped: count, lost: count, returned: count },
    }),
  ),
  history: Type.Array(Type.Object({ version: count, to: text, reason: orNull(text), at: text })),
  payments: Type.Array(
    Type.Object({
      ...{ attempt: count, method: text, status: text, amount_minor: count },
      ...{ captured_minor: count, refunded_minor: count, failure_code: orNull(text), at: text },
    }),
  ),
  parcels: Type.Array(
    Type.Object({
      ...{ parcel_no: count, status: text, carrier: text, tracking_no: orNull(text) },
      lines: Type.Array(LineQuantity),
      promised_at: orNull(text),
      scans: Type.Array(Type.Object({ status: text, at: text, place: orNull(text) })),
    }),
  ),
  returns: Type.Array(
    Type.Object({
      ...{ return_id: text, status: text, reason: text, refund_minor: count, requested_at: text },
      lines: Type.Array(LineQuantity),
    }),
  ),
  refunds: Type.Array(Type.Object({ refund_no: count, amount_minor: count, reason: text, status: text, at: text })),
  actions: Type.Object({
    cancel: Type.Object(possibility),
    amend: Type.Object(possibility),
    payment_method: Type.Object(possibility),
    mfa: Type.Object(possibility),
    return: Type.Object({ ...possibility, lines: Type.Array(LineQuantity) }),
  }),
});
export type Order = Static<typeof Order>;

/** Taken, but not stored yet. */
const Pending = Type.Object({ order_id: text, status: Type.Literal('accepted') });

const Receipt = Type.Object({ order_id: text, total_minor: count, currency: text });
const CommandReceipt = Type.Object({ order_id: text, event_id: text });

/** What can be asked about an order: the last part of the API's path. */
export type Request = 'cancel' | 'amend' | 'payment-method' | 'mfa' | 'returns';

/** Orders at the order API. */
export class Orders {
  readonly #api: OrderApi;

  constructor(api: OrderApi) {
    this.#api = api;
  }

  /** @returns the number of the order, whether it was taken now or before under the same key */
  async place(body: OrderRequest, { idempotencyKey, traceparent }: Omit<Command, 'body'>): Promise<string> {
    const receipt = await this.#api.post('/api/orders', Receipt, { traceparent, idempotencyKey, body });
    return receipt.order_id;
  }

  /** @returns undefined while it is not stored, or when nobody knows it */
  async find(id: string, call: Call): Promise<Order | 'accepted' | undefined> {
    try {
      const order = await this.#api.get(`/api/orders/${encodeURIComponent(id)}`, Type.Union([Order, Pending]), call);
      return order.status === 'accepted' ? 'accepted' : (order as Order);
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 404 || error.code === 'malformed_id')) return undefined;
      throw error;
    }
  }

  async ask(id: string, request: Request, command: Command): Promise<void> {
    await this.#api.post(`/api/orders/${encodeURIComponent(id)}/${request}`, CommandReceipt, command);
  }
}
