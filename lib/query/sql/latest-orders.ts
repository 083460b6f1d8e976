import type { Measure } from '../model/measures.ts';
import type { Plan } from '../plan.ts';
import { groupCondition } from './conditions.ts';
import { type Fragment, raw, sql } from './fragment.ts';
import { buildSubquery, type CompileContext } from './subquery.ts';

/** What a list of the newest or oldest orders reads instead of all of them. */
export interface LatestOrders {
  /** Keeps the orders that can be among the first rows; ties at the end of them all stay. */
  bound: Fragment;
  /** How many orders there are without it, as an expression. */
  total: Fragment;
}

function isPlainList({ dimensions, metrics, filters, order, ...plan }: Plan): boolean {
  const isByTime = dimensions.join() === 'order' && metrics.join() === 'placed_at' && order?.by === 'placed_at';
  const isWhole = plan.having.length === 0 && !filters.some(groupCondition);
  const isOneTable = !plan.compare && !plan.cohort && !plan.allMembers && plan.transform === 'none';
  return isByTime && isWhole && isOneTable && !plan.per && !plan.count && !plan.averagePer;
}

/**
 * Ranking a million orders for the newest ten takes many seconds; the index on their time has them in order. Undefined
 * where the plan asks for anything else.
 */
export function latestOrders(plan: Plan, context: CompileContext, rows: number): LatestOrders | undefined {
  if (!isPlainList(plan)) return undefined;
  const read = (value: string, isShort: boolean): Fragment => {
    const measure: Measure = { source: 'orders', value, time: 'o.placed_at' };
    const { filters, window } = plan;
    const query = { measures: [{ alias: 'v', measure }], dimensions: [], filters, window, cohort: null, isShort };
    return buildSubquery(query, context, () => measure);
  };
  const order = raw(`ORDER BY v ${plan.order!.dir.toUpperCase()} LIMIT ${rows + 1}`);
  return {
    bound: sql`o.placed_at IN (SELECT v FROM (${read('o.placed_at', true)} ${order}) latest)`,
    total: sql`(${read('COUNT(*)', false)})`,
  };
}
