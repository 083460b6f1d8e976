import { METRIC } from '../model/metrics.ts';
import { type DimensionName, isTimeDimension, type MetricName } from '../model/names.ts';
import type { Filter } from '../plan.ts';
import { AskBack, type Draft, findRole, hasAtom, hasRole, use } from './draft.ts';
import type { Item } from './read.ts';

/** Single orders, customers and products, shown one by one. */

/** How many are shown of a ranking, and of a list, where no number is said. */
export const TOP = 10;
export const LIST = 50;

/** Single members, of which there may be thousands: those that fit a condition are shown by the page. */
const LISTED: readonly DimensionName[] = ['customer', 'product', 'order', 'shipment'];

/** Counts of some orders, and what tells those orders from the others. */
const ONLY: Partial<Record<MetricName, Filter>> = {
  cancelled_orders: { field: 'order_status', op: '=', value: 'cancelled' },
  deliveries_count: { field: 'order_status', op: '=', value: 'delivered' },
  coupon_orders: { field: 'has_coupon', op: '=', value: true },
  fraud_orders: { field: 'fraud_flag', op: '=', value: true },
};

/** "recent cancelled orders": what was read as a measure narrows the list; one that cannot is not dropped. */
function narrowList(draft: Draft): void {
  for (const metric of draft.metrics) {
    const filter = ONLY[metric];
    const isSaid =
      metric === 'orders_count' ||
      (metric === 'orders_in_status' && draft.filters.length > 0) ||
      draft.filters.some(({ field }) => field === metric);
    if (filter) draft.filters.push(filter);
    else if (!isSaid)
      throw new AskBack('The newest or oldest of which orders?', [
        '10 most recent orders',
        '10 most recent cancelled orders',
        'list orders in status shipped',
      ]);
  }
}

const newestOfEach = () =>
  new AskBack('The newest or oldest orders, or how many there are of each?', [
    '10 most recent orders',
    'orders by channel last month',
    'orders by day this month',
  ]);

/** "orders of 10 items": no number of orders. */
const isOfPieces = (item: Item | undefined): boolean => hasAtom(item, 'goods') || hasAtom(item, 'unit');

/** How many orders are shown: the number that is said, all of them in an order of time, or one where one is spoken of. */
function pageOf({ items }: Draft, order: Item, latest: Item, first: Item | undefined): number {
  const number = items.find(
    (item, at) => item.value && !item.value.ordinal && !item.used && !isOfPieces(items[at + 1]),
  );
  use(number, first);
  if (number) return number.value!.value!;
  if (first) return LIST;
  return order.plural || latest.plural || /orders\b/.test(order.text) ? TOP : 1;
}

/** "revenue by day, newest first": the days in that order. */
function sortByTime(draft: Draft, latest: Item, first: Item): boolean {
  const time = draft.dimensions.find(isTimeDimension);
  if (!time || draft.rank) return false;
  use(latest, first);
  draft.order = { by: time, dir: hasRole(latest, 'latest') ? 'desc' : 'asc' };
  return true;
}

/** Single orders by when they were placed: "latest orders", "orders in status packed, oldest first". */
export function listByTime(draft: Draft): void {
  const latest = findRole(draft, 'latest') ?? findRole(draft, 'oldest');
  const order = draft.items.find((item) => hasAtom(item, 'order') || / orders?$/.test(item.text));
  if (!latest || latest.time) return;
  const next = draft.items[draft.items.indexOf(latest) + 1];
  const first = next?.text === 'first' ? next : undefined;
  if ((first && sortByTime(draft, latest, first)) || !order) return;
  const byDate = draft.items.some((item) => item.used && item.text === 'date');
  if (draft.dimensions.some((name) => name !== 'order' && !(byDate && name === 'day'))) throw newestOfEach();
  use(latest, order);
  narrowList(draft);
  draft.dimensions = ['order'];
  draft.metrics = ['placed_at'];
  draft.list = 'order';
  draft.order = { by: 'placed_at', dir: hasRole(latest, 'latest') ? 'desc' : 'asc' };
  draft.limit = pageOf(draft, order, latest, first);
}

/** Metrics that are read of single orders or customers bring their list with them. */
export function listMembers(draft: Draft): void {
  const [metric] = draft.metrics;
  const listOf = metric && METRIC[metric].listOf;
  if (!listOf || draft.dimensions.includes(listOf)) return;
  draft.dimensions = [...draft.dimensions, listOf];
  draft.list = listOf;
  draft.order ??= { by: metric, dir: 'desc' };
}

function limitTo(draft: Draft, count: number): void {
  if (draft.dimensions.length === 0 || draft.count)
    throw new AskBack('So many of what?', ['top 5 products last month', '10 most recent orders']);
  draft.limit = count;
}

/** Members that fit a condition are a list, and lists have pages. */
export function limitList(draft: Draft): void {
  const isListed = draft.having.length > 0 && draft.dimensions.some((name) => LISTED.includes(name));
  if (draft.howMany !== undefined) limitTo(draft, draft.howMany);
  if (isListed && !draft.per) draft.limit ??= LIST;
}

const LISTED_ORDERS = /^(list|list all|list of|pull up|find me|all)$/;

/** "list the orders from Berlin": they themselves, not their number. */
export function listOrders(draft: Draft): void {
  const [first] = draft.items.filter((item) => hasRole(item, 'list') && LISTED_ORDERS.test(item.text));
  const [metric, ...more] = draft.metrics;
  const isOrders = metric === 'orders_count' || (metric !== undefined && ONLY[metric] !== undefined);
  const plural = draft.items.some((item) => /\borders\b/.test(item.text));
  const counted = draft.items.some((item) => hasAtom(item, 'count'));
  if (first && isOrders && plural && !counted && more.length === 0 && draft.dimensions.length === 0) {
    draft.dimensions = ['order'];
  }
}

/** "biggest orders": single orders by their value. */
export function rankedOrders(draft: Draft): void {
  if (!draft.dimensions.includes('order') || draft.list) return;
  const filter = draft.metrics[0] && ONLY[draft.metrics[0]];
  if (filter) {
    draft.filters.push(filter);
    draft.metrics = ['order_value'];
  }
  if (draft.metrics.length === 0 || draft.metrics[0] === 'revenue' || draft.metrics[0] === 'orders_count')
    draft.metrics = ['order_value'];
  draft.list = 'order';
  if (!draft.rank) draft.order = { by: draft.metrics[0]!, dir: 'desc' };
  else draft.limit = draft.rank.count ?? TOP;
}
