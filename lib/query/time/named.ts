import type { Token } from '../language/tokens.ts';
import { addUnits, dateOf, isDate, isoWeekStart, startOf, type Unit, weekdayOf, yearOf } from './calendar.ts';
import { HOLIDAYS, MONTH_NAMES, WEEKDAY_NAMES } from './names.ts';

/** A stretch of the calendar that has a name, in wall time; `yearly` says that it was named without its year. */
export interface Named {
  rule: string;
  start: number;
  end: number;
  unit: Unit;
  count: number;
  yearly?: (year: number) => Named | undefined;
  /** A day of the month and nothing else: "the 3rd". */
  alone?: number;
  /** A day of the week, 0 = Monday. */
  weekday?: number;
}

/** A parse: what was read, and the index of the first token after it. */
export interface Read<T> {
  value: T;
  next: number;
}

const unitSpan = (rule: string, unit: Unit, start: number): Named => ({
  rule,
  start,
  end: addUnits(unit, 1, start),
  unit,
  count: 1,
});

const pad = (value: number) => String(value).padStart(2, '0');
const monthSpan = (year: number, month: number) =>
  unitSpan(`month:${year}-${pad(month)}`, 'month', dateOf(year, month, 1));
const quarterSpan = (year: number, quarter: number) =>
  unitSpan(`quarter:${year}-Q${quarter}`, 'quarter', dateOf(year, quarter * 3 - 2, 1));
const halfSpan = (year: number, half: number) =>
  unitSpan(`half:${year}-H${half}`, 'half', dateOf(year, half * 6 - 5, 1));
const yearSpan = (year: number) => unitSpan(`year:${year}`, 'year', dateOf(year, 1, 1));
const daySpan = (start: number) => unitSpan(`day:${new Date(start).toISOString().slice(0, 10)}`, 'day', start);
const validDay = (year: number, month: number, day: number) =>
  isDate(year, month, day) ? daySpan(dateOf(year, month, day)) : undefined;

/** Named without a year: the most recent one that has started. */
function mostRecent(now: number, inYear: (year: number) => Named | undefined): Named | undefined {
  const year = yearOf(now);
  for (const candidate of [year, year - 1, year - 2, year - 3, year - 4]) {
    const span = inYear(candidate);
    if (span && span.start <= now) return { ...span, yearly: inYear };
  }
  return undefined;
}

const isYear = (token: Token | undefined) =>
  token?.value !== undefined && /^(19|20)\d\d$/.test(token.lemma) && !token.money && !token.percent;

/** "2025", "of 2025", "last year", "of last year", "this year" after a name. */
function readYear(tokens: readonly Token[], at: number, now: number): Read<number> | undefined {
  let index = at;
  if (/^(of|in)$/.test(tokens[index]?.lemma ?? '')) index++;
  if (tokens[index]?.lemma === 'the') index++;
  if (isYear(tokens[index])) return { value: tokens[index]!.value!, next: index + 1 };
  if (tokens[index + 1]?.lemma !== 'year') return undefined;
  const back = { last: 1, previous: 1, prior: 1, this: 0, current: 0 }[tokens[index]!.lemma];
  return back === undefined ? undefined : { value: yearOf(now) - back, next: index + 2 };
}

function withYear(
  tokens: readonly Token[],
  next: number,
  now: number,
  inYear: (year: number) => Named | undefined,
): Read<Named> | undefined {
  const year = readYear(tokens, next, now);
  const span = year ? inYear(year.value) : mostRecent(now, inYear);
  return span && { value: span, next: year?.next ?? next };
}

/** Day of the month: "3", "3rd", "the 3rd". */
function readDay(tokens: readonly Token[], at: number): Read<number> | undefined {
  const index = tokens[at]?.lemma === 'the' ? at + 1 : at;
  const token = tokens[index];
  const day = token?.value;
  if (day === undefined || day < 1 || day > 31 || !Number.isInteger(day) || token!.money) return undefined;
  return { value: day, next: index + 1 };
}

