import { AMOUNT_OF, METRIC, RATE_OF } from '../model/metrics.ts';
import type { DimensionName, FilterField, MetricName } from '../model/names.ts';
import { AskBack, type Draft, hasAtom, hasRole, use } from './draft.ts';
import { metricsOf } from './metrics.ts';
import type { Bound } from './numbers.ts';
import type { Item } from './read.ts';

/** Atoms beside the number, up to the next dimension, time or word that breaks the phrase. */
function beside(draft: Draft, at: number, step: 1 | -1): Item[] {
  const found: Item[] = [];
  for (let index = at + step; index >= 0 && index < draft.items.length; index += step) {
    const item = draft.items[index]!;
    if (step === 1 && item.meaning.values.length > 0) continue;
    if (item.time || item.value || item.unknown || item.used) break;
    if (step === 1 && item.text === 'and') break;
    // "over $5,000 in revenue"
    if (step === 1 && index === at + 1 && item.text === 'in' && draft.items[index + 1]!.meaning.atoms.length > 0)
      continue;
    if (item.meaning.atoms.length > 0) found.push(item);
    else if (!item.meaning.filler || /^(in|from|who|that|with)$/.test(item.text)) break;
  }
  return step === 1 ? found : found.reverse();
}

const isOrders = (draft: Draft) => draft.dimensions.length === 0 || draft.dimensions.includes('order');

/** A bound on single orders: their value or their fraud score. */
function orderFilter(draft: Draft, bound: Bound): boolean {
  const score = draft.items.find((item) => !item.used && hasAtom(item, 'score'));
  const order = draft.items.find(
    (item) => hasAtom(item, 'order') || hasAtom(item, 'ordervalue') || hasAtom(item, 'basket'),
  );
  if (!score && (!order || bound.percent || !saidOfOrders(draft, bound))) return false;
  const field: FilterField = score ? 'fraud_score' : 'order_value';
  if (
    !score &&
    !bound.money &&
    /\b(placed|received|created|came|come|in|made)$/.test(draft.items[bound.from - 1]?.text ?? '')
  )
    throw new AskBack('Between which amounts? Hours of the day cannot be picked, but shown.', [
      'orders by hour of the day yesterday',
      'orders between $100 and $200 last week',
    ]);
  const unit = beside(draft, bound.at, 1).find((item) => hasAtom(item, 'customer'));
  if (unit && !score) return false;
  if (!score && !bound.money && ofPieces(draft, bound)) return true;
  draft.filters.push({ field, op: bound.op, value: bound.value });
  use(score, ...draft.items.filter((item) => hasAtom(item, 'ordervalue') || (score && hasAtom(item, 'fraud'))));
  use(...draft.items.slice(bound.from - 1, bound.at + 1).filter((item) => hasAtom(item, 'amount')));
  listOrders(draft, field);
  return true;
}

/** "orders with more than 5 items": by the pieces in each. */
function ofPieces(draft: Draft, bound: Bound): boolean {
  const pieces = beside(draft, bound.at, 1).find((item) => hasAtom(item, 'goods') || hasAtom(item, 'unit'));
  const order = draft.items.slice(0, bound.from).findLast((item) => hasAtom(item, 'order'));
  const product = draft.items[bound.at + 1]?.meaning.values.some(({ field }) => field === 'product');
  if ((!pieces && !product) || !order?.plural || draft.dimensions.some((name) => name !== 'order')) return false;
  const counted = draft.items.slice(0, bound.from).find((item) => hasAtom(item, 'count'));
  use(pieces, order, counted);
  if (counted) draft.count = true;
  draft.dimensions = ['order'];
  draft.list = 'order';
  draft.metrics = ['units_sold'];
  draft.having.push({ column: 'units_sold', op: bound.op, value: bound.value });
  draft.order = { by: 'units_sold', dir: 'desc' };
  return true;
}

/** Single orders are listed unless something about them is counted or summed. */
function listOrders(draft: Draft, field: 'fraud_score' | 'order_value'): void {
  const rest = draft.items.filter((item) => !item.used && !item.meaning.filler && !hasAtom(item, 'order'));
  const measured = rest.some((item) => item.meaning.atoms.length > 0);
  if (measured || draft.dimensions.some((name) => name !== 'order')) return;
  use(...draft.items.filter((item) => hasAtom(item, 'order')));
  draft.dimensions = ['order'];
  draft.list = 'order';
  draft.metrics = [field];
  draft.order = { by: field, dir: 'desc' };
}

