import { AMOUNT_OF, METRIC, RATE_OF } from '../model/metrics.ts';
import { isTimeDimension, type MetricName } from '../model/names.ts';
import type { Filter, Having, Plan } from '../plan.ts';
import { periodFrom } from '../time/window.ts';
import { AskBack, type Draft, findRole, hasAtom, hasRole, use } from './draft.ts';
import { takeMetrics } from './metrics.ts';
import type { Bound } from './numbers.ts';
import { bucketFor, midnightBefore, takeDuration } from './times.ts';
import { COUNT_OF, inUnitSaid } from './units.ts';

/** What a question after an answer leaves out, and the answer before it says. */

const COUNTS =
  /^(and |so |but )*(how many( of (them|those|these))?( (is|are|was|were) (that|there|those|these|they|it))?|count (them|those|these)|how many in (total|all))( in total| altogether| now)?\W*$/i;
const LISTS =
  /^(and |so |but )*((list|show|display)( me)? (them|those|these)( all)?|which( ones)?( are (they|those|these))?)( please)?\W*$/i;

const isMemberList = ({ dimensions, having, filters }: Plan): boolean =>
  dimensions.length === 1 && !isTimeDimension(dimensions[0]!) && having.length + filters.length > 0;

/** "how many is that": the number of the members that were listed. */
export function countRows(plan: Plan, draft: Draft, question: string): boolean {
  if (!COUNTS.test(question.trim()) || !isMemberList(plan)) return false;
  use(...draft.items);
  Object.assign(plan, { count: true, order: null, limit: null });
  return true;
}

/** What is shown of each where only the number was asked for. */
const LIST_BY: Partial<Record<MetricName, MetricName>> = {
  orders_in_status: 'status_age_hours',
  overdue_shipments: 'overdue_shipments',
};
const PAGE = 50;

/** "list them": the members that were counted. */
export function listRows(plan: Plan, draft: Draft, question: string): boolean {
  if (!LISTS.test(question.trim())) return false;
  const [metric] = plan.metrics;
  const by = plan.count ? metric : LIST_BY[metric!];
  if (!by || (plan.count ? plan.dimensions.length !== 1 : plan.dimensions.length > 0)) return false;
  use(...draft.items);
  if (!plan.count) plan.dimensions = [by === 'overdue_shipments' ? 'shipment' : 'order'];
  delete plan.count;
  Object.assign(plan, { metrics: [by, ...plan.metrics.slice(1)], order: { by, dir: 'desc' }, limit: PAGE });
  return true;
}

const OF_ORDERS: readonly MetricName[] = [
  'orders_count',
  'all_orders_count',
  'orders_in_status',
  'order_value',
  'placed_at',
  'status_age_hours',
  'coupon_orders',
  'fraud_orders',
];

/** "more than 10", "over $100 only": the bound of before moves, or the orders that are counted get one. */
export function moveBounds(plan: Plan, draft: Draft, bounds: readonly Bound[]): readonly Bound[] {
  moveDuration(plan, draft);
  const [bound] = bounds;
  const said = draft.items.some((item) => !item.used && !item.meaning.filler && item.meaning.atoms.length > 0);
  if (!bound || bounds.length > 1 || said) return bounds;
  const { op, value } = bound;
  const old = plan.having.length === 1 ? plan.having : [];
  const filters = plan.filters.filter(({ field }) => field === 'order_value' || field === 'fraud_score');
  const { percent } = bound;
  const isMoney = ({ column }: Having) => METRIC[column as MetricName]?.unit === 'money';
  if (old.length === 1 && isUnit(old[0]!, percent) && (!bound.money || isMoney(old[0]!)))
    plan.having = [{ ...old[0]!, op, value }];
  else if (filters.length === 1 && !percent) replace(plan, filters[0]!, { ...filters[0]!, op, value });
  else if (bound.money && OF_ORDERS.includes(plan.metrics[0]!)) plan.filters.push({ field: 'order_value', op, value });
  else if (isOfMembers(plan, bound)) plan.having.push({ column: plan.metrics[0]!, op, value });
  else return bounds;
  return [];
}

