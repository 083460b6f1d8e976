import type { Role } from '../model/grammar.ts';
import type { Operator } from '../plan.ts';
import { type Draft, hasAtom, hasRole, use } from './draft.ts';
import type { Item } from './read.ts';

/** "over $500", "at least 5 orders", "above 10 %": a bound, and where in the question it stands. */
export interface Bound {
  op: Operator;
  value: number;
  money: boolean;
  percent: boolean;
  /** Index of the number among the items. */
  at: number;
  /** Index of the first item of the bound. */
  from: number;
}

const OPERATORS: [Role, Operator][] = [
  ['more', '>'],
  ['least', '>='],
  ['less', '<'],
  ['most', '<='],
];

const isQuiet = (item: Item | undefined) => item?.meaning.filler === true && item.meaning.roles.length === 0;

/** The index of the nearest item before `at` that says something. */
export function before(items: readonly Item[], at: number): number {
  let index = at - 1;
  while (index >= 0 && isQuiet(items[index])) index--;
  return index;
}

/** The index of the nearest item after `at` that says something. */
export function after(items: readonly Item[], at: number): number {
  let index = at + 1;
  while (index < items.length && isQuiet(items[index])) index++;
  return index;
}

function operatorAround(items: readonly Item[], at: number): { op: Operator; item: Item; index: number } | undefined {
  // "five or more orders", "five orders or more"
  const noun = items[at + 1]?.meaning.atoms.length && !items[at + 1]!.time;
  for (const index of [before(items, at), at + 1, ...(noun ? [at + 2] : [])]) {
    const item = items[index];
    const found = OPERATORS.find(([role]) => hasRole(item, role));
    const isAfter = index > at;
    if (found && (!isAfter || /^or /.test(item!.text))) return { op: found[1], item: item!, index };
  }
  return undefined;
}

/** "between $100 and $200": two bounds. */
function takeBetween(draft: Draft): Bound[] {
  const { items } = draft;
  const at = items.findIndex(
    (item, index) => item.text === 'between' && items[index + 1]?.value && !items[index + 1]!.used,
  );
  const [low, high] = [items[at + 1], items[at + 3]];
  if (at < 0 || !low?.value || !high?.value || items[at + 2]?.text !== 'and') return [];
  use(low, items[at + 2], high);
  const shared = {
    money: Boolean(low.value.money ?? high.value.money),
    percent: Boolean(high.value.percent),
    at: at + 3,
    from: at,
  };
  const scale = shared.percent ? 100 : 1;
  return [
    { ...shared, op: '>=', value: low.value.value! / scale },
    { ...shared, op: '<=', value: high.value.value! / scale },
  ];
}

/** Takes the numbers that bound something. */
export function takeBounds(draft: Draft): Bound[] {
  return [...takeBetween(draft), ...takeCompared(draft)];
}

/** "cover below 10 days": how long the stock lasts, in days. */
function lengthOfCover({ items }: Draft, { time }: Item): number | undefined {
  if (time?.kind !== 'duration' || !items.some((item) => hasAtom(item, 'cover'))) return undefined;
  return time.unit === 'day' ? time.count : time.unit === 'week' ? 7 * time.count : undefined;
}

function takeCompared(draft: Draft): Bound[] {
  const { items } = draft;
  return items.flatMap((item, at): Bound[] => {
    const days = lengthOfCover(draft, item);
    if ((!item.value && days === undefined) || item.used) return [];
    const operator = operatorAround(items, at);
    if (!operator) return [];
    use(item, operator.item);
    const { value = days, money = false, percent = false } = item.value ?? {};
    return [
      {
        op: operator.op,
        value: percent ? value! / 100 : value!,
        money,
        percent,
        at,
        from: Math.min(at, operator.index),
      },
    ];
  });
}

const RANK_ATOMS = ['slow', 'quickest', 'busy', 'seller', 'popular', 'reliable'] as const;
const LOW = /\b(quietest|shortest|unreliable)\b/;

