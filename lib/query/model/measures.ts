import { NO_SALE } from '../../domain/reporting-status.ts';

/**
 * What rows are counted: a table and what it is joined to without multiplying them. Aliases are used by every expression.
 * Lines are read from their orders: left to itself MariaDB reads every line there is, whatever the window.
 */
export const SOURCES = {
  items: 'orders o STRAIGHT_JOIN order_items i ON i.order_seq = o.order_seq',
  orders: 'orders o',
  refunds: 'refunds r JOIN orders o ON o.order_seq = r.order_seq',
  payments: 'payments p JOIN orders o ON o.order_seq = p.order_seq',
  shipments: 'shipments s JOIN orders o ON o.order_seq = s.order_seq',
  stock: 'stock k JOIN products pr ON pr.product_id = k.product_id',
  customers: 'customers c',
} as const;
export type SourceName = keyof typeof SOURCES;

/** One aggregate at its own grain; metrics are measures or formulas of measures. `:now` is the clock's instant. */
export interface Measure {
  source: SourceName;
  /** The aggregate over the rows. */
  value: string;
  /** Conditions that are part of its meaning. */
  where?: readonly string[];
  /** The column its window is on; none for what is as it is now. */
  time?: string;
  /** Stays right when an order appears once a line, so that it may be split by product. */
  countsOrders?: boolean;
  /** Days before today that replace the window of the plan. */
  pastDays?: number;
  /** Taken over the window that is compared with, or over both; the plan names both. */
  windows?: 'base' | 'both';
  /** The rows are first grouped by this, and `value` is taken over the groups that pass. */
  inner?: { by: string; value: string; having?: string };
  /** The middle one of the inner values instead of an aggregate of them. */
  median?: boolean;
  /** The same from the orders alone, an order being the sum of its lines: for what is neither split nor narrowed by line. */
  whole?: Measure;
  /** How it is added up from sums of each product (x): "line" is one product's. Left out where it is simply their sum. */
  perProduct?: { line: string; total: string };
}

const quoted = (values: readonly string[]) => values.map((value) => `'${value}'`).join(', ');
export const SALE = `o.reporting_status NOT IN (${quoted(NO_SALE)})`;
/** Every order that is no sale. */
export const NOT_SOLD = `o.reporting_status IN (${quoted(NO_SALE)})`;

/** Labels of payment attempts and refunds that are through, and of attempts that came to nothing. */
const PAID = `p.status IN (${quoted([
  'succeeded',
  'authorized',
  'capturing',
  'captured',
  'partially_refunded',
  'refunded',
  'charged_back',
])})`;
const UNPAID = `p.status IN (${quoted(['failed', 'declined'])})`;
const REFUNDED = `r.status IN (${quoted(['completed', 'refunded'])})`;
const DELIVERED = 's.delivered_at IS NOT NULL';
const LATE = 's.delivered_at > s.promised_at';
const OVERDUE = 's.shipped_at IS NOT NULL AND s.delivered_at IS NULL AND s.promised_at < :now';
const EARLIER_SALE = `EXISTS (SELECT 1 FROM orders e WHERE e.customer_ref = o.customer_ref AND e.placed_at < o.placed_at AND ${SALE.replaceAll('o.', 'e.')})`;
const LINE_VALUE = 'i.quantity * i.unit_minor - i.discount_minor';
/** Value of an order after discounts; `oms verify` holds it to be the sum of its lines. */
export const ORDER_VALUE = 'o.subtotal_minor - o.discount_minor';

/** SQL of conditions that filters and dimensions share with the measures. */
export const CONDITIONS = { OVERDUE, LATE, EARLIER_SALE } as const;

const days = (from: string, to: string) => `AVG(TIMESTAMPDIFF(SECOND, ${from}, ${to})) / 86400`;

const orders = (value: string, where: readonly string[]): Measure => ({
  source: 'orders',
  value,
  where,
  time: 'o.placed_at',
});
const items = (value: string, whole?: string): Measure => ({
  source: 'items',
  value,
  where: [SALE],
  time: 'o.placed_at',
  ...(whole && { whole: orders(whole, [SALE]) }),
});
const countOrders = (...where: string[]): Measure => ({
  ...orders('COUNT(DISTINCT o.order_seq)', where),
  countsOrders: true,
});
const refunds = (value: string): Measure => ({ source: 'refunds', value, where: [REFUNDED], time: 'r.created_at' });
const payments = (value: string, ...where: string[]): Measure => ({
  source: 'payments',
  value,
  where,
  time: 'p.created_at',
});
const shipped = (value: string): Measure => ({
  source: 'shipments',
  value,
  where: ['s.shipped_at IS NOT NULL'],
  time: 's.shipped_at',
});
const delivered = (value: string, ...where: string[]): Measure => ({
  source: 'shipments',
  value,
  where: [DELIVERED, ...where],
  time: 's.delivered_at',
});

