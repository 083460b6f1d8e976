import type { MetricName } from '../model/names.ts';
import { AskBack, type Draft, findRole, hasAtom, hasRole, use } from './draft.ts';
import type { Bound } from './numbers.ts';
import { midnightBefore, takeDuration } from './times.ts';

/** Questions about how things stand: stock that runs low, orders that wait, customers that stay away. */

const isCounting = (draft: Draft) => draft.items.some((item) => hasAtom(item, 'count'));
const isSplit = (draft: Draft) => draft.dimensions.some((name) => name !== 'order');
const mentions = (draft: Draft, atom: Parameters<typeof hasAtom>[1]) => draft.items.some((item) => hasAtom(item, atom));
const useAtoms = (draft: Draft, ...atoms: Parameters<typeof hasAtom>[1][]) =>
  use(...draft.items.filter((item) => atoms.some((atom) => hasAtom(item, atom))));
const useDimension = (draft: Draft, name: Draft['dimensions'][number]) =>
  use(...draft.items.filter((item) => item.meaning.dimensions.includes(name)));

function listOf(draft: Draft, dimension: Draft['dimensions'][number], metric: MetricName, dir: 'asc' | 'desc'): void {
  const groups = draft.dimensions.filter((name) => name !== dimension && name !== 'order');
  if (groups.length > 0 && (draft.count || draft.rank || isCounting(draft)))
    throw new AskBack('The list, or how many in each?', [
      'low stock products by category',
      'available stock by warehouse',
      'customers by country',
    ]);
  draft.dimensions = [...groups, dimension];
  draft.metrics = [metric];
  draft.list = dimension;
  draft.order = { by: metric, dir };
  useDimension(draft, dimension);
}

function stockState(draft: Draft): boolean {
  const empty = findRole(draft, 'nostock');
  const low = empty ? undefined : findRole(draft, 'lowstock');
  const found = empty ?? low;
  if (!found || (found.meaning.atoms.length > 0 && !low) || (found.text === 'low' && !mentions(draft, 'stock')))
    return false;
  if (/^(reorder|low)$/.test(found.text) && mentions(draft, 'customer')) return false;
  use(
    found,
    ...draft.items.filter((item) => hasRole(item, 'lowstock') || hasRole(item, 'nostock') || hasRole(item, 'expected')),
  );
  useAtoms(draft, 'stock', 'available', 'count');
  const asked = draft.dimensions.find((name) => name !== 'product');
  if (
    asked &&
    draft.items.some((item) => hasRole(item, 'which') && !item.meaning.filler === false) &&
    !draft.items.some((item) => item.meaning.dimensions.includes('product'))
  )
    throw new AskBack('Low stock is told product by product.', [
      'low stock products by category',
      `available stock by ${asked}`,
    ]);
  draft.filters.push({ field: empty ? 'out_of_stock' : 'low_stock', op: '=', value: true });
  if (isCounting(draft)) draft.count = true;
  listOf(draft, 'product', 'available', 'asc');
  const number = draft.items.find((item) => item.value && !item.used && !item.value.money && !item.value.percent);
  if (number && draft.items.indexOf(number) < draft.items.indexOf(found)) {
    use(number);
    draft.limit = number.value!.value!;
  }
  return true;
}

function unsold(draft: Draft): boolean {
  const found = findRole(draft, 'unsold');
  const negated = found ?? negatedSale(draft);
  if (
    !negated ||
    mentions(draft, 'customer') ||
    !draft.items.some(
      (item) => item.meaning.dimensions.includes('product') || item.meaning.values.length > 0 || hasRole(item, 'which'),
    )
  ) {
    return false;
  }
  use(negated);
  useAtoms(draft, 'sell', 'count');
  use(...draft.items.filter((item) => hasRole(item, 'not')));
  listOf(draft, 'product', 'units_sold', 'asc');
  draft.order = { by: 'product', dir: 'asc' };
  draft.having.push({ column: 'units_sold', op: '=', value: 0 });
  draft.allMembers = true;
  return true;
}

