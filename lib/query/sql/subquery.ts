import { DIMENSION, type JoinName } from '../model/dimensions.ts';
import { type Measure, SOURCES, type SourceName } from '../model/measures.ts';
import { type DimensionName, isTimeDimension } from '../model/names.ts';
import type { Filter, Plan, Window } from '../plan.ts';
import { tablesOf } from './access.ts';
import { type Condition, conditionOf, groupCondition, readingOf, UnsupportedPlan, withNow } from './conditions.ts';
import { type Fragment, instantText, join, raw, sql, whereClause } from './fragment.ts';
import { isAddedUpByProduct, PRODUCT, productsFirst } from './products-first.ts';
import { bucketOf } from './time-dimension.ts';

export interface CompileContext {
  now: number;
  zone: string;
  minorFactor: number;
  /** When the oldest order was placed, in ms; undefined where nobody looked. */
  since?: number | undefined;
}

/** One or more measures over the same rows, grouped by the dimensions as d0, d1, ... */
export interface Subquery {
  measures: readonly { alias: string; measure: Measure }[];
  dimensions: readonly DimensionName[];
  filters: readonly Filter[];
  window: Window;
  cohort: Plan['cohort'];
  /** One more condition on the rows, which leaves few. */
  bound?: Fragment | undefined;
  /** Few rows are taken, in the order of an index. */
  isShort?: boolean;
  /** Moves the rows before they fall into buckets of time: the window compared with is laid over the other. */
  shift?: string | undefined;
  /** What the conditions :inWindow and :inBase of a measure stand for. */
  both?: Record<':inWindow' | ':inBase', Window>;
}

const LINES: Partial<Record<SourceName, string>> = {
  refunds: 'JOIN order_items i ON i.order_seq = r.order_seq AND i.line_no = r.line_no',
  orders: 'STRAIGHT_JOIN order_items i ON i.order_seq = o.order_seq',
};
const REFUNDED_LINES =
  'JOIN order_items i ON i.order_seq = r.order_seq AND (i.line_no = r.line_no OR r.line_no IS NULL)';
/** Counts of different orders, written for rows that are one order each. */
const onceEach = (text: string) =>
  text
    .replaceAll('COUNT(DISTINCT o.order_seq)', 'COUNT(*)')
    .replace(/COUNT\(DISTINCT (CASE .* THEN o\.order_seq END)\)/g, 'COUNT($1)');
const CUSTOMER = 'LEFT JOIN customers c ON c.customer_ref = o.customer_ref';

interface Keyed {
  key: string;
  join?: JoinName | undefined;
  needsMember: boolean;
}

function keyOf(dimension: DimensionName, measure: Measure, query: Subquery, context: CompileContext): Keyed {
  if (isTimeDimension(dimension)) {
    if (!measure.time) throw new UnsupportedPlan('what is in stock now has no history to split by time');
    return {
      key: bucketOf(dimension, measure.time, query.window, { zone: context.zone, shift: query.shift }),
      needsMember: false,
    };
  }
  const reading = readingOf(dimension, measure.source);
  if (!reading) throw new UnsupportedPlan(`${measure.source} cannot be split by ${DIMENSION[dimension].label}`);
  return { ...reading, needsMember: DIMENSION[dimension].needsMember ?? false };
}

function linesOf(measure: Measure): string {
  if (measure.source === 'items') return '';
  if (measure.source === 'refunds' && measure.countsOrders) return REFUNDED_LINES;
  const lines = LINES[measure.source];
  if (!lines || (measure.source === 'orders' && !measure.countsOrders)) {
    throw new UnsupportedPlan('it belongs to whole orders or parcels, not to single products');
  }
  return lines;
}

