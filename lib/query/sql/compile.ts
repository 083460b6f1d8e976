import type { MeasureName } from '../model/measures.ts';
import { METRIC, type UnitKind } from '../model/metrics.ts';
import { type DimensionName, isTimeDimension, type MetricName, type TimeDimension } from '../model/names.ts';
import type { Filter, Plan, Window } from '../plan.ts';
import { addUnits, startOf, type Unit } from '../time/calendar.ts';
import { toWall } from '../time/zone.ts';
import { type Fragment, join, raw, sql } from './fragment.ts';
import { latestOrders } from './latest-orders.ts';
import { orderAndLimit, whereOf } from './order.ts';
import { groupSlots, rankingMeasure, type Side, type Slot, slotsOf } from './slots.ts';
import { buildSubquery, type CompileContext } from './subquery.ts';
import { distanceBetween } from './time-dimension.ts';

/** One column of the answer. */
export interface Column {
  name: string;
  kind: 'dimension' | 'metric' | 'share' | 'change' | 'detail';
  unit: UnitKind | 'text';
}

/** A statement whose rows are the columns in order, followed by the number of all rows before the limit. */
export interface Compiled {
  statement: Fragment;
  columns: readonly Column[];
}

/** With shares the members of a dimension are picked after the total is known, so their filters wait. */
function splitFilters(plan: Plan): { rows: Filter[]; members: Filter[] } {
  const isMember = (filter: Filter) =>
    plan.transform === 'share_of_total' && plan.dimensions.includes(filter.field as DimensionName);
  return { rows: plan.filters.filter((filter) => !isMember(filter)), members: plan.filters.filter(isMember) };
}

const MEMBERS: Partial<Record<DimensionName, string>> = {
  product: 'SELECT pr.product_id AS d0 FROM products pr',
  customer: 'SELECT c.customer_ref AS d0 FROM customers c',
};

function memberRows(plan: Plan, slots: readonly Slot[], rows: readonly Filter[]): Fragment[] {
  const from = plan.allMembers ? MEMBERS[plan.dimensions[0]!] : undefined;
  if (!from) return [];
  const columns = slots.map((slot) => `, 0 AS ${slot.alias}`).join('');
  const table = plan.dimensions[0] === 'product' ? 'pr' : 'c';
  const own = rows.filter((filter) => ['category', 'brand', 'segment', 'city', 'country'].includes(filter.field));
  const where = own.map((filter) => sql`${raw(`${table}.${filter.field}`)} = ${String(filter.value)}`);
  const clause = where.length > 0 ? sql` WHERE ${join(where, ' AND ')}` : raw('');
  return [sql`${raw(from.replace(' FROM', `${columns} FROM`))}${clause}`];
}

/** Every measure at its own grain, laid side by side by the dimensions: a full outer join both servers can do. */
function gather(
  plan: Plan,
  slots: readonly Slot[],
  rows: readonly Filter[],
  context: CompileContext,
  bound?: Fragment,
): Fragment {
  const keys = plan.dimensions.map((_, index) => `d${index}`);
  const groups = groupSlots(slots, plan);
  const queries = groups.map((group) => {
    const measures = group.map(({ alias, measure }) => ({ alias, measure }));
    const query = {
      measures,
      dimensions: plan.dimensions,
      filters: rows,
      window: group[0]!.window,
      cohort: plan.cohort,
      bound,
      shift: group[0]!.isPrevious ? distanceBetween(plan.window, plan.compare!, context.zone) : undefined,
      both: { ':inWindow': plan.window, ':inBase': plan.compare ?? plan.window },
    };
    return { group, query: buildSubquery(query, context, (metric) => rankingMeasure(metric, plan)) };
  });
  const extra = memberRows(plan, slots, rows);
  if (queries.length === 1 && extra.length === 0) return queries[0]!.query;
  const padded = queries.map(({ group, query }) => {
    const columns = slots.map((slot) =>
      group.some(({ alias }) => alias === slot.alias) ? slot.alias : `NULL AS ${slot.alias}`,
    );
    return sql`SELECT ${raw([...keys, ...columns].join(', '))} FROM (${query}) s`;
  });
  const sums = slots.map((slot) => `MAX(${slot.alias}) AS ${slot.alias}`);
  const group = keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : '';
  return sql`SELECT ${raw([...keys, ...sums].join(', '))} FROM (${join([...padded, ...extra], ' UNION ALL ')}) u${raw(group)}`;
}

