import { type DimensionName, isTimeDimension } from '../model/names.ts';
import { AskBack, type Draft, hasAtom, hasRole, use } from './draft.ts';
import { after, before } from './numbers.ts';
import type { Item } from './read.ts';

/** Nouns that are counted as often as they are split by; only what stands around them tells. */
const COUNTED: readonly DimensionName[] = ['customer', 'order', 'shipment', 'coupon', 'order_status'];
const ADVERBS =
  /^(daily|weekly|monthly|quarterly|yearly|annual|annually|hourly|an? (day|week|month|quarter|year)|(\w+) by \3)$/;
const RELATIVE = /^(with|who|that|which|having|whose|where|by)$/;
const EVENT_ATOMS = [
  'sell',
  'revenue',
  'refund',
  'order',
  'buyer',
  'fail',
  'late',
  'cancel',
  'use',
  'popular',
] as const;

/** "reason" is of refunds or of failed payments, whichever the question speaks of. */
function pick(draft: Draft, item: Item): DimensionName {
  const { dimensions } = item.meaning;
  if (dimensions.length === 1) return dimensions[0]!;
  const failedBefore = /^payment_fail/.test(draft.before ?? '');
  const fails = failedBefore || draft.items.some((one) => one !== item && hasAtom(one, 'fail'));
  if (item.text.startsWith('code')) return fails ? 'failure_code' : 'coupon';
  const aboutPayments = fails || draft.items.some((one) => one !== item && hasAtom(one, 'payment'));
  const payment = dimensions.find((name) => name === 'failure_code');
  return aboutPayments && payment ? payment : (dimensions.find((name) => name !== 'failure_code') ?? dimensions[0]!);
}

/** Whether a value of this very dimension stands beside its name: "the Beauty category". */
function isNamedValue(draft: Draft, at: number, name: DimensionName): boolean {
  return [before(draft.items, at), after(draft.items, at)].some((index) =>
    draft.items[index]?.meaning.values.some((value) => value.field === name),
  );
}

/** "refunds for items that arrived damaged", "across all warehouses": said along, split by nothing. */
function isMentioned(draft: Draft, at: number, name: DimensionName): boolean {
  const [previous, next] = [draft.items[at - 1]?.text ?? '', draft.items[at + 1]?.text ?? ''];
  if (previous === 'across all') return true;
  return (
    name === 'product' &&
    !draft.rank &&
    /^(for|of|on)$/.test(previous) &&
    /^(that|which|who)\b/.test(next) &&
    /^(item|good|article|thing)s?$/.test(draft.items[at]!.text)
  );
}

/** The index of what stands before the names that lead up to a noun: "each Kitchen product". */
function beforeValues(items: readonly Item[], at: number): number {
  let index = at - 1;
  while ((items[index]?.meaning.values.length ?? 0) > 0) index--;
  return index;
}

/** "peak order hour", "top customer cities": the noun only says what the one after it is of. */
function isAttribute({ items }: Draft, at: number, name: DimensionName): boolean {
  const next = items[at + 1]?.meaning.dimensions ?? [];
  return /^(order|customer|shipment)$/.test(name) && !items[at]!.plural && next.length > 0 && !next.includes(name);
}

const isSplitBy = (item: Item | undefined): boolean =>
  item?.meaning.dimensions.some((name) => name !== 'product' && !COUNTED.includes(name)) ?? false;

/** "more than 5 items": pieces, whose number is bounded. */
function isBounded({ items }: Draft, at: number): boolean {
  const bound = (['more', 'least', 'less', 'most'] as const).some((role) => hasRole(items[at - 2], role));
  return bound && items[at - 1]?.value !== undefined && hasAtom(items[at], 'goods');
}

/** "Northpeak products", "Coffee & Tea items": the noun only says what the name before it is of. */
function isNounOfValue(draft: Draft, at: number, name: DimensionName): boolean {
  if (name !== 'product' || draft.rank || draft.items.slice(0, at).some((item) => hasRole(item, 'which'))) return false;
  const value = draft.items[at - 1]?.meaning.values.some(({ field }) => field === 'category' || field === 'brand');
  const each = hasRole(draft.items[beforeValues(draft.items, at)], 'by');
  if (each && !draft.items[at]!.plural) return false;
  const measured = draft.items.slice(0, at - 1).filter((item) => item.meaning.atoms.length > 0);
  const split = draft.items
    .slice(at + 1)
    .some((item, index, rest) => hasRole(item, 'by') && isSplitBy(rest[index + 1]));
  return Boolean(value) && measured.length > 0 && (split || !measured.some((item) => hasAtom(item, 'stock')));
}

function isGrouped(draft: Draft, at: number, name: DimensionName): boolean {
  const { items } = draft;
  if (ADVERBS.test(items[at]!.text)) return true;
  if (isCounted(draft, at)) return false;
  const ofValue = !COUNTED.includes(name) && !items[at]!.plural && (items[at - 1]?.meaning.values.length ?? 0) > 0;
  const previous = items[ofValue ? beforeValues(items, at) : before(items, at)];
  if (hasRole(previous, 'by'))
    return name !== 'order' && (name !== 'shipment' || (previous!.text === 'by' && !items[at]!.plural && !draft.rank));
  return false;
}