function joinsOf(measures: readonly Measure[], joins: ReadonlySet<JoinName | undefined>): string {
  const measure = measures[0]!;
  const parts: string[] = [];
  const reads = measures.some(({ value }) => value.includes('pr.'));
  const readsProduct = measure.source !== 'stock' && (joins.has('product') || reads);
  if (measure.source !== 'stock' && (joins.has('lines') || readsProduct)) parts.push(linesOf(measure));
  if (readsProduct) parts.push(PRODUCT);
  if (joins.has('customer')) parts.push(CUSTOMER);
  return parts
    .filter(Boolean)
    .map((part) => ` ${part}`)
    .join('');
}

/** Every payment, refund and parcel has its order, which is not read when nothing of it is asked for. */
function withoutOrders(from: string, texts: readonly string[]): string {
  const without = from.replace(/ JOIN orders o ON o\.order_seq = \w\.order_seq/, '');
  return [without, ...texts].some((text) => /\bo\./.test(text)) ? from : without;
}

/** [start, end) on the time column; what is as it is now has none, and all time has no beginning. */
function windowConditions(measure: Measure, window: Window, context: CompileContext): string[] {
  if (!measure.time) return [];
  const conditions = window.start === null ? [] : [`${measure.time} >= '${instantText(window.start)}'`];
  const open = window.start === null && Date.parse(window.end) >= context.now;
  return open ? conditions : [...conditions, `${measure.time} < '${instantText(window.end)}'`];
}

/** The members of a dimension that lead by another metric: "our top 10 sellers". */
function cohortCondition(query: Subquery, context: CompileContext, measures: Measures): Fragment[] {
  const { cohort } = query;
  if (!cohort) return [];
  const { source } = query.measures[0]!.measure;
  const reading = readingOf(cohort.dimension, source);
  if (!reading) throw new UnsupportedPlan(`${source} cannot be narrowed to the top of ${cohort.dimension}`);
  const ranked = buildSubquery(
    {
      measures: [{ alias: 'v', measure: measures(cohort.metric) }],
      dimensions: [cohort.dimension],
      filters: [],
      window: cohort.window,
      cohort: null,
    },
    context,
    measures,
  );
  return [
    sql`${raw(reading.key)} IN (SELECT d0 FROM (SELECT d0 FROM (${ranked}) q ORDER BY v DESC, d0 LIMIT ${raw(String(cohort.limit))}) best)`,
  ];
}

type Measures = (metric: NonNullable<Plan['cohort']>['metric']) => Measure;

/** @throws {UnsupportedPlan} when the rows of the measures cannot be split or narrowed that way */
export function buildSubquery(query: Subquery, context: CompileContext, measures: Measures): Fragment {
  const { measure } = query.measures[0]!;
  const keys = query.dimensions.map((dimension) => keyOf(dimension, measure, query, context));
  const hasLines = keys.some((key) => key.join === 'lines' || key.join === 'product');
  const rowFilters = query.filters.filter((filter) => !groupCondition(filter));
  const conditions = rowFilters.map((filter): Condition => conditionOf(filter, measure, hasLines, context));
  const joins = new Set([...keys.map((key) => key.join), ...conditions.map((condition) => condition.join)]);
  if (query.cohort) joins.add(readingOf(query.cohort.dimension, measure.source)?.join);
  const where = [
    ...(measure.where ?? []).map((text) => raw(withNow(text, context.now))),
    ...windowConditions(measure, query.window, context).map(raw),
    ...keys.filter((key) => key.needsMember).map((key) => raw(`${key.key} IS NOT NULL`)),
    ...conditions.map((condition) => condition.fragment),
    ...cohortCondition(query, context, measures),
    ...(query.bound ? [query.bound] : []),
  ];
  const having = query.filters.map(groupCondition).filter((fragment) => fragment !== undefined);
  const measuring = query.measures.map((one) => one.measure);
  const texts = [
    ...keys.map(({ key }) => key),
    ...measuring.map(({ value }) => value),
    ...[...where, ...having].map(({ text }) => text),
  ];
  const isShort = query.bound !== undefined || query.isShort === true;
  const tables = isShort ? SOURCES[measure.source] : tablesOf(query, measure, texts, context);
  const from = withoutOrders(tables + joinsOf(measuring, joins), texts);
  // Nothing but lines makes several rows of an order; a plain count takes no list of those already seen.
  const isOncePerOrder = measure.source === 'orders' && !from.includes('order_items i');
  const counted = (text: string) => (isOncePerOrder ? onceEach(text) : text);
  const parts = { from, where, having, keys: keys.map((key) => key.key), counted };
  if (measure.inner) return innerQuery(query, measure, measure.inner, parts);
  return isAddedUpByProduct(query, parts) ? productsFirst(query, parts) : plainQuery(query, parts, context);
}

