import type { MeasureName } from './measures.ts';
import type { DimensionName, MetricName } from './names.ts';

export type UnitKind = 'money' | 'ratio' | 'count' | 'units' | 'days' | 'hours' | 'score' | 'timestamp' | 'number';

/** A metric is a measure, or a formula of measures that are each taken at their own grain. */
export interface Metric {
  /** What people call it, in the line that says how the question was understood. */
  label: string;
  unit: UnitKind;
  measure?: MeasureName;
  formula?: { op: 'ratio' | 'difference' | 'complement' | 'cover' | 'margin'; of: readonly MeasureName[] };
  /** What is counted, for the line that says how the question was understood. */
  scope: 'sale orders' | 'all orders' | 'completed refunds' | 'payment attempts' | 'parcels' | 'stock' | 'customers';
  /** As it is now: a window narrows nothing unless the question names one. */
  state?: boolean;
  /** Read per member, not in sum: these are shown as lists of this dimension. */
  listOf?: DimensionName;
}

const sale = (label: string, unit: UnitKind, measure: MeasureName): Metric => ({
  label,
  unit,
  measure,
  scope: 'sale orders',
});
const ratio = (label: string, unit: UnitKind, scope: Metric['scope'], ...of: MeasureName[]): Metric => ({
  label,
  unit,
  scope,
  formula: { op: 'ratio', of },
});
const of = (label: string, unit: UnitKind, scope: Metric['scope'], measure: MeasureName): Metric => ({
  label,
  unit,
  measure,
  scope,
});

