import { type Static, Type } from 'typebox';
import type { CloudEventEnvelope } from './cloud-event.ts';
import {
  Channel,
  Country,
  CouponCode,
  CurrencyCode,
  CustomerRef,
  IDEMPOTENCY_KEY,
  MAX_LINES,
  MinorAmount,
  PaymentChoice,
  plainText,
  Quantity,
  RiskSignals,
  ShippingMethod,
  SimulationHints,
  Sku,
  StockPolicy,
  Uuid,
} from './fields.ts';
import { ORDER_STATUSES } from './order-machine.ts';

export const ORDER_PLACED = 'oms.order.placed.v1';
export const ORDER_STATUS_CHANGED = 'oms.order.status_changed.v1';

/** unit_minor is per piece; discount_minor and tax_minor are of the whole line. */
export const OrderLine = Type.Object({
  line: Type.Integer({ minimum: 1, maximum: MAX_LINES }),
  sku: Sku,
  name: plainText(200),
  quantity: Quantity,
  unit_minor: MinorAmount,
  discount_minor: MinorAmount,
  tax_minor: MinorAmount,
});
export type OrderLine = Static<typeof OrderLine>;

/** A shop took an order. The event has everything that is needed to process it. */
export const OrderPlacedData = Type.Object({
  order_id: Uuid,
  idempotency_key: Type.String({ pattern: IDEMPOTENCY_KEY.source }),
  request_hash: Type.String({ pattern: '^[0-9a-f]{32}$' }),
  channel: Channel,
  customer_ref: CustomerRef,
  currency: CurrencyCode,
  lines: Type.Array(OrderLine, { minItems: 1, maxItems: MAX_LINES }),
  shipping: Type.Object({
    method: ShippingMethod,
    amount_minor: MinorAmount,
    country: Country,
    city: plainText(80),
    postcode_prefix: plainText(16),
  }),
  subtotal_minor: MinorAmount,
  discount_minor: MinorAmount,
  tax_minor: MinorAmount,
  total_minor: MinorAmount,
  coupon_code: Type.Optional(CouponCode),
  payment: PaymentChoice,
  stock_policy: StockPolicy,
  note: Type.Optional(plainText(500)),
  risk_signals: Type.Optional(RiskSignals),
  simulation: Type.Optional(SimulationHints),
});
export type OrderPlacedData = Static<typeof OrderPlacedData>;

const Status = Type.Enum([...ORDER_STATUSES]);

/** One step of an order, published by the consumer after it was committed. */
export const OrderStatusChangedData = Type.Object({
  order_id: Uuid,
  version: Type.Integer({ minimum: 1 }),
  trigger: Type.String(),
  from: Type.Union([Status, Type.Null()]),
  to: Status,
  reason: Type.Union([Type.String(), Type.Null()]),
  at: Type.String(),
});
export type OrderStatusChangedData = Static<typeof OrderStatusChangedData>;

/** An envelope with its data. */
export type EventOf<Data> = Omit<CloudEventEnvelope, 'data'> & { data: Data };
export type OrderPlacedEvent = EventOf<OrderPlacedData>;
export type OrderStatusChangedEvent = EventOf<OrderStatusChangedData>;

type Attributes<Data> = { id: string; source: string; time: string } & Partial<EventOf<Data>>;

/** Wraps data in an envelope; `key` decides the partition. */
export function eventAbout<Data>(
  { subject, key }: { subject: string; key: string },
  type: string,
  data: Data,
  rest: Attributes<Data>,
): EventOf<Data> {
  return {
    specversion: '1.0',
    type,
    subject,
    datacontenttype: 'application/json',
    dataschema: `/schemas/${type}.json`,
    partitionkey: key,
    ...rest,
    data,
  };
}

/** An event about an order: `partitionkey` and `correlationid` are the order's id. */
export const orderEvent = <Data extends { order_id: string }>(
  type: string,
  data: Data,
  rest: Attributes<Data>,
): EventOf<Data> =>
  eventAbout({ subject: `orders/${data.order_id}`, key: data.order_id }, type, data, {
    correlationid: data.order_id,
    ...rest,
  });
