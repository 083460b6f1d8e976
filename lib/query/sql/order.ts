import { METRIC } from '../model/metrics.ts';
import { type DimensionName, isTimeDimension, type MetricName } from '../model/names.ts';
import type { Filter, Plan } from '../plan.ts';
import type { Column } from './compile.ts';
import { type Fragment, join, type Parameter, raw, sql } from './fragment.ts';

const quoted = (name: string) => `\`${name}\``;

/** Members and finished columns that are asked for: they narrow the rows after everything was counted. */
function conditionsOf(plan: Plan, members: readonly Filter[], minorFactor: number): Fragment[] {
  const isMoney = (column: string) =>
    METRIC[column in METRIC ? (column as MetricName) : plan.metrics[0]!].unit === 'money';
  const having = plan.having.map(({ column, op, value }) => {
    const bound = column !== 'delta_pct' && isMoney(column) ? Math.round(value * minorFactor) : value;
    return sql`${raw(quoted(column))} ${raw(op)} ${bound}`;
  });
  const picked = members.map(({ field, op, value }) => {
    const values = join(
      [value].flat().map((one) => sql`${one as Parameter}`),
      ', ',
    );
    return sql`${raw(quoted(field))} ${raw(op === '!=' || op === 'not in' ? 'NOT IN' : 'IN')} (${values})`;
  });
  return [...having, ...picked];
}

/** The conditions on finished columns as a WHERE clause, empty without any. */
export function whereOf(plan: Plan, members: readonly Filter[], minorFactor: number): Fragment {
  const conditions = conditionsOf(plan, members, minorFactor);
  return conditions.length > 0 ? sql` WHERE ${join(conditions, ' AND ')}` : raw('');
}

/** The asked order first, members without a value last, then the dimensions so that ties always fall alike. */
function orderTerms(plan: Plan): string[] {
  const index = (name: string) => plan.dimensions.indexOf(name as DimensionName);
  const keyOf = (name: string) => {
    const at = index(name);
    return at >= 0 && isTimeDimension(plan.dimensions[at]!) ? `d${at}` : quoted(name);
  };
  const terms: string[] = [];
  if (plan.order) {
    const { by, dir } = plan.order;
    if (index(by) < 0) terms.push(`${quoted(by)} IS NULL`);
    terms.push(`${keyOf(by)} ${dir.toUpperCase()}`);
  }
  return [...terms, ...plan.dimensions.filter((name) => name !== plan.order?.by).map(keyOf)];
}

/**
 * Conditions, ranking within groups, order and limit around the computed rows; the last column counts them all.
 * `total` is that number where the computed rows are not all there are.
 */
export function orderAndLimit(
  computed: Fragment,
  plan: Plan,
  members: readonly Filter[],
  columns: readonly Column[],
  { rows, minorFactor, total }: { rows: number; minorFactor: number; total?: Fragment | undefined },
): Fragment {
  const names = columns.map((column) => quoted(column.name)).join(', ');
  const where = whereOf(plan, members, minorFactor);
  const terms = orderTerms(plan);
  const order = terms.length > 0 ? ` ORDER BY ${terms.join(', ')}` : '';
  if (!plan.per) {
    const limit = ` LIMIT ${rows + 1}`;
    return sql`SELECT ${raw(names)}, ${total ?? raw('COUNT(*) OVER ()')} AS total_rows FROM (${computed}) f${where}${raw(order)}${raw(limit)}`;
  }
  const group = `d${plan.dimensions.indexOf(plan.per)}`;
  const ranked = sql`SELECT f.*, ROW_NUMBER() OVER (PARTITION BY ${raw(group)}${raw(order)}) AS place FROM (${computed}) f${where}`;
  const outer = ` ORDER BY ${quoted(plan.per)}, place LIMIT ${rows + 1}`;
  return sql`SELECT ${raw(names)}, COUNT(*) OVER () AS total_rows FROM (${ranked}) r WHERE place <= ${raw(String(plan.limit ?? 1))}${raw(outer)}`;
}