const ADDITIVE: readonly UnitKind[] = ['money', 'count', 'units'];

/** The metric from the measure columns of one side. */
function expressionOf(metric: MetricName, side: Side): string {
  const { formula, measure, unit } = METRIC[metric];
  const column = (name: MeasureName) => `g.${side}_${name}`;
  if (!formula) return ADDITIVE.includes(unit) ? `COALESCE(${column(measure!)}, 0)` : column(measure!);
  const [a, b] = formula.of.map((name) => `COALESCE(${column(name)}, 0)`) as [string, string];
  switch (formula.op) {
    case 'ratio':
      return `1.000000 * ${a} / NULLIF(${b}, 0)`;
    case 'difference':
      return `${a} - ${b}`;
    case 'complement':
      return `1 - 1.000000 * ${a} / NULLIF(${b}, 0)`;
    case 'margin':
      return `1.000000 * (${a} - ${b}) / NULLIF(${a}, 0)`;
    case 'cover':
      return `28.000000 * ${a} / NULLIF(${b}, 0)`;
  }
}

interface Selected extends Column {
  expression: string;
}

/** Of one metric it is "previous", "delta", "delta_pct"; of several each is named after its metric. */
function changeColumns(plan: Plan, metric: MetricName): [string, string, string] {
  return plan.metrics.length === 1
    ? ['previous', 'delta', 'delta_pct']
    : [`${metric}_prev`, `${metric}_delta`, `${metric}_delta_pct`];
}

function metricColumns(plan: Plan, metric: MetricName): Selected[] {
  const { unit } = METRIC[metric];
  const current = expressionOf(metric, 'm');
  const selected: Selected[] = [{ name: metric, kind: 'metric', unit, expression: current }];
  if (plan.compare && plan.transform === 'compare') {
    const before = expressionOf(metric, 'p');
    const [previous, delta, percent] = changeColumns(plan, metric);
    selected.push(
      { name: previous, kind: 'metric', unit, expression: before },
      { name: delta, kind: 'metric', unit, expression: `(${current}) - (${before})` },
      {
        name: percent,
        kind: 'change',
        unit: 'ratio',
        expression: `1.000000 * ((${current}) - (${before})) / NULLIF(${before}, 0)`,
      },
    );
  }
  return selected;
}

function derivedColumns(plan: Plan): Selected[] {
  const metric = plan.metrics[0]!;
  const current = expressionOf(metric, 'm');
  if (plan.transform === 'share_of_total') {
    const times = plan.dimensions.flatMap((name, index) => (isTimeDimension(name) ? [`g.d${index}`] : []));
    const within = times.length > 0 && times.length < plan.dimensions.length ? `PARTITION BY ${times.join(', ')}` : '';
    const expression = `1.000000 * (${current}) / NULLIF(SUM(${current}) OVER (${within}), 0)`;
    return [{ name: 'share', kind: 'share', unit: 'ratio', expression }];
  }
  if (plan.transform === 'running_total') {
    const time = plan.dimensions.findIndex(isTimeDimension);
    const others = plan.dimensions.flatMap((_, index) => (index === time ? [] : [`g.d${index}`]));
    const partition = others.length > 0 ? `PARTITION BY ${others.join(', ')} ` : '';
    const expression = `SUM(${current}) OVER (${partition}ORDER BY g.d${Math.max(0, time)})`;
    return [{ name: 'running_total', kind: 'metric', unit: METRIC[metric].unit, expression }];
  }
  return [];
}

const WEEKDAYS = "'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'";

/** Calendar units that the window touches; undefined when it has no beginning. */
function unitsIn(window: Window, unit: Unit, zone: string): number | undefined {
  if (window.start === null) return undefined;
  const [start, end] = [toWall(Date.parse(window.start), zone), toWall(Date.parse(window.end), zone)];
  let count = 0;
  for (let at = startOf(unit, start); at < end; at = addUnits(unit, 1, at)) count++;
  return Math.max(1, count);
}

/** Summed over stretches of time that were counted one by one, with their number. */
function gatherOver(
  plan: Plan,
  per: TimeDimension,
  slots: readonly Slot[],
  rows: readonly Filter[],
  context: CompileContext,
) {
  const gathered = gather({ ...plan, dimensions: [...plan.dimensions, per] }, slots, rows, context);
  const keys = plan.dimensions.map((_, index) => `d${index}`);
  const sums = slots.map((slot) => `SUM(${slot.alias}) AS ${slot.alias}`);
  const group = keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : '';
  return sql`SELECT ${raw([...keys, ...sums, 'COUNT(*) AS stretches'].join(', '))} FROM (${gathered}) t${raw(group)}`;
}