const isUnit = ({ column }: Having, percent: boolean): boolean =>
  (column === 'delta_pct' || METRIC[column as MetricName]?.unit === 'ratio') === percent;

/** "only above 2 %", "only those over 100": of the members that are shown. */
function isOfMembers({ dimensions, metrics }: Plan, { percent, money }: Bound): boolean {
  const { unit, listOf } = METRIC[metrics[0]!];
  const fits = percent
    ? unit === 'ratio'
    : money
      ? unit === 'money'
      : unit === 'count' || unit === 'units' || unit === 'days';
  return fits && !listOf && dimensions.length > 0;
}

function replace(plan: Plan, old: Filter, filter: Filter): void {
  plan.filters = plan.filters.map((one) => (one === old ? filter : one));
}

/** "more than 3 days": for how long orders have been waiting, or customers away. */
function moveDuration(plan: Plan, draft: Draft): void {
  const old = plan.filters.find(({ field }) => /^(status_age_hours|placed_not_shipped|last_order_before)$/.test(field));
  if (!old || !draft.items.some(({ time }) => time?.kind === 'duration')) return;
  const { hours, unit, count } = takeDuration(draft)!;
  use(...draft.items.filter((item) => hasRole(item, 'more') || hasRole(item, 'least')));
  const isSince = old.field === 'last_order_before';
  const value = isSince ? new Date(midnightBefore(draft, unit, count)).toISOString() : hours;
  replace(plan, old, { ...old, op: isSince ? '<' : '>', value });
}

const ofOrders = (plan: Plan): boolean => OF_ORDERS.includes(plan.metrics[0]!);

/** "only those out of stock", "only the open ones", "how many were delivered": how what was asked about stands now. */
export function takeStanding(plan: Plan, draft: Draft, narrowing: boolean): void {
  const empty = findRole(draft, 'nostock');
  const stock = empty ?? findRole(draft, 'lowstock');
  if (stock && METRIC[plan.metrics[0]!].scope === 'stock' && plan.dimensions.includes('product')) {
    use(stock);
    plan.filters = plan.filters.filter(({ field }) => field !== 'low_stock' && field !== 'out_of_stock');
    draft.filters.push({ field: empty ? 'out_of_stock' : 'low_stock', op: '=', value: true });
  }
  if (!narrowing || !ofOrders(plan)) return;
  const open = draft.items.find((item) => !item.used && hasAtom(item, 'open'));
  const delivered = draft.items.find((item) => !item.used && item.text === 'delivered');
  use(open, delivered);
  if (open) draft.filters.push({ field: 'open_order', op: '=', value: true });
  if (delivered) draft.filters.push({ field: 'order_status', op: '=', value: 'delivered' });
  if (draft.items.some((item) => !item.used && item.text === 'shipped'))
    throw new AskBack('Orders that stand at shipped, or all that have left?', [
      'how many orders are in status shipped',
      'shipments yesterday',
    ]);
}

/** "only new customers" narrows; "what about new customers" may also ask how many signed up. */
export function settleNewCustomers(plan: Plan, draft: Draft, narrowing: boolean): void {
  const item = draft.items.find(
    ({ meaning, text }) =>
      !/first/.test(text) &&
      meaning.values.some(({ field }) => field === 'customer_type') &&
      meaning.atoms.includes('signup'),
  );
  const [metric] = plan.metrics;
  if (!item || METRIC[metric!].scope !== 'sale orders') return;
  if (!narrowing)
    throw new AskBack('Those who signed up, or the part that new customers have in it?', [
      'only new customers',
      'new customers last month',
    ]);
  item.meaning = { ...item.meaning, atoms: [] };
}

/** "why": by the reason that goes with what was asked. */
export function takeReason(plan: Plan, draft: Draft): void {
  const why = draft.items.find((item) => item.text === 'why');
  if (!why || draft.items.some((item) => item.meaning.atoms.length > 0)) return;
  const [metric] = plan.metrics;
  if (/^payment_fail/.test(metric!)) draft.dimensions.push('failure_code');
  else if (/^refund_(count|amount)$/.test(metric!)) draft.dimensions.push('refund_reason');
}