export const MEASURES = {
  revenue: items(`SUM(${LINE_VALUE})`, `SUM(${ORDER_VALUE})`),
  gross_revenue: items('SUM(i.quantity * i.unit_minor)', 'SUM(o.subtotal_minor)'),
  discount_amount: items('SUM(i.discount_minor)', 'SUM(o.discount_minor)'),
  cost_of_goods: {
    ...items('SUM(i.quantity * pr.cost_minor)'),
    perProduct: { line: 'SUM(i.quantity)', total: 'SUM(x.v * pr.cost_minor)' },
  },
  units_sold: items('SUM(i.quantity)'),
  units_sold_28: { ...items('SUM(i.quantity)'), pastDays: 28 },
  orders_count: countOrders(SALE),
  all_orders_count: countOrders(),
  coupon_orders: countOrders(SALE, 'o.coupon_code IS NOT NULL'),
  cancelled_orders: { ...countOrders("o.reporting_status = 'cancelled'"), time: 'o.cancelled_at' },
  cancelled_placed: countOrders("o.reporting_status = 'cancelled'"),
  fraud_orders: countOrders('o.fraud_flag = 1'),
  customers_count: { ...orders('COUNT(DISTINCT o.customer_ref)', [SALE]), countsOrders: true },
  first_time_buyers: {
    ...orders('COUNT(DISTINCT o.customer_ref)', [SALE, `NOT ${EARLIER_SALE}`]),
    countsOrders: true,
  },
  repeat_customers: {
    ...orders('COUNT(*)', [SALE]),
    countsOrders: true,
    inner: { by: 'o.customer_ref', value: '1', having: 'COUNT(DISTINCT o.order_seq) >= 2' },
  },
  retained_customers: {
    ...orders('COUNT(*)', [SALE]),
    inner: { by: 'o.customer_ref', value: '1', having: 'MAX(:inWindow) = 1 AND MAX(:inBase) = 1' },
    windows: 'both',
  },
  base_customers: { ...orders('COUNT(DISTINCT o.customer_ref)', [SALE]), windows: 'base' },
  median_order_value: {
    ...items('AVG(v)'),
    inner: { by: 'o.order_seq', value: `SUM(${LINE_VALUE})` },
    median: true,
    whole: { ...orders('AVG(v)', [SALE]), inner: { by: 'o.order_seq', value: `MAX(${ORDER_VALUE})` }, median: true },
  },
  order_value: {
    source: 'items',
    value: `SUM(${LINE_VALUE})`,
    time: 'o.placed_at',
    whole: orders(`SUM(${ORDER_VALUE})`, []),
  },
  tax_collected: orders('SUM(o.tax_minor)', [SALE]),
  shipping_fees: orders('SUM(o.shipping_minor)', [SALE]),
  avg_fraud_score: orders('AVG(o.fraud_score)', []),
  fraud_score: orders('MAX(o.fraud_score)', []),
  placed_at: orders('MAX(o.placed_at)', []),
  last_order_at: orders('MAX(o.placed_at)', [SALE]),
  status_age_hours: orders('MAX(TIMESTAMPDIFF(SECOND, o.status_since, :now)) / 3600', []),
  refund_count: refunds('COUNT(*)'),
  refund_amount: refunds('SUM(r.amount_minor)'),
  refund_orders: {
    source: 'refunds',
    value: 'COUNT(DISTINCT o.order_seq)',
    where: [REFUNDED, SALE],
    time: 'o.placed_at',
    countsOrders: true,
  },
  payments_count: payments('COUNT(*)', PAID),
  payment_volume: payments('SUM(p.amount_minor)', PAID),
  payment_failures: payments('COUNT(*)', UNPAID),
  payment_attempts: payments('COUNT(*)'),
  shipments_count: shipped('COUNT(*)'),
  shipped_orders: shipped('COUNT(DISTINCT s.order_seq)'),
  shipping_cost: shipped('SUM(s.cost_minor)'),
  avg_fulfilment_hours: shipped('AVG(TIMESTAMPDIFF(SECOND, o.placed_at, s.shipped_at)) / 3600'),
  deliveries_count: delivered('COUNT(*)'),
  late_deliveries: delivered('COUNT(*)', LATE),
  avg_days_late: delivered(days('s.promised_at', 's.delivered_at'), LATE),
  avg_delivery_days: delivered(days('s.shipped_at', 's.delivered_at')),
  overdue_shipments: { source: 'shipments', value: 'COUNT(*)', where: [OVERDUE], time: 's.shipped_at' },
  new_customers: { source: 'customers', value: 'COUNT(*)', time: 'c.signed_up_at' },
  on_hand: { source: 'stock', value: 'SUM(k.on_hand)' },
  available: { source: 'stock', value: 'SUM(k.on_hand - k.reserved)' },
  inventory_value: { source: 'stock', value: 'SUM(k.on_hand * pr.cost_minor)' },
} as const satisfies Record<string, Measure>;
export type MeasureName = keyof typeof MEASURES;
