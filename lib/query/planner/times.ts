import { isTimeDimension } from '../model/names.ts';
import { addUnits, startOf, type Unit } from '../time/calendar.ts';
import type { TimeSpan } from '../time/context.ts';
import { allTime, completeUnits, type Period, previous, shift } from '../time/period.ts';
import { toInstant, toWall } from '../time/zone.ts';
import { AskBack, type Draft, findRole, hasAtom, hasRole, use } from './draft.ts';
import { joinPeriods } from './periods.ts';
import type { Item } from './read.ts';
import { DEGREE } from './values.ts';

type Kind<K extends TimeSpan['kind']> = Extract<TimeSpan, { kind: K }>;

const timesOf = <K extends TimeSpan['kind']>(draft: Draft, kind: K): { item: Item; time: Kind<K> }[] =>
  draft.items.flatMap((item) => (item.time?.kind === kind && !item.used ? [{ item, time: item.time as Kind<K> }] : []));

const isComparison = (draft: Draft) =>
  draft.items.some(
    (item) =>
      hasAtom(item, 'retention') ||
      ['versus', 'change', 'fell', 'rose'].some((role) => hasRole(item, role as 'versus')) ||
      item.text === 'same',
  );

/** As long after the start of the other as now is after the start of the running one, by the clock on the wall. */
function sameElapsed({ clock }: Pick<Draft, 'clock'>, start: number, other: number): number {
  const elapsed = toWall(clock.now, clock.zone) - toWall(start, clock.zone);
  return toInstant(toWall(other, clock.zone) + elapsed, clock.zone);
}

/** A running period against the complete one before it: only as much of that one as has run of this one. */
export function counterpart(draft: Pick<Draft, 'clock'>, current: Period, other: Period): Period {
  const { unit, count } = current.step;
  const complete = other.rule.startsWith('last_complete:') && other.step.unit === unit && other.step.count === 1;
  if (current.running && complete) return shift(draft.clock, current, unit, -count);
  const alike = other.step.unit === unit && other.step.count === count && !other.running;
  if (current.running && alike && other.start !== null && current.start !== null) {
    return { ...other, end: sameElapsed(draft, current.start, other.start) };
  }
  const sameLength = other.rule === current.rule;
  if (sameLength)
    return /month:|quarter:|half:/.test(current.rule)
      ? shift(draft.clock, current, 'year', -1)
      : previous(draft.clock, current);
  // "this month vs last year" is the month a year earlier, not all of that year.
  const isWider = other.rule === 'last_complete:year x1' && current.step.unit !== 'year';
  return isWider ? shift(draft.clock, current, 'year', -1) : other;
}

function twoPeriods(draft: Draft, periods: { item: Item; time: Kind<'period'> }[]): void {
  const [first, second] = periods;
  use(first!.item, second!.item);
  const [a, b] = [first!.time.period, second!.time.period];
  const ordered = draft.items.some((item) => item.text === 'than');
  const changing =
    draft.items.some((item) => hasRole(item, 'change') || hasAtom(item, 'retention')) ||
    /^(from|between)/.test(first!.item.text);
  const chronological = changing && !ordered;
  const swap = chronological && (a.start ?? 0) < (b.start ?? 0);
  draft.window = swap ? b : a;
  // "against the whole of last quarter": not only as much of it as has run of this one.
  const whole = /\b(whole|full|entire|complete)( of)?$/.test(
    draft.items[draft.items.indexOf(second!.item) - 1]?.text ?? '',
  );
  draft.compare = whole && !swap ? b : counterpart(draft, draft.window, swap ? a : b);
  draft.transform = 'compare';
}

const DAYS_OF: Record<Unit, number> = { hour: 1 / 24, day: 1, week: 7, month: 31, quarter: 92, half: 184, year: 366 };

/** "past 30 days against the 60 before", "this month vs the week before": the two are not as long as each other. */
function isOtherLength({ window }: Draft, { unit, count, length }: Kind<'shift'>): boolean {
  const { start, end, step } = window!;
  const days = start === null ? Number.POSITIVE_INFINITY : (end - start) / 86_400_000;
  if (length && (length.unit ?? step.unit) === step.unit) return length.count !== step.count;
  if (length) return Math.round(DAYS_OF[length.unit!] * length.count) !== Math.round(days);
  if (unit === step.unit) return Math.abs(count) < step.count;
  return unit !== undefined && days > DAYS_OF[unit] * Math.abs(count) + 0.1;
}

function applyShift(draft: Draft, { time, item }: { time: Kind<'shift'>; item: Item }): void {
  if (isOtherLength(draft, time)) return;
  use(item);
  const base = draft.window!;
  const length = time.length?.unit && time.length.unit !== base.step.unit ? time.length : undefined;
  if (length) {
    draft.compare = shift(draft.clock, base, length.unit!, -length.count);
    draft.transform = 'compare';
    return;
  }
  const bySameLength = !time.unit || time.unit === base.step.unit;
  draft.compare = bySameLength
    ? shift(draft.clock, base, base.step.unit, time.unit ? time.count : -base.step.count)
    : shift(draft.clock, base, time.unit!, time.count);
  draft.transform = 'compare';
}