/** The measure that is asked for instead: said in full, or as a rate, an amount or a number of what was asked before. */
export function takeAsked(plan: Plan, draft: Draft): void {
  const [before] = plan.metrics;
  takeOverTime(plan, draft);
  const rate = draft.items.find((item) => hasAtom(item, 'rate') || hasAtom(item, 'attempt') || hasRole(item, 'share'));
  const reasons = plan.dimensions.some((name) => name === 'refund_reason' || name === 'failure_code');
  if (rate && RATE_OF[before!] && !reasons) {
    use(
      ...draft.items.filter(
        (item) => item.meaning.atoms.length > 0 || hasRole(item, 'share') || hasRole(item, 'versus'),
      ),
    );
    draft.metrics = [RATE_OF[before!]!];
    return;
  }
  if (rate && !reasons) takeMetrics(draft);
  if (draft.metrics.some((metric) => METRIC[metric].unit === 'ratio')) return;
  if (rate) {
    asShares(plan, draft);
    return;
  }
  takeMetrics(draft);
  const sold = draft.items.some((item) => hasAtom(item, 'sell'));
  if (METRIC[before!].scope === 'stock' && draft.metrics[0] === 'units_sold' && !sold) draft.metrics = ['on_hand'];
  if (draft.metrics.length > 0 || draft.dimensions.length > 0 || draft.window) return;
  const amount = draft.items.find((item) => hasAtom(item, 'amount') || hasAtom(item, 'howmuch'));
  const count = draft.items.find((item) => hasAtom(item, 'count'));
  if (count && draft.filters.length > 0 && METRIC[before!].unit !== 'count' && METRIC[before!].unit !== 'units')
    throw new AskBack('How many of what?', ['how many orders last month', 'how many customers ordered last month']);
  if (draft.filters.length > 0) return;
  const median = draft.items.find((item) => hasAtom(item, 'median'));
  if (median && (before === 'aov' || before === 'revenue')) {
    use(median);
    draft.metrics = ['median_order_value'];
    return;
  }
  const other = amount ? AMOUNT_OF[before!] : count ? COUNT_OF[before!] : inUnitSaid(draft, before!);
  if (!other || other === before) return;
  use(amount, count);
  draft.metrics = [other];
}

/** "as a percentage": each member's part, or that of the one it is narrowed to. */
function asShares(plan: Plan, draft: Draft): void {
  const words = draft.items.filter((item) => hasAtom(item, 'rate') || hasRole(item, 'share'));
  use(...words);
  plan.transform = 'share_of_total';
  const field = plan.filters
    .map((filter) => filter.field)
    .find((name) => /^(channel|segment|country|city|category|brand|carrier|payment_method|customer_type)$/.test(name));
  if (plan.dimensions.length > 0 || draft.dimensions.length > 0) return;
  if (!field) throw new AskBack('Shares by what?', ['share of revenue by channel', 'share of orders by country']);
  draft.dimensions.push(field as Plan['dimensions'][number]);
  use(...draft.items.filter((item) => hasAtom(item, 'order') || hasAtom(item, 'revenue')));
}

/** "as a running total", "over time": in buckets of the window of before. */
function takeOverTime(plan: Plan, draft: Draft): void {
  const running = findRole(draft, 'running');
  const trend = findRole(draft, 'trend');
  if (!running && !trend) return;
  const timed = [...draft.dimensions, ...plan.dimensions].some(isTimeDimension);
  if (running && !timed && plan.dimensions.length > 0)
    throw new AskBack('A running total over what time?', [
      'running total of revenue by day this month',
      'running total of revenue by month this year',
    ]);
  use(running, trend);
  if (running) plan.transform = 'running_total';
  if (!timed) draft.dimensions.push(bucketFor({ ...draft, window: draft.window ?? periodFrom(plan.window) }));
}