/** "whose sales fell by more than 20 %": a bound on the change. */
function changeBound(draft: Draft, bound: Bound): boolean {
  const before = draft.items.slice(0, bound.from);
  const fell = before.some((item) => hasRole(item, 'fell'));
  const rose = before.some((item) => hasRole(item, 'rose') || hasRole(item, 'change'));
  if (fell === rose || (!bound.percent && !bound.money)) return false;
  nameMembers(draft);
  if (draft.dimensions.length === 0) return false;
  const column = bound.percent ? 'delta_pct' : 'delta';
  const op = fell ? MIRRORED[bound.op] : bound.op;
  draft.having.push({ column, op: op ?? bound.op, value: fell ? -bound.value : bound.value });
  return true;
}

const MIRRORED: Partial<Record<Bound['op'], Bound['op']>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' };

/** Whether the amount is said of the orders themselves: "orders over $500", "orders with a value between". */
function saidOfOrders(draft: Draft, bound: Bound): boolean {
  for (let index = bound.from - 1; index >= 0; index--) {
    const item = draft.items[index]!;
    if (hasAtom(item, 'ordervalue')) return true;
    if (hasAtom(item, 'basket')) return isOrders(draft);
    if (hasAtom(item, 'order'))
      return bound.money || isOrders(draft) || hasAmount(draft.items.slice(index, bound.from));
    const said = item.used || item.meaning.values.length > 0 || hasAtom(item, 'amount') || item.time;
    const quiet = said || item.meaning.filler || hasRole(item, 'by');
    if (!quiet && !hasRole(item, 'best')) break;
  }
  return bound.money && isOrders(draft);
}

const hasAmount = (items: readonly Item[]) => items.some((item) => hasAtom(item, 'amount'));

const BUYING = /\b(bought|buy|buying|ordered|purchased|sold)$/;

/** "bought more than 5 items", "more than 5 Headlamps": pieces, where nothing else is said to have happened to them. */
function isOfPieces(draft: Draft, bound: Bound, around: readonly Item[]): boolean {
  const next = draft.items[bound.at + 1];
  const ofProduct = next?.meaning.values.some(({ field }) => field === 'product') ?? false;
  const only = around.every((item) =>
    (['goods', 'sell', 'buyer', 'customer'] as const).some((atom) => hasAtom(item, atom)),
  );
  const buying = draft.items.slice(0, bound.from).some(({ text }) => BUYING.test(text));
  return only && (ofProduct ? buying : around.some((item) => hasAtom(item, 'goods')));
}

/** What the number bounds: of an amount the measure in money, "more than $500 in refunds" the amount of them. */
function boundedMetric({ money }: Bound, preceding: readonly Item[], following: readonly Item[]): MetricName[] {
  const said = money ? [[...preceding, ...following], preceding] : [[...preceding, ...following]];
  for (const items of said) {
    const [named] = metricsOf(items);
    const metric = money && named ? amountOf(named) : named;
    if (metric) return [metric];
    for (const item of items) item.used = false;
  }
  return [];
}

const amountOf = (metric: MetricName): MetricName | undefined =>
  METRIC[metric].unit === 'money' ? metric : AMOUNT_OF[metric];

/** Parts of a sum cannot be bounded, and no rate is more than one: "more than 5 % of revenue", "a refund rate above 5". */
function isInUnit({ percent, money, value }: Bound, metric: MetricName): boolean {
  const { unit } = METRIC[metric];
  return unit === 'ratio' ? !money && (percent || value <= 1) : !percent && (!money || unit === 'money');
}

/** A bound on a finished number of each member: "customers with more than 5 orders". */
function memberBound(draft: Draft, bound: Bound): boolean {
  const orMore = /^or /.test(draft.items[bound.at + 1]?.text ?? '') ? 1 : 0;
  const following = beside(draft, bound.at + orMore, 1);
  const preceding = beside(draft, bound.from, -1);
  const pieces = !bound.money && !bound.percent && isOfPieces(draft, bound, [...preceding, ...following]);
  const [named] = pieces ? ['units_sold' as const] : boundedMetric(bound, preceding, following);
  if (pieces) use(...preceding, ...following);
  const rate = bound.percent && named ? RATE_OF[named] : undefined;
  const byCustomer = draft.dimensions.includes('customer');
  const times = draft.items.slice(bound.at + 1, bound.at + 2).filter(({ text }) => /^times?$/.test(text));
  const often = byCustomer && times.length > 0 && !named;
  const sold = times.length > 0 && !named && preceding.some((item) => hasAtom(item, 'sell'));
  if (sold) use(...preceding);
  if (often || sold || (named && METRIC[named].unit === 'count')) use(...times);
  const isStock = named === 'units_sold' && draft.dimensions.includes('warehouse');
  const metric: MetricName | undefined =
    rate ??
    (isStock ? 'on_hand' : often ? 'orders_count' : sold ? 'units_sold' : named) ??
    (bound.money ? 'revenue' : undefined);
  // Of one customer there is one: a bound on their number says nothing.
  const isOne = byCustomer && metric !== undefined && /customers|buyers/.test(metric);
  if (!metric || isOne || draft.dimensions.length === 0 || !isInUnit(bound, metric)) return false;
  if (!draft.metrics.includes(metric)) draft.metrics.push(metric);
  draft.having.push({ column: metric, op: bound.op, value: bound.value });
  return true;
}