type Reader = (tokens: readonly Token[], at: number, now: number) => Read<Named> | undefined;

const isoDate: Reader = (tokens, at) => {
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(tokens[at]?.lemma ?? '');
  if (!match) return undefined;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  if (month < 1 || month > 12) return undefined;
  const span = match[3] ? validDay(year, month, day) : monthSpan(year, month);
  return span && { value: span, next: at + 1 };
};

/** "october", "october 2025", "october 3", "oct 3rd 2025", "october last year". */
const monthFirst: Reader = (tokens, at, now) => {
  const month = MONTH_NAMES[tokens[at]?.text ?? ''];
  if (!month) return undefined;
  const day = isYear(tokens[at + 1]) ? undefined : readDay(tokens, at + 1);
  const unit = /^(hour|day|week|month|year|order|unit)$/.test(tokens[day?.next ?? 0]?.lemma ?? '');
  if (day && !unit) return withYear(tokens, day.next, now, (year) => validDay(year, month, day.value));
  return withYear(tokens, at + 1, now, (year) => monthSpan(year, month));
};

/** "3 october", "the 3rd of october 2025". */
const dayFirst: Reader = (tokens, at, now) => {
  const day = readDay(tokens, at);
  if (!day) return undefined;
  const index = tokens[day.next]?.lemma === 'of' ? day.next + 1 : day.next;
  const month = MONTH_NAMES[tokens[index]?.text ?? ''];
  if (!month) return undefined;
  return withYear(tokens, index + 1, now, (year) => validDay(year, month, day.value));
};

/** "the 3rd": of the running month, or of the one before when it has not come yet. */
const dayAlone: Reader = (tokens, at, now) => {
  const day = readDay(tokens, at);
  if (!day || !tokens[day.next - 1]!.ordinal || !/^\d/.test(tokens[day.next - 1]!.text)) return undefined;
  const month = startOf('month', now);
  const [of, which, unit] = tokens.slice(day.next, day.next + 3).map((token) => token.lemma);
  const back = { last: 1, previous: 1, this: 0 }[which ?? ''];
  if (of === 'of' && unit === 'month' && back !== undefined) {
    const date = new Date(addUnits('month', -back, month));
    const span = validDay(date.getUTCFullYear(), date.getUTCMonth() + 1, day.value);
    return span && { value: span, next: day.next + 3 };
  }
  const start = [month, addUnits('month', -1, month)].map((first) => first + (day.value - 1) * 86_400_000);
  return { value: { ...daySpan(start[0]! <= now ? start[0]! : start[1]!), alone: day.value }, next: day.next };
};

const QUARTER_WORDS = ['first', 'second', 'third', 'fourth'];

/** "q3", "q3 2025", "third quarter", "h1", "first half of 2026". */
const quarterOrHalf: Reader = (tokens, at, now) => {
  const short = /^([qh])([1-4])$/.exec(tokens[at]?.text ?? '');
  const unit = tokens[at + 1]?.lemma;
  const number = short ? Number(short[2]) : QUARTER_WORDS.indexOf(tokens[at]?.text ?? '') + 1;
  if (number === 0 || (!short && unit !== 'quarter' && unit !== 'half')) return undefined;
  const isHalf = short ? short[1] === 'h' : unit === 'half';
  if (isHalf && number > 2) return undefined;
  const next = at + (short ? 1 : 2);
  return withYear(tokens, next, now, (year) => (isHalf ? halfSpan(year, number) : quarterSpan(year, number)));
};

const plainYear: Reader = (tokens, at) =>
  isYear(tokens[at]) ? { value: yearSpan(tokens[at]!.value!), next: at + 1 } : undefined;

const BEGIN_HOLIDAYS = new Set(Object.keys(HOLIDAYS).map((name) => name.split(' ')[0]));

