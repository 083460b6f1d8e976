import { isTimeDimension } from '../model/names.ts';
import type { TimeSpan } from '../time/context.ts';
import type { Period } from '../time/period.ts';
import { type Draft, use } from './draft.ts';
import type { Item } from './read.ts';

/** Several periods that are not held against each other: one said twice, one within the other, or one after the other. */

export interface Said {
  item: Item;
  time: Extract<TimeSpan, { kind: 'period' }>;
}

const GLUE = /^(,|so|i mean|mean|meaning|namely|ie|i|e|that is|in|within|during|or rather|rather|just|only|it is|is)$/;
const ADDED = /^(,|and|plus|&|as well as|along with|together with)$/;

const between = ({ items }: Draft, one: Said, other: Said): readonly Item[] =>
  items.slice(items.indexOf(one.item) + 1, items.indexOf(other.item));

/** "last month, i mean october": what both allow. Undefined when they have nothing in common. */
function common(one: Period, other: Period): Period | undefined {
  const starts = [one.start, other.start].filter((start) => start !== null);
  const start = starts.length > 0 ? Math.max(...starts) : null;
  const end = Math.min(one.end, other.end);
  if (start !== null && start >= end) return undefined;
  const same = [one, other].find((period) => period.start === start && period.end === end);
  if (same) return same;
  const days = Math.max(1, Math.round((end - (start ?? end)) / 86_400_000));
  return { rule: `${one.rule} & ${other.rule}`, start, end, step: { unit: 'day', count: days } };
}

/** "this year until the end of september". */
function upTo(draft: Draft, { start, rule }: Period, other: Period): boolean {
  if (start === null || start >= other.end) return false;
  const days = Math.max(1, Math.round((other.end - start) / 86_400_000));
  draft.window = { rule: `${rule} ${other.rule}`, start, end: other.end, step: { unit: 'day', count: days } };
  return true;
}

function saidTwice(draft: Draft, [one, other]: readonly Said[]): boolean {
  const glue = between(draft, one!, other!);
  // "the second half of october" is a part of it, not of the year.
  const isPart = /^of\b/.test(other!.item.text) || glue.at(-1)?.text === 'of';
  if (isPart) return false;
  if (other!.time.period.rule.startsWith('until:') && glue.length === 0)
    return upTo(draft, one!.time.period, other!.time.period);
  const isAside = glue.every((item) => GLUE.test(item.text) || (item.meaning.filler && !ADDED.test(item.text)));
  const both = isAside ? common(one!.time.period, other!.time.period) : undefined;
  if (!both) return false;
  use(...glue.filter((item) => GLUE.test(item.text)));
  draft.window = both;
  return true;
}

/** "june, july and august", "q1 and q2": one stretch, as each begins where the one before it ends. */
function inTurn(draft: Draft, periods: readonly Said[]): boolean {
  const pairs = periods.slice(1).map((said, index) => [periods[index]!, said] as const);
  const listed = pairs.every(([one, other]) => {
    const words = between(draft, one, other);
    const isNext = one.time.period.end === other.time.period.start;
    return isNext && words.length > 0 && words.every((item) => ADDED.test(item.text));
  });
  const [first, last] = [periods[0]!.time.period, periods.at(-1)!.time.period];
  const { unit } = first.step;
  // "in both september and october" asks for those of the one that are also of the other.
  const both = draft.items.some((item) => /\bboth\b/.test(item.text));
  if (!listed || both || periods.some(({ time }) => time.period.step.unit !== unit || time.period.step.count !== 1))
    return false;
  const step = { unit, count: periods.length };
  const rule = `between:${first.rule}..${last.rule}`;
  draft.window = { rule, start: first.start, end: last.end, step, ...(last.running && { running: true }) };
  splitByTurn(draft, unit, periods);
  return true;
}

/** "for september and october separately": each by itself, else in one sum. */
function splitByTurn(draft: Draft, unit: Period['step']['unit'], periods: readonly Said[]): void {
  const apart = draft.items.some((item) =>
    /^(separately|separate|each|respectively|apart|individually)$/.test(item.text),
  );
  const isDimension = unit === 'day' || unit === 'week' || unit === 'month' || unit === 'quarter' || unit === 'year';
  const names = periods.map(({ item }) =>
    item.tokens
      .slice(item.time!.core - item.time!.from)
      .map(({ text }) => text)
      .join(' '),
  );
  if (apart && isDimension && !draft.dimensions.some(isTimeDimension)) draft.dimensions.push(unit);
  const isSplit = draft.items.some((item) => item.meaning.dimensions.some(isTimeDimension));
  if (!isSplit && !draft.dimensions.some(isTimeDimension)) {
    draft.assumptions.push(`${names.slice(0, -1).join(', ')} and ${names.at(-1)} taken together`);
  }
}

/** One window from several periods; what cannot be one is left over, and asked back. */
export function joinPeriods(draft: Draft, periods: readonly Said[]): void {
  const joined = (periods.length === 2 && saidTwice(draft, periods)) || inTurn(draft, periods);
  if (joined) use(...periods.map(({ item }) => item));
}
