import { METRIC } from '../model/metrics.ts';
import { type DimensionName, isTimeDimension, type MetricName } from '../model/names.ts';
import { type Draft, hasAtom, hasRole, use } from './draft.ts';
import { LIST, listByTime, listMembers, listOrders, rankedOrders, TOP } from './lists.ts';
import { PRICED } from './read.ts';
import { settleUnit } from './units.ts';

/** What members are ranked by when the question names no measure. */
const NATURAL: Partial<Record<DimensionName, MetricName>> = {
  refund_reason: 'refund_count',
  failure_code: 'payment_failures',
  coupon: 'coupon_orders',
  order_status: 'orders_in_status',
  carrier: 'shipments_count',
  warehouse: 'on_hand',
};
const MOST_USED: Partial<Record<DimensionName, MetricName>> = {
  ...NATURAL,
  product: 'units_sold',
  category: 'units_sold',
  brand: 'units_sold',
  payment_method: 'payments_count',
};

/** Metrics of which more is worse: their "worst" is the highest. */
const ADVERSE: ReadonlySet<MetricName> = new Set([
  'refund_rate',
  'refund_count',
  'refund_amount',
  'cancellation_rate',
  'cancelled_orders',
  'payment_failure_rate',
  'payment_failures',
  'late_rate',
  'late_deliveries',
  'avg_days_late',
  'avg_delivery_days',
  'avg_fulfilment_hours',
  'overdue_shipments',
  'fraud_rate',
  'fraud_orders',
  'avg_fraud_score',
  'shipping_cost',
  'avg_shipping_cost',
]);

const OF_PRODUCTS: readonly DimensionName[] = ['product', 'category', 'brand'];

/** The metric a ranking without a measure is by; "sells best" is by units for things that are sold, else by revenue. */
function defaultMetric(draft: Draft): MetricName | undefined {
  const dimension = draft.dimensions.find((name) => !isTimeDimension(name)) ?? draft.dimensions[0];
  const popular = draft.items.some(
    (item) => hasAtom(item, 'popular') || hasAtom(item, 'often') || hasAtom(item, 'use'),
  );
  if (draft.items.some((item) => hasAtom(item, 'busy'))) return 'orders_count';
  if (dimension === 'carrier' && draft.items.some((item) => PRICED.test(item.text))) {
    use(...draft.items.filter((item, at) => hasAtom(item, 'order') && hasRole(draft.items[at - 1], 'by')));
    return 'avg_shipping_cost';
  }
  if (dimension === 'warehouse' && draft.items.some((item) => hasAtom(item, 'worth'))) return 'inventory_value';
  if (!dimension) return undefined;
  if (draft.rank && popular) return MOST_USED[dimension] ?? 'orders_count';
  return NATURAL[dimension] ?? (draft.rank || draft.sorted || draft.transform === 'compare' ? 'revenue' : undefined);
}

/** "how did Toys do last month": as with the whole shop, revenue and orders. */
const asksHowItWent = (draft: Draft): boolean =>
  draft.window !== undefined &&
  /^how\b/.test(draft.items[0]?.text ?? '') &&
  draft.items.some((item) => /^(do|doing|fare|fared|faring|perform|look|look like|selling|go|gone)$/.test(item.text)) &&
  draft.items.every((item) => item.used || item.meaning.filler || item.meaning.atoms.length === 0);