function applyOver(draft: Draft, { time, item }: { time: Kind<'over'>; item: Item }): void {
  use(item);
  draft.window ??= completeUnits(draft.clock, time.unit, 1);
  draft.compare = shift(draft.clock, draft.window, time.unit, -1);
  draft.transform = 'compare';
}

const notYet = () =>
  new AskBack('The database knows the past, not the future.', ['how many orders this week', 'revenue last month']);

/** The windows of the question: what it is about, and what that is compared with. */
export function resolveTimes(draft: Draft): void {
  const future = timesOf(draft, 'future')[0];
  if (future) throw notYet();
  for (const { item } of timesOf(draft, 'now')) use(item);
  const periods = timesOf(draft, 'period');
  if (periods.length >= 2 && isComparison(draft)) twoPeriods(draft, periods);
  else if (periods.length === 1) {
    draft.window = periods[0]!.time.period;
    use(periods[0]!.item);
  } else if (periods.length > 1) joinPeriods(draft, periods);
  if (draft.window && (draft.window.start ?? 0) > draft.clock.now) throw notYet();
  const moved = timesOf(draft, 'shift')[0];
  if (moved && draft.window) applyShift(draft, moved);
  const over = timesOf(draft, 'over')[0];
  if (over) applyOver(draft, over);
}

/** "2 days" that is said of a state, in hours; marks it as used. */
export function takeDuration(draft: Draft): { unit: Unit; count: number; hours: number } | undefined {
  const found = timesOf(draft, 'duration')[0];
  if (!found) return undefined;
  use(found.item);
  const { unit, count } = found.time;
  const wall = toWall(draft.clock.now, draft.clock.zone);
  return { unit, count, hours: (wall - addUnits(unit, -count, wall)) / 3_600_000 };
}

/** Local midnight `count` units before today: since when a customer has been quiet. */
export function midnightBefore(draft: Draft, unit: Unit, count: number): number {
  const { now, zone } = draft.clock;
  return toInstant(addUnits(unit, -count, startOf('day', toWall(now, zone))), zone);
}

/** "which channel brings in more": the one that leads, not a change in time. */
function asksForMore(draft: Draft, { text, ...item }: Item): boolean {
  const which = draft.items.some((one) => hasRole(one, 'which') && /^(which|who)/.test(one.text));
  const timeless = draft.dimensions.some((name) => !isTimeDimension(name));
  if (!DEGREE.test(text) || !which || !timeless || draft.rank) return false;
  const found = draft.items.find((one) => one.text === text && !one.used);
  use(found);
  draft.rank = {
    dir: /^(lower|less|fewer|worse|smaller)$/.test(text) ? 'asc' : 'desc',
    item: found ?? { text, ...item },
    count: 1,
  };
  return true;
}

/** "do we earn more on shipping than we pay": two measures, and no two periods. */
const moreThanWhat = () =>
  new AskBack('What is held against what: two periods, two measures, or two names?', [
    'revenue this month vs last month',
    'shipping fees and shipping cost last month',
    'revenue by channel, web vs mobile, last month',
  ]);

/** "has it gone up since June": against June, or as long before it as it is ago? */
const changedSince = () =>
  new AskBack('Changed against which period?', [
    'revenue this month vs last month',
    'revenue this quarter vs last quarter',
    'revenue per month this year',
  ]);

/** Changes are asked for without a second period: against the one before; without any, the last complete month. */
export function resolveChange(draft: Draft): void {
  if (draft.compare || draft.transform !== 'none' || draft.metrics.includes('retention_rate')) return;
  const asked = findRole(draft, 'change') ?? findRole(draft, 'fell') ?? findRole(draft, 'rose');
  if (!asked) return;
  if (asksForMore(draft, asked)) return;
  const beside = draft.filters.some(({ field, op }) => op === 'in' && draft.dimensions.includes(field as never));
  if (beside && DEGREE.test(asked.text.replace(/^how (much|many) /, ''))) {
    use(asked);
    return;
  }
  if (DEGREE.test(asked.text) && draft.items.some(({ text }) => /\bthan$/.test(text))) throw moreThanWhat();
  if (!draft.window) {
    draft.window = completeUnits(draft.clock, 'month', 1);
    draft.assumptions.push('no period was named for the change: last month against the month before');
  }
  if (draft.window.rule.startsWith('since:')) throw changedSince();
  use(asked);
  draft.compare = previous(draft.clock, draft.window);
  draft.transform = 'compare';
}

/** A trend has as many points as can be read: days of a month, weeks of a half-year, else months. */
export function bucketFor(draft: Pick<Draft, 'clock' | 'window'>): 'day' | 'week' | 'month' {
  const { start, end } = draft.window ?? allTime(draft.clock);
  const days = start === null ? Number.POSITIVE_INFINITY : (end - start) / 86_400_000;
  if (days <= 35) return 'day';
  return days <= 185 ? 'week' : 'month';
}