/** "products we did not sell last month": a negation right before the selling. */
function negatedSale(draft: Draft) {
  return draft.items.find(
    (item, index) => hasRole(item, 'not') && hasAtom(draft.items[index + 1], 'sell') && !item.used,
  );
}

/** Since when the customers have been away: "in 6 months", "since June", "this year". */
function quietSince(draft: Draft): number | undefined {
  const duration = takeDuration(draft);
  if (duration) return midnightBefore(draft, duration.unit, duration.count);
  const { rule = '', step } = draft.window ?? {};
  const rolling = step && /^(last_complete|past_days)/.test(rule) && step.unit !== 'hour';
  const bound = rolling ? midnightBefore(draft, step.unit, step.count) : (draft.window?.start ?? draft.window?.end);
  delete draft.window;
  return bound;
}

function quietCustomers(draft: Draft): boolean {
  const never = findRole(draft, 'neverordered');
  const quiet = findRole(draft, 'inactive');
  const about =
    (['customer', 'buyer', 'customerbase', 'signup'] as const).some((atom) => mentions(draft, atom)) ||
    draft.items.some((item) => /^who/.test(item.text));
  if ((!never && !quiet) || !about) return false;
  const hasTime = draft.window !== undefined || draft.items.some((item) => item.time?.kind === 'duration');
  use(never, quiet, ...draft.items.filter((item) => hasRole(item, 'not') || hasRole(item, 'inactive')));
  useAtoms(draft, 'customer', 'buyer', 'customerbase', 'order', 'sell', 'firsttime');
  use(...draft.items.filter((item) => hasRole(item, 'more') || hasRole(item, 'least')));
  if (never && mentions(draft, 'signup') && draft.window) return signedUpOnly(draft);
  if (never) useAtoms(draft, 'signup');
  const since = hasTime ? quietSince(draft) : undefined;
  if (since !== undefined) {
    if (isCounting(draft) && draft.dimensions.length === 0) {
      draft.count = true;
      useAtoms(draft, 'count');
    }
    listOf(draft, 'customer', 'last_order_at', 'asc');
    draft.filters.push({ field: 'last_order_before', op: '<', value: new Date(since).toISOString() });
    draft.assumptions.push('customers with at least one earlier sale order');
  } else if (never) neverOrdered(draft);
  else
    throw new AskBack('Since when should the customers have been quiet?', [
      'customers who have not ordered in 90 days',
      'customers who have not ordered in 6 months',
      'customers who never ordered',
    ]);
  return true;
}

/** "signed up this year but never ordered": the time is that of the sign-up. */
function signedUpOnly(draft: Draft): boolean {
  useAtoms(draft, 'signup', 'count');
  draft.metrics = ['new_customers'];
  draft.filters.push({ field: 'has_sale_order', op: '=', value: false });
  return true;
}

function neverOrdered(draft: Draft): void {
  if (isCounting(draft) || draft.dimensions.length > 0) {
    draft.metrics = ['customers_total'];
    draft.filters.push({ field: 'has_sale_order', op: '=', value: false });
    useAtoms(draft, 'count');
    return;
  }
  listOf(draft, 'customer', 'orders_count', 'asc');
  draft.order = { by: 'customer', dir: 'asc' };
  draft.having.push({ column: 'orders_count', op: '=', value: 0 });
  draft.allMembers = true;
}

function unshipped(draft: Draft): boolean {
  const found = findRole(draft, 'unshipped');
  if (!found) return false;
  use(found);
  useAtoms(draft, 'order', 'ship', 'stuck');
  use(...draft.items.filter((item) => hasRole(item, 'more') || hasRole(item, 'least') || item.text === 'ago'));
  const duration = takeDuration(draft);
  draft.filters.push({ field: 'placed_not_shipped', op: duration ? '>' : '=', value: duration?.hours ?? true });
  if (isCounting(draft) || isSplit(draft)) draft.metrics = ['orders_in_status'];
  else listOf(draft, 'order', 'placed_at', findRole(draft, 'latest') ? 'desc' : 'asc');
  const end = findRole(draft, 'latest') ?? findRole(draft, 'oldest');
  use(end);
  const number = draft.items.find((item) => item.value && !item.used && !item.value.money);
  if (end && number && draft.items.indexOf(number) <= draft.items.indexOf(end) + 1) {
    use(number);
    draft.limit = number.value!.value!;
  } else if (end && !draft.items.some((item) => /orders$/.test(item.text))) draft.limit = 1;
  return true;
}

