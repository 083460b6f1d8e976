import { CONDITIONS, type SourceName } from './measures.ts';
import type { DimensionName } from './names.ts';

/** Tables a dimension brings in; the compiler adds each once. */
export type JoinName = 'lines' | 'product' | 'customer';

/** How a dimension is read from a source: `join` names what has to be there first. */
export interface Reading {
  key: string;
  join?: JoinName;
}

export interface Dimension {
  label: string;
  plural: string;
  /** Per source; 'order' stands for every source that carries orders (all but stock and customers). */
  on: Partial<Record<SourceName | 'order', Reading>>;
  /** Rows without a member are left out rather than shown as a member of their own. */
  needsMember?: boolean;
}

const METHOD = `COALESCE((SELECT x.method FROM payments x WHERE x.order_seq = o.order_seq ORDER BY x.status IN ('succeeded', 'authorized', 'capturing', 'captured') DESC, x.attempt DESC LIMIT 1), o.payment_method)`;
const CARRIER = '(SELECT x.carrier FROM shipments x WHERE x.order_seq = o.order_seq ORDER BY x.parcel_no LIMIT 1)';
const TYPE = `CASE WHEN ${CONDITIONS.EARLIER_SALE} THEN 'returning' ELSE 'new' END`;

const ofProduct = (column: string): Dimension['on'] => ({
  order: { key: `pr.${column}`, join: 'product' },
  stock: { key: `pr.${column}` },
});
const ofOrder = (key: string): Dimension['on'] => ({ order: { key } });

export const DIMENSION: Record<
  Exclude<DimensionName, 'day' | 'week' | 'month' | 'quarter' | 'year' | 'hour_of_day' | 'weekday'>,
  Dimension
> = {
  product: {
    label: 'product',
    plural: 'products',
    on: { order: { key: 'i.product_id', join: 'lines' }, stock: { key: 'k.product_id' } },
    needsMember: true,
  },
  category: { label: 'category', plural: 'categories', on: ofProduct('category'), needsMember: true },
  brand: { label: 'brand', plural: 'brands', on: ofProduct('brand'), needsMember: true },
  customer: {
    label: 'customer',
    plural: 'customers',
    on: { order: { key: 'o.customer_ref' }, customers: { key: 'c.customer_ref' } },
  },
  segment: {
    label: 'segment',
    plural: 'segments',
    on: { order: { key: "COALESCE(c.segment, '(unknown)')", join: 'customer' }, customers: { key: 'c.segment' } },
  },
  city: { label: 'city', plural: 'cities', on: { order: { key: 'o.ship_city' }, customers: { key: 'c.city' } } },
  country: {
    label: 'country',
    plural: 'countries',
    on: { order: { key: 'o.ship_country' }, customers: { key: 'c.country' } },
  },
  channel: { label: 'channel', plural: 'channels', on: ofOrder('o.channel') },
  order_status: { label: 'order status', plural: 'order statuses', on: ofOrder('o.reporting_status') },
  payment_method: {
    label: 'payment method',
    plural: 'payment methods',
    on: { order: { key: METHOD }, payments: { key: 'p.method' } },
  },
  failure_code: {
    label: 'failure code',
    plural: 'failure codes',
    on: { payments: { key: 'p.failure_code' } },
    needsMember: true,
  },
  refund_reason: { label: 'refund reason', plural: 'refund reasons', on: { refunds: { key: 'r.reason' } } },
  carrier: {
    label: 'carrier',
    plural: 'carriers',
    on: { order: { key: CARRIER }, shipments: { key: 's.carrier' } },
    needsMember: true,
  },
  warehouse: { label: 'warehouse', plural: 'warehouses', on: { stock: { key: 'k.warehouse' } } },
  coupon: { label: 'coupon', plural: 'coupons', on: ofOrder('o.coupon_code'), needsMember: true },
  customer_type: { label: 'customer type', plural: 'customer types', on: ofOrder(TYPE) },
  currency: {
    label: 'currency',
    plural: 'currencies',
    on: { order: { key: 'o.currency' }, stock: { key: 'pr.currency' } },
  },
  order: { label: 'order', plural: 'orders', on: ofOrder('o.order_seq') },
  shipment: {
    label: 'shipment',
    plural: 'shipments',
    on: { shipments: { key: "CONCAT(s.carrier, ' ', s.tracking_no)" } },
  },
};

/** Labels of the dimensions that are times. */
export const TIME_LABEL = {
  day: ['day', 'days'],
  week: ['week', 'weeks'],
  month: ['month', 'months'],
  quarter: ['quarter', 'quarters'],
  year: ['year', 'years'],
  hour_of_day: ['hour of the day', 'hours of the day'],
  weekday: ['weekday', 'weekdays'],
} as const;