/** "by channel and month", "by channel, month". */
function continuesGroup(draft: Draft, at: number, grouped: ReadonlySet<Item>): boolean {
  const { items } = draft;
  const isEither = items[at - 1]?.text === 'or' && (items[at - 2]?.meaning.dimensions.length ?? 0) > 0;
  if (isEither)
    throw new AskBack('One or the other?', [
      `revenue by ${items[at - 2]!.text} last month`,
      `revenue by ${items[at]!.text} last month`,
    ]);
  let index = before(items, at);
  if (hasRole(items[index], 'vsand')) index = before(items, index);
  else if (/^(and|or)$/.test(items[at - 1]?.text ?? '')) index = before(items, at - 1);
  else if (items[at]!.meaning.dimensions.some((name) => COUNTED.includes(name))) return false;
  return grouped.has(items[index]!);
}

/** "biggest drop in orders by city": the orders drop, and the cities are ranked. */
const isWhatChanged = ({ rank, items }: Draft, at: number): boolean =>
  items[at - 1]?.text === 'in' &&
  items[at + 1]?.text === 'by' &&
  (['fell', 'rose', 'change'] as const).some((role) => hasRole(rank?.item, role));

/** The best or worst of these: the rank word stands before it with nothing but what it is best at between. */
function isRanked(draft: Draft, at: number): boolean {
  if (!draft.rank || isWhatChanged(draft, at)) return false;
  for (let index = at - 1; index >= 0; index--) {
    const item = draft.items[index]!;
    if (hasRole(item, 'best') || hasRole(item, 'worst') || item === draft.rank.item) return true;
    if (hasRole(item, 'by') || item.time) return false;
    if (item.meaning.dimensions.length > 0 && !isAttribute(draft, index, pick(draft, item))) return false;
    if (/^(with|from|in|for|on|to)$/.test(item.text)) return false;
  }
  return false;
}

/** "which carriers ...", "what brand ...", "who ...". */
const isQuestioned = (draft: Draft, at: number) => hasRole(draft.items[at - 1], 'which') || isAskedFor(draft, at);

function isAskedFor(draft: Draft, at: number): boolean {
  for (let index = at - 1; index >= 0; index--) {
    const item = draft.items[index]!;
    if (/^(which|what)$/.test(item.text)) return true;
    if (/^(do|does|did)$/.test(item.text)) return false;
    if (!item.meaning.filler && !item.value) return false;
  }
  return false;
}

/** "customers with the most orders", "customers who spent more than ...". */
function hasRelativeClause(draft: Draft, at: number): boolean {
  const next = draft.items[at + 1];
  if (!next || !draft.rank || isWhatChanged(draft, at)) return false;
  const counted = hasAtom(draft.items[before(draft.items, at)], 'count');
  const acting = draft.items.slice(Math.max(0, at - 2), at).some((item) => /^(do|does|did)$/.test(item.text));
  // "parcels by city, top 5": the cities lead.
  const split = next.text === 'by' && isSplitBy(draft.items[at + 2]);
  return !counted && !acting && !split && (RELATIVE.test(next.text) || EVENT_ATOMS.some((atom) => hasAtom(next, atom)));
}

const isCounted = (draft: Draft, at: number) =>
  hasAtom(draft.items[before(draft.items, at)], 'count') || hasAtom(draft.items[at - 1], 'count');

/** "customers by revenue", "coupons by number of uses": the members, in the order of what follows. */
function isOrderedBy({ items, metrics }: Draft, at: number, name: DimensionName): boolean {
  const [noun, by] = [items[at]!, items[at + 1]];
  const first = items
    .slice(0, at)
    .every((item) => item.meaning.filler || item.time || item.meaning.values.length > 0 || (item.value && item.used));
  const said = items.slice(at + 2).find((item) => !item.meaning.filler || item.meaning.atoms.length > 0);
  const isMeasure = said?.meaning.dimensions.length === 0 || by?.text === 'by number';
  const measured = said && said.meaning.atoms.length > 0 && isMeasure && !said.time;
  const isMember = name === 'customer' || name === 'coupon' || name === 'product';
  return isMember && metrics.length === 0 && noun.plural && first && /^by\b/.test(by?.text ?? '') && Boolean(measured);
}

const RANKED_BY = /^(ranked|sorted|ordered|rank|sort)( by)?$/;

function isDimension(draft: Draft, at: number, name: DimensionName): boolean {
  if (RANKED_BY.test(draft.items[at + 1]?.text ?? '') && draft.dimensions.length === 0) return true;
  const free = COUNTED.includes(name)
    ? draft.dimensions.length === 0
    : !draft.dimensions.some((one) => !isTimeDimension(one));
  if (isRanked(draft, at) && free) return true;
  if (isOrderedBy(draft, at, name)) return true;
  if (isCounted(draft, at)) return false;
  if (COUNTED.includes(name)) {
    const single = /^an?$/.test(draft.items[at - 1]?.text ?? '');
    const listed = name === 'coupon' && /^list\b/.test(draft.items[before(draft.items, at)]?.text ?? '');
    const asked = listed || (name !== 'order_status' && !single && isAskedFor(draft, at));
    return (asked || hasRelativeClause(draft, at)) && draft.dimensions.length === 0;
  }
  return !isTimeDimension(name) || isQuestioned(draft, at) || hasRelativeClause(draft, at);
}