/** A sub-query in its parts: tables with their joins, conditions on rows and on groups, what it is grouped by. */
export interface Parts {
  from: string;
  where: readonly Fragment[];
  having: readonly Fragment[];
  keys: readonly string[];
  /** An aggregate, written for how often an order stands in these rows. */
  counted(text: string): string;
}

const aliasesOf = (count: number) => Array.from({ length: count }, (_, index) => `d${index}`);

function plainQuery(query: Subquery, parts: Parts, context: CompileContext): Fragment {
  const columns = [
    ...parts.keys.map((key, index) => `${key} AS d${index}`),
    ...query.measures.map(({ alias, measure }) => `${withNow(parts.counted(measure.value), context.now)} AS ${alias}`),
  ];
  const group = parts.keys.length > 0 ? ` GROUP BY ${aliasesOf(parts.keys.length).join(', ')}` : '';
  const having = parts.having.length > 0 ? sql` HAVING ${join(parts.having, ' AND ')}` : raw('');
  return sql`SELECT ${raw(columns.join(', '))} FROM ${raw(parts.from)}${whereClause(parts.where)}${raw(group)}${having}`;
}

/** Conditions on being in one window or the other, written out on the measure's time column. */
function withWindows(text: string, measure: Measure, both: Subquery['both']): string {
  return Object.entries(both ?? {}).reduce((result, [name, window]) => {
    const from = window.start === null ? '' : `${measure.time} >= '${instantText(window.start)}' AND `;
    return result.replaceAll(name, `${from}${measure.time} < '${instantText(window.end)}'`);
  }, text);
}

/** Groups of groups: customers with two orders, or the median of the orders' values. */
function innerQuery(query: Subquery, measure: Measure, inner: NonNullable<Measure['inner']>, parts: Parts): Fragment {
  const { alias } = query.measures[0]!;
  const names = aliasesOf(parts.keys.length);
  const columns = [...parts.keys.map((key, index) => `${key} AS d${index}`), `${inner.by} AS k`, `${inner.value} AS v`];
  const having = inner.having ? ` HAVING ${withWindows(parts.counted(inner.having), measure, query.both)}` : '';
  const groups = sql`SELECT ${raw(columns.join(', '))} FROM ${raw(parts.from)}${whereClause(parts.where)} GROUP BY ${raw([...names, 'k'].join(', '))}${raw(having)}`;
  const group = names.length > 0 ? ` GROUP BY ${names.join(', ')}` : '';
  const select = [...names, `${measure.value} AS ${alias}`].join(', ');
  if (!measure.median) return sql`SELECT ${raw(select)} FROM (${groups}) x${raw(group)}`;
  const partition = names.length > 0 ? `PARTITION BY ${names.join(', ')} ` : '';
  const over = names.length > 0 ? `PARTITION BY ${names.join(', ')}` : '';
  const ranked = sql`SELECT x.*, ROW_NUMBER() OVER (${raw(partition)}ORDER BY v) AS rn, COUNT(*) OVER (${raw(over)}) AS n FROM (${groups}) x`;
  return sql`SELECT ${raw(select)} FROM (${ranked}) y WHERE rn IN (FLOOR((n + 1) / 2), FLOOR((n + 2) / 2))${raw(group)}`;
}
