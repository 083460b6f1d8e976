import { DIMENSION, type Reading } from '../model/dimensions.ts';
import { CONDITIONS, type Measure, ORDER_VALUE, SALE, type SourceName } from '../model/measures.ts';
import type { DimensionName, FilterField } from '../model/names.ts';
import { isTimeDimension } from '../model/names.ts';
import type { Filter } from '../plan.ts';
import { type Fragment, instantText, join, type Parameter, raw, sql } from './fragment.ts';

/** The plan asks for something the data does not hold in that form; the message says what. */
export class UnsupportedPlan extends Error {
  override readonly name = 'UnsupportedPlan';
}

/** What a condition needs to know beyond its filter. */
export interface ConditionContext {
  now: number;
  /** Minor units in one unit of the currency that amounts are given in. */
  minorFactor: number;
}

const CARRIES_ORDERS: readonly SourceName[] = ['items', 'orders', 'refunds', 'payments', 'shipments'];
const carriesOrders = (source: SourceName) => CARRIES_ORDERS.includes(source);

/** How a source reads a dimension that is no time; undefined where it has no such thing. */
export function readingOf(dimension: DimensionName, source: SourceName): Reading | undefined {
  if (isTimeDimension(dimension)) return undefined;
  const { on } = DIMENSION[dimension];
  return on[source] ?? (carriesOrders(source) ? on.order : undefined);
}

const instant = (at: number) => raw(`'${instantText(at)}'`);

function comparison(key: Fragment, filter: Filter): Fragment {
  if (Array.isArray(filter.value)) {
    const list = join(
      filter.value.map((value) => sql`${value as Parameter}`),
      ', ',
    );
    return sql`${key} ${raw(filter.op === 'not in' ? 'NOT IN' : 'IN')} (${list})`;
  }
  return sql`${key} ${raw(filter.op === '!=' ? '<>' : filter.op)} ${filter.value as Parameter}`;
}

const NOT_SHIPPED = "o.reporting_status IN ('paid', 'processing', 'packed')";
const CLOSED = "o.reporting_status IN ('delivered', 'cancelled', 'payment_failed')";
const BUYER = `EXISTS (SELECT 1 FROM orders o WHERE o.customer_ref = c.customer_ref AND ${SALE})`;

type Build = (filter: Filter, context: ConditionContext) => Fragment;
const flag =
  (condition: string): Build =>
  (filter) =>
    raw(filter.value === false ? `NOT (${condition})` : condition);

/** Hours an order has been waiting turn into the instant it has been waiting since. */
const olderThan =
  (column: string): Build =>
  (filter, { now }) =>
    sql`${raw(column)} ${raw(filter.op.startsWith('<') ? '>' : '<')} ${instant(now - Number(filter.value) * 3_600_000)}`;

const ORDER_CONDITIONS: Partial<Record<FilterField, Build>> = {
  order_value: (filter, { minorFactor }) =>
    comparison(raw(`(${ORDER_VALUE})`), { ...filter, value: Math.round(Number(filter.value) * minorFactor) }),
  fraud_score: (filter) => comparison(raw('o.fraud_score'), filter),
  status_age_hours: olderThan('o.status_since'),
  status_since: ({ op, value }) => sql`o.status_since ${raw(op)} ${raw(`'${instantText(String(value))}'`)}`,
  placed_not_shipped: (filter, context) =>
    typeof filter.value === 'number'
      ? sql`${raw(NOT_SHIPPED)} AND ${olderThan('o.placed_at')(filter, context)}`
      : raw(NOT_SHIPPED),
  open_order: flag(`NOT ${CLOSED}`),
  has_coupon: flag('o.coupon_code IS NOT NULL'),
  fraud_flag: flag('o.fraud_flag = 1'),
};
const SHIPMENT_CONDITIONS: Partial<Record<FilterField, Build>> = {
  overdue: (_, { now }) => raw(`(${withNow(CONDITIONS.OVERDUE, now)})`),
  late: flag(CONDITIONS.LATE),
};

export const withNow = (text: string, now: number) => text.replaceAll(':now', `'${instantText(now)}'`);

/** What belongs to single lines of an order. */
export const OF_LINES: readonly string[] = ['product', 'category', 'brand'] satisfies FilterField[];

/** Orders that hold such a product, where the rows are not lines themselves. */
function holdsProduct(filter: Filter): Fragment {
  const column = filter.field === 'product' ? 'y.name' : `y.${filter.field}`;
  const negated = filter.op === '!=' || filter.op === 'not in';
  const positive: Filter = { ...filter, op: Array.isArray(filter.value) ? 'in' : '=' };
  const found = sql`EXISTS (SELECT 1 FROM order_items x JOIN products y ON y.product_id = x.product_id WHERE x.order_seq = o.order_seq AND ${comparison(raw(column), positive)})`;
  return negated ? sql`NOT ${found}` : found;
}

export interface Condition {
  fragment: Fragment;
  join?: Reading['join'];
}

function dimensionCondition(filter: Filter, source: SourceName, hasLines: boolean): Condition | undefined {
  if (!Object.hasOwn(DIMENSION, filter.field)) return undefined;
  if (
    OF_LINES.includes(filter.field) &&
    carriesOrders(source) &&
    source !== 'items' &&
    source !== 'refunds' &&
    !hasLines
  ) {
    return { fragment: holdsProduct(filter) };
  }
  const reading = readingOf(filter.field as DimensionName, source);
  if (!reading) return undefined;
  const isProduct = filter.field === 'product';
  const key = raw(isProduct ? 'pr.name' : reading.key);
  const needed = isProduct && source !== 'stock' ? 'product' : reading.join;
  return { fragment: comparison(key, filter), ...(needed && { join: needed }) };
}

/**
 * One filter as a condition on the rows of a measure; `hasLines` says that the rows are split by product anyway.
 * @throws {UnsupportedPlan} when the source knows no such thing
 */
export function conditionOf(filter: Filter, measure: Measure, hasLines: boolean, context: ConditionContext): Condition {
  const { source } = measure;
  const byDimension = dimensionCondition(filter, source, hasLines);
  if (byDimension) return byDimension;
  const build =
    (carriesOrders(source) ? ORDER_CONDITIONS[filter.field] : undefined) ??
    (source === 'shipments' ? SHIPMENT_CONDITIONS[filter.field] : undefined);
  if (build) return { fragment: build(filter, context) };
  if (filter.field === 'has_sale_order' && source === 'customers') return { fragment: flag(BUYER)(filter, context) };
  throw new UnsupportedPlan(`${source} cannot be narrowed by ${filter.field.replaceAll('_', ' ')}`);
}

/** Conditions on a group instead of its rows: low and empty stock, and the last order of a customer. */
export function groupCondition(filter: Filter): Fragment | undefined {
  if (filter.field === 'low_stock') return raw('SUM(k.on_hand - k.reserved) <= SUM(k.reorder_point)');
  if (filter.field === 'out_of_stock') return raw('SUM(k.on_hand - k.reserved) <= 0');
  if (filter.field === 'last_order_before') {
    return sql`MAX(o.placed_at) ${raw(filter.op)} ${raw(`'${instantText(String(filter.value))}'`)}`;
  }
  return undefined;
}
