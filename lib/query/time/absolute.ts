import { addUnits, startOf, type Unit, weekdayOf } from './calendar.ts';
import {
  asPeriod,
  lemmaAt,
  periodOf,
  says,
  type TimeContext,
  type TimeRead,
  type TimeReader,
  unitAt,
} from './context.ts';
import { readNamed } from './named.ts';
import { completeUnits, currentUnit, pastDays, rollingHours, spanOf } from './period.ts';

/** Periods that stand by themselves, counted from now or named. */

/** The running unit by its initials. */
export const TO_DATE: Record<string, Unit> = { wtd: 'week', mtd: 'month', qtd: 'quarter', ytd: 'year' };

export const YESTERDAY = /^(yesterday|yday)$/;

export const dayWords: TimeReader = (context, at) => {
  const { clock } = context;
  const word = lemmaAt(context, at);
  if (says(context, at, 'day before yesterday')) return asPeriod(completeUnits(clock, 'day', 1, 2), at + 3);
  if (word === 'today') return asPeriod(currentUnit(clock, 'day'), at + 1);
  if (YESTERDAY.test(word)) return asPeriod({ ...completeUnits(clock, 'day', 1), rule: 'last_complete:day' }, at + 1);
  const unit = Object.hasOwn(TO_DATE, word) ? TO_DATE[word] : undefined;
  return unit && asPeriod(currentUnit(clock, unit), at + 1);
};

/** "this month", "the current quarter so far", "month to date", "so far this year". */
export const current: TimeReader = (context, at) => {
  const start = says(context, at, 'so far') ? at + 2 : at;
  const unit = unitAt(context, start + 1);
  if (/^(this|current|present|running)$/.test(lemmaAt(context, start)) && unit && unit !== 'hour') {
    return asPeriod(currentUnit(context.clock, unit), start + 2);
  }
  const own = unitAt(context, at);
  const ofThe =
    says(context, at - 2, 'of the') &&
    !/^(day|hour|time|week|half|start|end|part|beginning)$/.test(lemmaAt(context, at - 3));
  if (own && ofThe && /^(week|month|quarter|year)$/.test(own)) return asPeriod(currentUnit(context.clock, own), at + 1);
  return own && says(context, at + 1, 'to date') ? asPeriod(currentUnit(context.clock, own), at + 3) : undefined;
};

const LAST = /^(last|past|previous|prior|trailing|preceding|recent|latest|final|rolling)$/;

/** "last 30 days", "past 24 hours", "last week", "previous 2 full quarters", "last couple of weeks". */
export const last: TimeReader = (context, at) => {
  if (!LAST.test(lemmaAt(context, at))) return undefined;
  let index = at + 1;
  const token = context.tokens[index];
  const count = token?.value !== undefined && !token.ordinal && !token.money ? token.value : undefined;
  if (count !== undefined) index++;
  while (/^(of|full|complete|whole|calendar|consecutive|rolling|iso)$/.test(lemmaAt(context, index))) index++;
  if (lemmaAt(context, index) === 'fortnight') return asPeriod(pastDays(context.clock, 14 * (count ?? 1)), index + 1);
  const unit = unitAt(context, index);
  if (!unit || count === 0 || (count !== undefined && !Number.isInteger(count))) return undefined;
  const rolling = /^(past|trailing|recent|rolling)$/.test(lemmaAt(context, at));
  return asPeriod(lastUnits(context, unit, count ?? 1, rolling), index + 1);
};

function lastUnits({ clock }: TimeContext, unit: Unit, count: number, rolling: boolean) {
  if (unit === 'hour') return rollingHours(clock, count);
  if (unit === 'day') return count === 1 ? completeUnits(clock, 'day', 1) : pastDays(clock, count);
  if (unit === 'week' && count === 1 && rolling) return pastDays(clock, 7);
  return completeUnits(clock, unit, count);
}

/** "last weekend", "this weekend", "the weekend before last". */
export const weekend: TimeReader = (context, at) => {
  const index = /^(last|past|this|previous)$/.test(lemmaAt(context, at)) ? at + 1 : at;
  if (context.tokens[index]?.text !== 'weekend') return undefined;
  const saturday = addUnits('day', -((weekdayOf(context.wall) + 2) % 7), startOf('day', context.wall));
  const complete = addUnits('day', 2, saturday) <= context.wall ? saturday : addUnits('day', -7, saturday);
  const start = lemmaAt(context, at) === 'this' ? saturday : complete;
  const period = spanOf(context.clock, 'last_weekend', start, addUnits('day', 2, start), { unit: 'week', count: 1 });
  return asPeriod(period, index + 1);
};

/** "3 days ago", "a week ago": the whole unit that far back. */
export const ago: TimeReader = (context, at) => {
  const count = context.tokens[at]?.value ?? (/^(a|an)$/.test(context.tokens[at]?.text ?? '') ? 1 : undefined);
  const unit = unitAt(context, at + 1);
  if (count === undefined || !unit || unit === 'hour') return undefined;
  if (/^(earlier|before|prior)$/.test(lemmaAt(context, at + 2))) {
    return { value: { kind: 'shift', unit, count: -count }, next: at + 3 };
  }
  return lemmaAt(context, at + 2) === 'ago'
    ? asPeriod(completeUnits(context.clock, unit, 1, count), at + 3)
    : undefined;
};

/** "october", "last october", "q3 2025". */
export const readNamedPeriod: TimeReader = (context, at) => {
  const read = readNamed(context.tokens, at, context.wall) ?? lastNamed(context, at);
  return read && asPeriod(periodOf(context, read.value), read.next);
};

/** "last october", "this q3": the running one is not the last one. */
function lastNamed(context: TimeContext, at: number) {
  if (!/^(last|past|previous|this)$/.test(lemmaAt(context, at))) return undefined;
  const read = readNamed(context.tokens, at + 1, context.wall);
  if (!read?.value.yearly || lemmaAt(context, at) === 'this' || read.value.end <= context.wall) return read;
  const earlier = read.value.yearly(new Date(read.value.start).getUTCFullYear() - 1);
  return earlier && { value: earlier, next: read.next };
}

const ABSOLUTE: TimeReader[] = [dayWords, current, weekend, ago, last, readNamedPeriod];

/** The first of them that fits, after an optional "the". */
export function readAbsolute(context: TimeContext, at: number): TimeRead {
  const start = lemmaAt(context, at) === 'the' ? at + 1 : at;
  for (const reader of ABSOLUTE) {
    const read = reader(context, start);
    if (read?.value.kind === 'period') return read;
  }
  return undefined;
}