function chooseMetric(draft: Draft): void {
  const sells = draft.items.filter(
    (item) => hasAtom(item, 'sell') || hasAtom(item, 'seller') || /\bsellers?$|^slow(est)? moving$/.test(item.text),
  );
  const ofProducts = draft.dimensions.some((name) => OF_PRODUCTS.includes(name));
  if (draft.metrics.length === 0 && sells.length > 0) {
    draft.metrics = [ofProducts ? 'units_sold' : 'revenue'];
    use(...sells);
    if (draft.dimensions.length === 0 && draft.rank) draft.dimensions.push('product');
    if (draft.dimensions[0] === 'product') draft.metrics = ['units_sold'];
  }
  if (draft.metrics.length === 0 && draft.filters.some((filter) => filter.field === 'customer_type')) {
    draft.metrics = ['customers_count'];
  }
  if (draft.metrics.length === 0 && draft.filters.some((filter) => filter.field === 'refund_reason')) {
    draft.metrics = ['refund_count'];
    use(...draft.items.filter((item) => hasAtom(item, 'often')));
  }
  if (draft.metrics.length === 0 && draft.filters.some((filter) => filter.field === 'failure_code')) {
    draft.metrics = ['payment_failures'];
  }
  const used = draft.items.filter((item) => hasAtom(item, 'use') || hasAtom(item, 'often'));
  if (draft.metrics.length === 0 && used.length > 0 && draft.filters.some((filter) => filter.field === 'coupon')) {
    draft.metrics = ['coupon_orders'];
    use(...used);
  }
  const stored = draft.filters.some((filter) => filter.field === 'warehouse');
  if (draft.metrics.length === 0 && stored && draft.items.some((item) => hasAtom(item, 'count'))) {
    draft.metrics = ['on_hand'];
    draft.assumptions.push('what is in a warehouse: stock on hand');
  }
  if (draft.metrics.length === 0 && asksHowItWent(draft)) draft.metrics = ['revenue', 'orders_count'];
  if (draft.metrics.length > 0) return;
  const metric = defaultMetric(draft);
  if (!metric) return;
  draft.metrics = [metric];
  use(
    ...draft.items.filter((item) => ['popular', 'busy', 'often', 'use'].some((atom) => hasAtom(item, atom as 'use'))),
  );
  draft.assumptions.push(`ranked by ${METRIC[metric].label}`);
}

/** What takes time: of these the slowest is the highest, of all others the lowest. */
const DURATIONS: readonly MetricName[] = [
  'avg_delivery_days',
  'avg_fulfilment_hours',
  'avg_days_late',
  'days_of_cover',
];

/** "fastest", "worst refund rate": which end of the order is meant. */
export function directionOf(draft: Draft, metric: MetricName, { item, dir } = draft.rank!): 'asc' | 'desc' {
  use(...draft.items.filter((one) => hasAtom(one, 'busy')));
  const pace = draft.items.find((one) => hasAtom(one, 'slow') || hasAtom(one, 'quickest'));
  if (pace && !DURATIONS.includes(metric)) {
    use(pace);
    return hasAtom(pace, 'slow') ? 'asc' : 'desc';
  }
  const word = draft.items.find((one) => hasRole(one, 'best') || hasRole(one, 'worst'))?.text ?? item.text;
  const judged = /\b(best|worst|poorest|strongest|weakest|poorly|badly|reliable)\b/.test(word);
  const reliable = draft.items.some((one) => hasAtom(one, 'reliable'));
  if ((judged || reliable) && ADVERSE.has(metric)) return dir === 'asc' ? 'desc' : 'asc';
  return dir;
}

/** "worst selling toys": products, though none are named; the plural is that of their category. */
const isImplied = (draft: Draft): boolean =>
  draft.dimensions.includes('product') &&
  !draft.items.some((item) => item.meaning.dimensions.includes('product')) &&
  draft.items.some(
    (item) => item.plural && item.meaning.values.some(({ field }) => field === 'category' || field === 'brand'),
  );

/** "of all carriers, which one": the plural is what is chosen from. */
const asksForOne = (draft: Draft): boolean =>
  draft.items.some((item) => /^which (one|of)\b/.test(item.text)) ||
  (/\b(of all|out of|of the|among)\b/.test(
    draft.items
      .slice(0, 2)
      .map((item) => item.text)
      .join(' '),
  ) &&
    draft.items.some((item) => /^(which|who)$/.test(item.text)));