/** "black friday", "cyber monday 2024". */
const holiday: Reader = (tokens, at, now) => {
  if (!BEGIN_HOLIDAYS.has(tokens[at]?.lemma ?? '')) return undefined;
  for (const length of [3, 2, 1]) {
    const name = tokens
      .slice(at, at + length)
      .map((token) => token.lemma)
      .join(' ');
    const inYear = Object.hasOwn(HOLIDAYS, name) ? HOLIDAYS[name] : undefined;
    if (inYear) return withYear(tokens, at + length, now, (year) => ({ ...daySpan(inYear(year)) }));
  }
  return undefined;
};

/** "last week", "of this week" after a weekday: the Monday of it. */
function readWeekOf(tokens: readonly Token[], at: number, now: number): Read<number> | undefined {
  let index = at;
  while (/^(of|in|the)$/.test(tokens[index]?.lemma ?? '')) index++;
  const back = { last: 1, previous: 1, this: 0 }[tokens[index]?.lemma ?? ''];
  if (back === undefined || tokens[index + 1]?.lemma !== 'week') return undefined;
  return { value: addUnits('week', -back, startOf('week', now)), next: index + 2 };
}

/** "monday", "last friday": the most recent one before today; "friday of last week". */
const weekday: Reader = (tokens, at, now) => {
  const index = /^(last|past|this)$/.test(tokens[at]?.lemma ?? '') ? at + 1 : at;
  const day = WEEKDAY_NAMES[tokens[index]?.text ?? ''];
  // "every friday" is none of them.
  if (day === undefined || /^(every|each|per|any)$/.test(tokens[at - 1]?.lemma ?? '')) return undefined;
  const week = index === at ? readWeekOf(tokens, index + 1, now) : undefined;
  if (week) return { value: { ...daySpan(addUnits('day', day, week.value)), weekday: day }, next: week.next };
  const today = startOf('day', now);
  const back = (weekdayOf(today) - day + 7) % 7 || 7;
  return { value: { ...daySpan(addUnits('day', -back, today)), weekday: day }, next: index + 1 };
};

/** "week 45", "week 45 of 2025", "week of november 2". */
const week: Reader = (tokens, at, now) => {
  const short = /^(?:kw|w|cw)(\d{1,2})$/.exec(tokens[at]?.text ?? '');
  const number = short ? Number(short[1]) : tokens[at]?.lemma === 'week' ? tokens[at + 1]?.value : undefined;
  if (number !== undefined && number >= 1 && number <= 53) {
    return withYear(tokens, at + (short ? 1 : 2), now, (year) =>
      unitSpan(`week:${year}-W${pad(number)}`, 'week', isoWeekStart(year, number)),
    );
  }
  if (tokens[at]?.lemma !== 'week' || tokens[at + 1]?.lemma !== 'of') return undefined;
  const day = readNamed(tokens, at + 2, now);
  if (day?.value.unit !== 'day') return undefined;
  const start = startOf('week', day.value.start);
  return { value: unitSpan(`week:${new Date(start).toISOString().slice(0, 10)}`, 'week', start), next: day.next };
};

const READERS: Reader[] = [isoDate, holiday, quarterOrHalf, week, monthFirst, dayFirst, dayAlone, weekday, plainYear];

/** Reads a named stretch of the calendar at a token, after an optional "the"; `now` is wall time. */
export function readNamed(tokens: readonly Token[], at: number, now: number): Read<Named> | undefined {
  for (const reader of READERS) {
    const read = reader(tokens, at, now);
    if (read) return read;
  }
  const isWhole =
    /^(calendar|full|whole|entire|complete)$/.test(tokens[at]?.lemma ?? '') &&
    /^(year|month)$/.test(tokens[at + 1]?.lemma ?? '');
  if (isWhole) return readNamed(tokens, at + 1, now);
  const inner = at + (tokens[at + 1]?.lemma === 'of' ? 2 : 1);
  const isMonth = tokens[at]?.lemma === 'month' && MONTH_NAMES[tokens[inner]?.text ?? ''];
  if (isMonth || (tokens[at]?.lemma === 'year' && isYear(tokens[inner]))) return readNamed(tokens, inner, now);
  return tokens[at]?.lemma === 'the' && at + 1 < tokens.length ? readNamed(tokens, at + 1, now) : undefined;
}