/** Each metric divided by the stretches of the window, or by those that hold anything where it has no beginning. */
function averageColumns(plan: Plan, context: CompileContext): Selected[] {
  const per = plan.averagePer;
  if (!per) return [];
  const stretches = unitsIn(plan.window, per, context.zone) ?? 'NULLIF(g.stretches, 0)';
  return plan.metrics.map((metric) => ({
    name: plan.metrics.length === 1 ? `average_per_${per}` : `${metric}_per_${per}`,
    kind: 'metric',
    unit: METRIC[metric].unit,
    expression: `1.000000 * (${expressionOf(metric, 'm')}) / ${stretches}`,
  }));
}

/** What the key of a dimension is shown as, and the tables that takes. */
function labelOf(
  dimension: DimensionName,
  index: number,
  { metrics }: Plan,
): { expression: string; from: string; details: Selected[] } {
  const key = `g.d${index}`;
  if (dimension === 'product') {
    return {
      expression: `l${index}.name`,
      from: ` JOIN products l${index} ON l${index}.product_id = ${key}`,
      details: [],
    };
  }
  if (dimension === 'weekday') return { expression: `ELT(${key} + 1, ${WEEKDAYS})`, from: '', details: [] };
  if (dimension !== 'order') return { expression: key, from: '', details: [] };
  const details: Selected[] = [
    { name: 'order_status', kind: 'detail', unit: 'text', expression: `l${index}.reporting_status` },
  ];
  if (!metrics.includes('placed_at')) {
    details.push({ name: 'order_placed_at', kind: 'detail', unit: 'timestamp', expression: `l${index}.placed_at` });
  }
  const expression = `LOWER(HEX(l${index}.order_id))`;
  return { expression, from: ` JOIN orders l${index} ON l${index}.order_seq = ${key}`, details };
}

/** The number of members that pass, in one row. */
function countRows(computed: Fragment, plan: Plan, members: readonly Filter[], minorFactor: number): Compiled {
  const [dimension] = plan.dimensions;
  const name = dimension === 'customer' ? 'customers_count' : `${dimension ?? 'row'}_count`;
  return {
    statement: sql`SELECT COUNT(*) AS \`${raw(name)}\`, 1 AS total_rows FROM (${computed}) f${whereOf(plan, members, minorFactor)}`,
    columns: [{ name, kind: 'metric', unit: 'count' }],
  };
}

/**
 * Plan -> one statement in the subset that MySQL 8 and MariaDB 10.11 share, reading at most `rows` + 1 rows.
 * @throws {UnsupportedPlan} when a metric cannot be split or narrowed as the plan says
 */
export function compile(plan: Plan, context: CompileContext, rows: number): Compiled {
  const slots = slotsOf(plan, context);
  const filters = splitFilters(plan);
  const latest = latestOrders(plan, context, rows);
  const gathered = plan.averagePer
    ? gatherOver(plan, plan.averagePer, slots, filters.rows, context)
    : gather(plan, slots, filters.rows, context, latest?.bound);
  const labels = plan.dimensions.map((dimension, index) => labelOf(dimension, index, plan));
  const dimensions = plan.dimensions.map((name, index): Selected => {
    return { name, kind: 'dimension', unit: 'text', expression: labels[index]!.expression };
  });
  const values = [
    ...plan.metrics.flatMap((metric) => metricColumns(plan, metric)),
    ...derivedColumns(plan),
    ...averageColumns(plan, context),
  ];
  const selected = [...dimensions, ...values, ...labels.flatMap((label) => label.details)];
  const select = selected.map(({ expression, name }) => `${expression} AS \`${name}\``);
  const keys = plan.dimensions.map((_, index) => `g.d${index} AS d${index}`);
  const from = labels.map((label) => label.from).join('');
  const computed = sql`SELECT ${raw([...select, ...keys].join(', '))} FROM (${gathered}) g${raw(from)}`;
  const columns = selected.map(({ name, kind, unit }) => ({ name, kind, unit }));
  const { minorFactor } = context;
  if (plan.count) return countRows(computed, plan, filters.members, minorFactor);
  return {
    statement: orderAndLimit(computed, plan, filters.members, columns, { rows, minorFactor, total: latest?.total }),
    columns,
  };
}