export const METRIC: Record<MetricName, Metric> = {
  revenue: sale('revenue', 'money', 'revenue'),
  gross_revenue: sale('gross revenue', 'money', 'gross_revenue'),
  net_revenue: {
    label: 'net revenue',
    unit: 'money',
    scope: 'sale orders',
    formula: { op: 'difference', of: ['revenue', 'refund_amount'] },
  },
  discount_amount: sale('discounts', 'money', 'discount_amount'),
  gross_margin: {
    label: 'gross margin',
    unit: 'money',
    scope: 'sale orders',
    formula: { op: 'difference', of: ['revenue', 'cost_of_goods'] },
  },
  margin_pct: {
    label: 'margin %',
    unit: 'ratio',
    scope: 'sale orders',
    formula: { op: 'margin', of: ['revenue', 'cost_of_goods'] },
  },
  units_sold: sale('units sold', 'units', 'units_sold'),
  orders_count: sale('orders', 'count', 'orders_count'),
  all_orders_count: of('orders of any status', 'count', 'all orders', 'all_orders_count'),
  aov: ratio('average order value', 'money', 'sale orders', 'revenue', 'orders_count'),
  median_order_value: sale('median order value', 'money', 'median_order_value'),
  order_value: { ...of('order value', 'money', 'all orders', 'order_value'), listOf: 'order' },
  tax_collected: sale('tax collected', 'money', 'tax_collected'),
  shipping_fees: sale('shipping fees', 'money', 'shipping_fees'),
  shipping_cost: of('shipping cost', 'money', 'parcels', 'shipping_cost'),
  avg_shipping_cost: ratio('shipping cost per order', 'money', 'parcels', 'shipping_cost', 'shipped_orders'),
  coupon_orders: sale('orders with a coupon', 'count', 'coupon_orders'),
  coupon_order_rate: ratio('share of orders with a coupon', 'ratio', 'sale orders', 'coupon_orders', 'orders_count'),
  customers_count: sale('customers who ordered', 'count', 'customers_count'),
  customers_total: of('customers registered', 'count', 'customers', 'new_customers'),
  new_customers: of('new customers (signed up)', 'count', 'customers', 'new_customers'),
  first_time_buyers: sale('first-time buyers', 'count', 'first_time_buyers'),
  orders_per_customer: ratio('orders per customer', 'number', 'sale orders', 'orders_count', 'customers_count'),
  repeat_rate: ratio('repeat purchase rate', 'ratio', 'sale orders', 'repeat_customers', 'customers_count'),
  retention_rate: {
    label: 'retention rate',
    unit: 'ratio',
    scope: 'sale orders',
    formula: { op: 'ratio', of: ['retained_customers', 'base_customers'] },
  },
  ltv: ratio('lifetime value per customer', 'money', 'sale orders', 'revenue', 'customers_count'),
  last_order_at: { ...sale('last order', 'timestamp', 'last_order_at'), listOf: 'customer' },
  cancelled_orders: of('cancelled orders', 'count', 'all orders', 'cancelled_orders'),
  cancellation_rate: ratio('cancellation rate', 'ratio', 'all orders', 'cancelled_placed', 'all_orders_count'),
  refund_count: of('refunds', 'count', 'completed refunds', 'refund_count'),
  refund_amount: of('refunded amount', 'money', 'completed refunds', 'refund_amount'),
  avg_refund_amount: ratio('average refund', 'money', 'completed refunds', 'refund_amount', 'refund_count'),
  refund_rate: ratio('refund rate', 'ratio', 'sale orders', 'refund_orders', 'orders_count'),
  payments_count: of('payments', 'count', 'payment attempts', 'payments_count'),
  payment_volume: of('payment volume', 'money', 'payment attempts', 'payment_volume'),
  payment_failures: of('failed payments', 'count', 'payment attempts', 'payment_failures'),
  payment_failure_rate: ratio(
    'payment failure rate',
    'ratio',
    'payment attempts',
    'payment_failures',
    'payment_attempts',
  ),
  payment_success_rate: ratio(
    'payment success rate',
    'ratio',
    'payment attempts',
    'payments_count',
    'payment_attempts',
  ),
  shipments_count: of('shipments', 'count', 'parcels', 'shipments_count'),
  deliveries_count: of('deliveries', 'count', 'parcels', 'deliveries_count'),
  late_deliveries: of('late deliveries', 'count', 'parcels', 'late_deliveries'),
  late_rate: ratio('late delivery rate', 'ratio', 'parcels', 'late_deliveries', 'deliveries_count'),
  on_time_rate: {
    label: 'on-time rate',
    unit: 'ratio',
    scope: 'parcels',
    formula: { op: 'complement', of: ['late_deliveries', 'deliveries_count'] },
  },
  avg_days_late: of('average days late', 'days', 'parcels', 'avg_days_late'),
  avg_delivery_days: of('average delivery time', 'days', 'parcels', 'avg_delivery_days'),
  avg_fulfilment_hours: of('average time from order to shipping', 'hours', 'parcels', 'avg_fulfilment_hours'),
  overdue_shipments: { ...of('overdue shipments', 'count', 'parcels', 'overdue_shipments'), state: true },
  on_hand: { ...of('stock on hand', 'units', 'stock', 'on_hand'), state: true },
  available: { ...of('available stock', 'units', 'stock', 'available'), state: true },
  days_of_cover: {
    label: 'days of stock left',
    unit: 'days',
    scope: 'stock',
    state: true,
    formula: { op: 'cover', of: ['available', 'units_sold_28'] },
  },
  inventory_value: { ...of('inventory value', 'money', 'stock', 'inventory_value'), state: true },
  orders_in_status: { ...of('orders', 'count', 'all orders', 'all_orders_count'), state: true },
  status_age_hours: {
    ...of('hours in the status', 'hours', 'all orders', 'status_age_hours'),
    state: true,
    listOf: 'order',
  },
  fraud_orders: of('orders flagged as fraud', 'count', 'all orders', 'fraud_orders'),
  fraud_rate: ratio('fraud rate', 'ratio', 'all orders', 'fraud_orders', 'all_orders_count'),
  avg_fraud_score: of('average fraud score', 'score', 'all orders', 'avg_fraud_score'),
  fraud_score: { ...of('fraud score', 'score', 'all orders', 'fraud_score'), listOf: 'order' },
  placed_at: { ...of('placed', 'timestamp', 'all orders', 'placed_at'), listOf: 'order' },
};

/** The measures a metric needs. */
export const measuresOf = (metric: Metric): readonly MeasureName[] => metric.formula?.of ?? [metric.measure!];

/** The rate that goes with a count or an amount: what "as a percentage" and bounds in percent mean. */
export const RATE_OF: Partial<Record<MetricName, MetricName>> = {
  payment_failures: 'payment_failure_rate',
  payments_count: 'payment_success_rate',
  refund_count: 'refund_rate',
  refund_amount: 'refund_rate',
  cancelled_orders: 'cancellation_rate',
  late_deliveries: 'late_rate',
  fraud_orders: 'fraud_rate',
  coupon_orders: 'coupon_order_rate',
  gross_margin: 'margin_pct',
};

/** The amount that goes with a number: what "in dollars" and "and the amount?" mean. */
export const AMOUNT_OF: Partial<Record<MetricName, MetricName>> = {
  refund_rate: 'refund_amount',
  refund_count: 'refund_amount',
  payments_count: 'payment_volume',
  orders_count: 'revenue',
  units_sold: 'revenue',
  on_hand: 'inventory_value',
};