function rankRows(draft: Draft, metric: MetricName): void {
  const { rank } = draft;
  if (!rank) return;
  const by =
    draft.transform === 'compare' &&
    draft.items.some((item) => hasRole(item, 'change') || hasRole(item, 'rose') || hasRole(item, 'fell'));
  draft.order = by
    ? { by: draft.inPercent || /fast|percent/.test(rank.item.text) ? 'delta_pct' : 'delta', dir: rank.dir }
    : { by: metric, dir: directionOf(draft, metric) };
  const plural =
    rank.item.plural ||
    isImplied(draft) ||
    draft.items.some(
      (item) =>
        item.plural &&
        item.used &&
        item.meaning.dimensions.some((name) => draft.dimensions.includes(name)) &&
        !hasAtom(item, 'sell'),
    );
  draft.limit = rank.count ?? (plural && !asksForOne(draft) ? TOP : 1);
}

const REASONS = [
  ['refund_reason', 'refund_rate', 'refund_count'],
  ['failure_code', 'payment_failure_rate', 'payment_failures'],
] as const;

/** Orders by coupon are orders with a coupon; payments by what went wrong are failed ones. */
function sayPlainly(draft: Draft): void {
  const by = (name: DimensionName) => draft.dimensions.includes(name);
  const replace = (from: MetricName, to: MetricName) => {
    draft.metrics = draft.metrics.map((metric) => (metric === from ? to : metric));
  };
  const theyPay = draft.actors === true && draft.items.some((item) => hasAtom(item, 'pay'));
  if (theyPay && !by('carrier') && !draft.filters.some(({ field }) => field === 'carrier')) {
    replace('shipping_cost', 'shipping_fees');
  }
  const comesBack = draft.items.some((item) => /\b(come|came|comes|coming) back\b/.test(item.text));
  if (comesBack && OF_PRODUCTS.some(by) && !draft.items.some((item) => hasAtom(item, 'customer')))
    replace('repeat_rate', 'refund_rate');
  if (by('payment_method') && draft.items.some((item) => hasAtom(item, 'reliable')))
    replace('on_time_rate', 'payment_failure_rate');
  // "how long will our stock last"
  if (draft.metrics.includes('days_of_cover')) use(...draft.items.filter((item) => item.text === 'last'));
  const ofCoupons = draft.items.some((item) => item.used && hasAtom(item, 'coupon'));
  const told = by('coupon') || draft.filters.some(({ field }) => field === 'coupon' || field === 'has_coupon');
  if (draft.metrics.includes('discount_amount') && ofCoupons && !told)
    draft.filters.push({ field: 'has_coupon', op: '=', value: true });
  if (by('coupon') && draft.transform === 'none') replace('orders_count', 'coupon_orders');
  // Each refund has a reason, and no order has one without a refund: of reasons there are numbers and shares, no rates.
  const parts = draft.items.some((item) => hasAtom(item, 'rate') || hasRole(item, 'share'));
  for (const [dimension, rate, count] of REASONS) {
    if (!by(dimension) || !draft.metrics.includes(rate)) continue;
    replace(rate, count);
    if (parts) draft.transform = 'share_of_total';
  }
  if (by('failure_code') || draft.filters.some((filter) => filter.field === 'failure_code')) {
    replace('payments_count', 'payment_failures');
  }
}

/** Metric by default, order and limit: what the question leaves to custom. */
export function finishOrder(draft: Draft): void {
  listByTime(draft);
  listOrders(draft);
  rankedOrders(draft);
  chooseMetric(draft);
  settleUnit(draft);
  listMembers(draft);
  sayPlainly(draft);
  const [metric] = draft.metrics;
  if (!metric) return;
  rankRows(draft, metric);
  if (draft.list) draft.limit ??= LIST;
  if (draft.sorted && !draft.rank) draft.order = { by: metric, dir: directionOf(draft, metric, draft.sorted) };
  if (draft.order || draft.dimensions.length === 0) return;
  const time = draft.dimensions.find(isTimeDimension);
  const [bound] = draft.having;
  if (bound?.op.startsWith('<') && bound.column === metric) draft.order = { by: metric, dir: 'asc' };
  else
    draft.order = time
      ? { by: time, dir: 'asc' }
      : { by: draft.transform === 'share_of_total' ? 'share' : metric, dir: 'desc' };
}