/** What can be counted by a bound on each: "how many products sold more than 100 units". */
const MEMBERS: readonly DimensionName[] = ['customer', 'product', 'brand', 'category', 'city', 'country', 'carrier'];

const memberOf = (item: Item): DimensionName | undefined =>
  item.meaning.dimensions.find((name) => MEMBERS.includes(name)) ?? (hasAtom(item, 'buyer') ? 'customer' : undefined);

/** Customers, products, brands that are bounded are listed: "customers with more than ..." names a dimension. */
export function nameMembers(draft: Draft): void {
  if (draft.dimensions.length > 0) return;
  const subject = draft.items.find((item) => !item.used && memberOf(item));
  if (!subject) {
    if (/^who\b/.test(draft.items[0]?.text ?? '')) draft.dimensions.push('customer');
    return;
  }
  const counted = draft.items.slice(0, draft.items.indexOf(subject)).find((item) => hasAtom(item, 'count'));
  if (!counted && !hasAtom(subject, 'customer') && !hasAtom(subject, 'buyer')) return;
  use(subject, counted);
  if (counted) draft.count = true;
  draft.dimensions.push(memberOf(subject)!);
}

const REPEATEDLY = /^(more than once|at least twice|multiple times|several times)$/;

/** "how many customers ordered more than once": a bound in words, unless a rate is asked for. */
export function takeRepeatedly(draft: Draft): void {
  const repeated = draft.items.find((item) => !item.used && REPEATEDLY.test(item.text));
  const rate = draft.items.some((item) => hasAtom(item, 'rate') || hasRole(item, 'share') || hasAtom(item, 'often'));
  if (!repeated || rate) return;
  nameMembers(draft);
  if (!draft.dimensions.includes('customer')) return;
  use(
    repeated,
    ...draft.items.filter((item) => hasAtom(item, 'order') || hasAtom(item, 'sell') || hasAtom(item, 'buyer')),
  );
  draft.metrics = ['orders_count'];
  draft.having.push({ column: 'orders_count', op: '>=', value: 2 });
}

/** "between 50 and 80": the other end bounds the same. */
function isOtherEnd(draft: Draft, first: Bound | undefined, bound: Bound): boolean {
  if (!first || first.at !== bound.at || first.from !== bound.from) return false;
  const [filter, having] = [draft.filters.at(-1), draft.having.at(-1)];
  if (having && having.value === first.value && having.op === first.op) {
    draft.having.push({ ...having, op: bound.op, value: bound.value });
  } else if (filter && filter.value === first.value && filter.op === first.op) {
    draft.filters.push({ ...filter, op: bound.op, value: bound.value });
  } else return false;
  return true;
}

/** Turns every bound into a filter on orders or a condition on members. */
export function applyBounds(draft: Draft, bounds: readonly Bound[]): void {
  for (const [index, bound] of bounds.entries()) {
    if (isOtherEnd(draft, bounds[index - 1], bound) || changeBound(draft, bound)) continue;
    nameMembers(draft);
    if (!orderFilter(draft, bound) && !memberBound(draft, bound)) {
      throw unbound();
    }
  }
}

const unbound = () =>
  new AskBack('What should that number bound?', [
    'orders over $500 last week',
    'customers with more than 5 orders',
    'orders with fraud score above 80',
  ]);

const ofOrders = ({ metrics: [metric], list }: Draft): boolean => list === 'order' || metric === 'orders_in_status';

/** "orders worth more than $200 that have not shipped": how orders stand may be narrowed by their value, no more. */
export function boundStates(draft: Draft, bounds: readonly Bound[]): void {
  for (const bound of bounds) {
    const of = draft.items.slice(Math.max(0, bound.from - 1), bound.at + 2);
    const counted = of.some((item) => hasAtom(item, 'unit') || hasAtom(item, 'goods') || hasAtom(item, 'score'));
    if (!ofOrders(draft) || bound.percent || counted || !(bound.money || hasAmount(of) || saidOfOrders(draft, bound)))
      throw unbound();
    draft.filters.push({ field: 'order_value', op: bound.op, value: bound.value });
    use(...of.filter((item) => hasAtom(item, 'amount') || hasAtom(item, 'ordervalue')));
  }
}