/** Whether the word alone asks for the first or last of something. */
function rankOf(item: Item): 'asc' | 'desc' | undefined {
  if (hasRole(item, 'worst')) return 'asc';
  if (hasRole(item, 'best')) return 'desc';
  if (!RANK_ATOMS.some((atom) => hasAtom(item, atom))) return undefined;
  return hasAtom(item, 'quickest') || LOW.test(item.text) ? 'asc' : 'desc';
}

interface Ranked {
  item: Item;
  index: number;
  dir: 'asc' | 'desc';
}

/** "highest first": all of them from that end, or what a ranking beside it does anyway. */
function takeSorted(draft: Draft, ranks: Ranked[]): void {
  const at = ranks.findIndex(({ index }) => draft.items[index + 1]?.text === 'first');
  const sorted = ranks[at];
  if (!sorted || ranks.some(({ dir }) => dir !== sorted.dir)) return;
  use(sorted.item, draft.items[sorted.index + 1]);
  ranks.splice(at, 1);
  if (ranks.length === 0) draft.sorted = sorted;
}

const isWhole = ({ value }: Item): boolean =>
  value?.value !== undefined &&
  Number.isInteger(value.value) &&
  value.value > 0 &&
  !(value.money || value.percent || value.ordinal);

/** "the top products, five of them", "ten products by revenue": how many are shown. */
function takeHowMany(draft: Draft): void {
  const { items } = draft;
  const found = items.findIndex((item, at) => !item.used && isWhole(item) && (isOfThem(items, at) || isLed(items, at)));
  if (found < 0 || draft.rank?.count !== undefined) return;
  use(items[found]);
  if (draft.rank) draft.rank.count = items[found]!.value!.value!;
  else draft.howMany = items[found]!.value!.value!;
}

const isOfThem = (items: readonly Item[], at: number): boolean =>
  /^of (them|those|these)\b/.test(`${items[at + 1]?.text ?? ''} ${items[at + 2]?.text ?? ''}`);

/** "ten products by revenue": a number of members, in the order of a measure. */
function isLed(items: readonly Item[], at: number): boolean {
  const [noun, by, measure] = items.slice(at + 1);
  const led = /^by\b/.test(by?.text ?? '') && measure?.meaning.atoms.length && !measure.meaning.dimensions.length;
  return (
    Boolean(led && noun?.plural && noun.meaning.dimensions.length > 0) &&
    items.slice(0, at).every((item) => item.meaning.filler || item.time)
  );
}

/** The ranking words and the number that goes with them: "top 5", "ten best", "the 3 brands with the highest". */
function takeRanking(draft: Draft): void {
  const { items } = draft;
  const ranks = items.flatMap((item, index) => {
    const degree = items[index - 1]?.text === 'how' && !hasRole(item, 'best') && !hasRole(item, 'worst');
    const dir = item.used || item.time || degree ? undefined : rankOf(item);
    return dir ? [{ item, index, dir }] : [];
  });
  takeSorted(draft, ranks);
  const [first] = ranks;
  if (!first) return;
  const low = ranks.find((rank) => rank.dir === 'asc');
  draft.rank = { dir: (low ?? first).dir, item: first.item };
  for (const { item } of ranks) {
    const binds = item.meaning.atoms.length > 0 || hasRole(item, 'change') || hasRole(item, 'fell');
    if (!binds) use(item);
  }
  const number = items.find((item, index) => item.value && !item.used && isRankNumber(items, index));
  if (number && Number.isInteger(number.value!.value) && number.value!.value! > 0) {
    draft.rank.count = number.value!.value!;
    use(number);
  }
}

/** What is ranked by, from which end, and how many of it are shown. */
export function takeRank(draft: Draft): void {
  takeRanking(draft);
  takeHowMany(draft);
}

function isRankNumber(items: readonly Item[], index: number): boolean {
  const { money, percent, ordinal } = items[index]!.value!;
  if (money || percent || ordinal) return false;
  const [previous, next] = [items[before(items, index)], items[after(items, index)]];
  return Boolean((previous && rankOf(previous)) || (next && (rankOf(next) || next.meaning.dimensions.length > 0)));
}