const HOURS_STUCK = 24;

/** "stuck since yesterday": they got stuck since then, or were stuck by then. */
const stuckSince = (status: string) =>
  new AskBack('For how long have the orders been stuck?', [
    `orders stuck in ${status} for more than 2 days`,
    `how many orders are in status ${status} since last monday`,
  ]);

/** Orders that have been in one status for long: "stuck in processing for more than 2 days". */
function stuck(draft: Draft, bounds: readonly Bound[]): boolean {
  const found = draft.items.find((item) => !item.used && hasAtom(item, 'stuck'));
  const status = draft.filters.find((filter) => filter.field === 'order_status');
  const duration = status || found ? draft.items.some((item) => item.time?.kind === 'duration') : false;
  if (bounds.length > 0 || (!found && !duration) || (!found && !mentions(draft, 'order'))) return false;
  if (!status) {
    throw new AskBack('In which status should the orders be stuck?', [
      'orders stuck in processing',
      'orders stuck in pending payment',
      'orders stuck in packed for more than 2 days',
    ]);
  }
  const length = takeDuration(draft);
  if (!length && draft.window) throw stuckSince(String(status.value).replaceAll('_', ' '));
  use(found, ...draft.items.filter((item) => hasRole(item, 'more') || hasRole(item, 'least')));
  useAtoms(draft, 'order', 'status');
  const hours = length?.hours ?? HOURS_STUCK;
  if (!length) draft.assumptions.push('stuck: in its status for more than 24 hours');
  draft.filters.push({ field: 'status_age_hours', op: '>', value: hours });
  if (isCounting(draft) || isSplit(draft)) draft.metrics = ['orders_in_status'];
  else listOf(draft, 'order', 'status_age_hours', 'desc');
  return true;
}

/** Orders counted or listed by how they stand now. */
function statusCount(draft: Draft): boolean {
  const status = draft.filters.find((filter) => filter.field === 'order_status');
  const open = draft.items.find(
    (item) => !item.used && hasAtom(item, 'open') && (mentions(draft, 'order') || / orders?$/.test(item.text)),
  );
  const byStatus = draft.dimensions.includes('order_status');
  const otherMetric = draft.items.some(
    (item) =>
      !item.used &&
      !item.meaning.filler &&
      item.meaning.atoms.some((atom) => !['order', 'count', 'status', 'open'].includes(atom)),
  );
  if ((!status && !open && !byStatus) || otherMetric) return false;
  if (open) draft.filters.push({ field: 'open_order', op: '=', value: true });
  use(open);
  const listed =
    draft.items.some((item) => hasRole(item, 'list') && !/^(which|what)$/.test(item.text)) ||
    draft.items.some((item, index) => /^(which|what)$/.test(item.text) && hasAtom(draft.items[index + 1], 'order'));
  useAtoms(draft, 'order', 'count', 'status');
  if (listed && !byStatus && !isCounting(draft) && draft.dimensions.length === 0)
    listOf(draft, 'order', 'status_age_hours', 'desc');
  else draft.metrics = ['orders_in_status'];
  return true;
}

/** Tries each kind of state; the first that fits fills the draft. */
export function takeStates(draft: Draft, bounds: readonly Bound[]): boolean {
  return (
    stockState(draft) ||
    quietCustomers(draft) ||
    unshipped(draft) ||
    unsold(draft) ||
    stuck(draft, bounds) ||
    statusCount(draft)
  );
}