const textAfter = ({ items }: Draft, at: number): string =>
  items
    .slice(at + 1, at + 4)
    .map(({ text }) => text)
    .join(' ');

const dayOfMonth = () =>
  new AskBack('By the days of one month, or by the day of the week?', [
    'revenue by day this month',
    'revenue by weekday this year',
  ]);

/** Names the dimensions: what is grouped by, ranked, or asked for with "which". */
export function takeDimensions(draft: Draft): void {
  const grouped = new Set<Item>();
  const ranked: DimensionName[] = [];
  draft.items.forEach((item, at) => {
    if (item.used || item.meaning.dimensions.length === 0 || isBounded(draft, at)) return;
    const name = pick(draft, item);
    if (isAttribute(draft, at, name)) return;
    if (name === 'day' && /^of (the |a |each |every )?(month|year)\b/.test(textAfter(draft, at))) throw dayOfMonth();
    const grouping =
      isGrouped(draft, at, name) || (!isMentioned(draft, at, name) && continuesGroup(draft, at, grouped));
    const isNamed = isNamedValue(draft, at, name) && !grouping;
    if (isMentioned(draft, at, name) || isNamed || isNounOfValue(draft, at, name)) use(item);
    else if (grouping) {
      grouped.add(item);
      add(draft, name, item);
    } else if (isDimension(draft, at, name) || (isQuestioned(draft, at) && draft.rank && name !== 'order_status')) {
      ranked.push(name);
      add(draft, name, item);
      if (draft.rank) draft.rank.item = item;
    }
  });
  takeWho(draft);
  takeRanked(draft, grouped);
  takeWhat(draft);
  takeWhy(draft);
  arrangeGroups(draft, grouped, ranked);
}

/** "if you look at the days of the week, on which do we make the most": the only thing named that can be ranked. */
function takeRanked(draft: Draft, grouped: Set<Item>): void {
  if (!draft.rank || draft.dimensions.some((name) => !isTimeDimension(name)) || grouped.size > 0) return;
  const named = draft.items.filter(
    (item) => !item.used && item.meaning.dimensions.length > 0 && !hasAtom(item, 'order'),
  );
  const free = named.filter((item) => !COUNTED.includes(pick(draft, item)));
  if (draft.dimensions.length > 0 || free.length !== 1) return;
  const at = draft.items.indexOf(free[0]!);
  if (isCounted(draft, at)) return;
  add(draft, pick(draft, free[0]!), free[0]!);
}

/** "what is returned the most": products. */
function takeWhat(draft: Draft): void {
  const asked = /^what\b/.test(draft.items[0]?.text ?? '') && draft.rank !== undefined && draft.dimensions.length === 0;
  if (asked && draft.items.some((item) => hasAtom(item, 'refund') || hasAtom(item, 'sell'))) {
    draft.dimensions.push('product');
  }
}

/** "why are things returned", "why do payments fail": by their reason; other whys have no answer in the data. */
function takeWhy(draft: Draft): void {
  if (!draft.items.some((item) => item.text === 'why')) return;
  if (draft.dimensions.includes('refund_reason') || draft.dimensions.includes('failure_code')) return;
  if (draft.items.some((item) => hasAtom(item, 'refund'))) draft.dimensions.push('refund_reason');
  else if (draft.items.some((item) => hasAtom(item, 'fail'))) draft.dimensions.push('failure_code');
  else {
    throw new AskBack('Causes are not recorded, but changes can be shown.', [
      'revenue by category this month vs last month',
      'which categories declined last month',
    ]);
  }
}

/** "who spent the most": customers. */
function takeWho(draft: Draft): void {
  const who = draft.items.find((item) => /^who(se)?$/.test(item.text));
  if (who && draft.rank && !draft.dimensions.some((name) => !isTimeDimension(name)) && draft.items.indexOf(who) === 0) {
    const parcels = (['deliver', 'ship', 'late', 'ontime'] as const).some((atom) =>
      draft.items.some((item) => hasAtom(item, atom)),
    );
    draft.dimensions.push(parcels ? 'carrier' : 'customer');
  }
}

function add(draft: Draft, name: DimensionName, item: Item): void {
  use(item);
  if (!draft.dimensions.includes(name)) draft.dimensions.push(name);
}

/** "top 3 products in each category": the group comes first, and the ranking starts anew in it. */
function arrangeGroups(draft: Draft, grouped: ReadonlySet<Item>, ranked: readonly DimensionName[]): void {
  const target = ranked.at(-1);
  if (!draft.rank || !target || grouped.size === 0) return;
  const groups = draft.dimensions.filter((name) => !ranked.includes(name));
  if (groups.length === 0) return;
  draft.dimensions = [...groups, target];
  draft.per = groups[0]!;
}
