import { readAbsolute, TO_DATE, YESTERDAY } from './absolute.ts';
import type { Unit } from './calendar.ts';
import { asPeriod, lemmaAt, says, type TimeContext, type TimeReader, unitAt } from './context.ts';
import { completeUnits } from './period.ts';

/** What moves a period instead of naming one: "the week before", "same day last week", "year over year". */

const OVER: Record<string, Unit> = { wow: 'week', mom: 'month', qoq: 'quarter', yoy: 'year', dod: 'day' };

/** "the week before last", "the week before", "the 90 before", "the previous period", "same day last week". */
export const shifted: TimeReader = (context, at) => {
  const start = lemmaAt(context, at) === 'the' ? at + 1 : at;
  const unit = unitAt(context, start);
  if (unit && says(context, start + 1, 'before last'))
    return asPeriod(completeUnits(context.clock, unit, 1, 2), start + 3);
  if (unit && /^(before|prior|earlier)$/.test(lemmaAt(context, start + 1)) && !startsPeriod(context, start + 2)) {
    return {
      value: { kind: 'shift', unit, count: -1 },
      next: start + (lemmaAt(context, start + 2) === 'that' ? 3 : 2),
    };
  }
  return (
    beforeByLength(context, start) ??
    previousAsLong(context, start) ??
    samePeriod(context, start) ??
    lastToDate(context, start)
  );
};

const startsPeriod = (context: TimeContext, at: number) => Boolean(readAbsolute(context, at));

const beforeByLength: TimeReader = (context, at) => {
  const number = context.tokens[at]?.value;
  const index = at + (number === undefined ? 0 : 1);
  const afterUnit = unitAt(context, index) && number !== undefined ? index + 1 : index;
  if (number !== undefined && /^(before|prior|earlier|preceding)$/.test(lemmaAt(context, afterUnit))) {
    const unit = afterUnit > index ? unitAt(context, index) : undefined;
    return {
      value: { kind: 'shift', count: -1, length: { count: number, ...(unit && { unit }) } },
      next: afterUnit + (lemmaAt(context, afterUnit + 1) === 'that' ? 2 : 1),
    };
  }
  const named = /^(previous|prior|preceding|last|earlier)$/.test(lemmaAt(context, at));
  if (named && /^(period|1|time|timeframe)$/.test(lemmaAt(context, at + 1))) {
    return { value: { kind: 'shift', count: -1 }, next: at + 2 };
  }
  return undefined;
};

/** "past 90 days against the previous 90": the unit is that of the others. */
const previousAsLong: TimeReader = (context, at) => {
  const token = context.tokens[at + 1];
  const isOther = /^(previous|prior|preceding)$/.test(lemmaAt(context, at)) && context.comparing;
  const ends = /^(,|by|per|for|in|on|from|of|only|1|and|split)?$/.test(lemmaAt(context, at + 2));
  if (!isOther || !ends || token?.value === undefined || token.money || token.ordinal) return undefined;
  const next = at + (lemmaAt(context, at + 2) === '1' ? 3 : 2);
  return { value: { kind: 'shift', count: -1, length: { count: token.value } }, next };
};

/** "previous year to date", "last ytd": as much of the one before. */
const lastToDate: TimeReader = (context, at) => {
  if (!context.comparing || !/^(last|previous|prior)$/.test(lemmaAt(context, at))) return undefined;
  const word = lemmaAt(context, at + 1);
  const short = Object.hasOwn(TO_DATE, word) ? TO_DATE[word] : undefined;
  if (short) return { value: { kind: 'shift', unit: short, count: -1 }, next: at + 2 };
  const unit = unitAt(context, at + 1);
  return unit && says(context, at + 2, 'to date')
    ? { value: { kind: 'shift', unit, count: -1 }, next: at + 4 }
    : undefined;
};

const ALIKE =
  /^(day|week|month|quarter|year|period|time|weekday|date|point|stage|stretch|hour|part|timeframe|window|moment|portion)$/;

/** "same day last week", "same period a year ago", "this time last year", "the same point yesterday". */
const samePeriod: TimeReader = (context, at) => {
  if (!/^(same|this)$/.test(lemmaAt(context, at)) || !ALIKE.test(lemmaAt(context, at + 1))) return undefined;
  if (lemmaAt(context, at) === 'this' && lemmaAt(context, at + 1) !== 'time') return undefined;
  let index = at + 2;
  while (/^(of|in|the|a|1|from)$/.test(lemmaAt(context, index))) index++;
  if (YESTERDAY.test(lemmaAt(context, index))) {
    return { value: { kind: 'shift', unit: 'day', count: -1 }, next: index + 1 };
  }
  const ahead = /^(last|previous|prior|preceding)$/.test(lemmaAt(context, index));
  const unit = unitAt(context, ahead ? index + 1 : index);
  if (!unit || (!ahead && !/^(ago|before|earlier|prior)$/.test(lemmaAt(context, index + 1)))) return undefined;
  return { value: { kind: 'shift', unit, count: -1 }, next: index + 2 };
};

/** "week over week", "month on month", "yoy". */
export const over: TimeReader = (context, at) => {
  const word = lemmaAt(context, at);
  const short = Object.hasOwn(OVER, word) ? OVER[word] : undefined;
  if (short) return { value: { kind: 'over', unit: short }, next: at + 1 };
  const unit = unitAt(context, at);
  const repeated = unit && /^(over|on|versus|vs)$/.test(lemmaAt(context, at + 1)) && unitAt(context, at + 2) === unit;
  return repeated ? { value: { kind: 'over', unit }, next: at + 3 } : undefined;
};
