import { addUnits, startOf, type Unit, weekdayOf } from './calendar.ts';
import { asPeriod, lemmaAt, periodOf, type TimeContext, type TimeRead, type TimeReader, unitAt } from './context.ts';
import { readNamed } from './named.ts';
import { allTime, before, completeUnits, currentUnit, pastDays, rollingHours, since, spanOf } from './period.ts';

const TO_DATE: Record<string, Unit> = { wtd: 'week', mtd: 'month', qtd: 'quarter', ytd: 'year' };
const OVER: Record<string, Unit> = { wow: 'week', mom: 'month', qoq: 'quarter', yoy: 'year', dod: 'day' };

/** Whether the words at a token are these. */
const says = (context: TimeContext, at: number, phrase: string) =>
  phrase.split(' ').every((word, index) => context.tokens[at + index]?.text === word);

const phraseLength = (context: TimeContext, at: number, phrases: readonly string[]) =>
  phrases.find((phrase) => says(context, at, phrase))?.split(' ').length;

const ALL_TIME = [
  'all time',
  'all times',
  'of all time',
  'ever',
  'since ever',
  'since the beginning',
  'overall',
  'to date',
  'lifetime to date',
  'in total so far',
];
const NOW = [
  'right now',
  'at the moment',
  'as of now',
  'as of today',
  'at present',
  'currently',
  'current',
  'now',
  'presently',
  'atm',
];
const YESTERDAY = /^(yesterday|yday)$/;

const dayWords: TimeReader = (context, at) => {
  const { clock } = context;
  const word = lemmaAt(context, at);
  if (says(context, at, 'day before yesterday')) return asPeriod(completeUnits(clock, 'day', 1, 2), at + 3);
  if (word === 'today') return asPeriod(currentUnit(clock, 'day'), at + 1);
  if (YESTERDAY.test(word)) return asPeriod({ ...completeUnits(clock, 'day', 1), rule: 'last_complete:day' }, at + 1);
  const unit = Object.hasOwn(TO_DATE, word) ? TO_DATE[word] : undefined;
  return unit && asPeriod(currentUnit(clock, unit), at + 1);
};

const fixedPhrases: TimeReader = (context, at) => {
  const all = phraseLength(context, at, ALL_TIME);
  if (all) return asPeriod(allTime(context.clock), at + all);
  const now = phraseLength(context, at, NOW);
  if (now && !unitAt(context, at + now)) return { value: { kind: 'now' }, next: at + now };
  if (/^(tomorrow|next|upcoming|coming)$/.test(lemmaAt(context, at)))
    return { value: { kind: 'future' }, next: at + 1 };
  return undefined;
};

/** "this month", "the current quarter so far", "month to date", "so far this year". */
const current: TimeReader = (context, at) => {
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

const LAST = /^(last|past|previous|prior|trailing|preceding|recent|latest|final)$/;

/** "last 30 days", "past 24 hours", "last week", "previous 2 full quarters", "last couple of weeks". */
const last: TimeReader = (context, at) => {
  if (!LAST.test(lemmaAt(context, at))) return undefined;
  let index = at + 1;
  const token = context.tokens[index];
  const count = token?.value !== undefined && !token.ordinal && !token.money ? token.value : undefined;
  if (count !== undefined) index++;
  while (/^(of|full|complete|whole|calendar|consecutive|rolling|iso)$/.test(lemmaAt(context, index))) index++;
  if (lemmaAt(context, index) === 'fortnight') return asPeriod(pastDays(context.clock, 14 * (count ?? 1)), index + 1);
  const unit = unitAt(context, index);
  if (!unit || count === 0 || (count !== undefined && !Number.isInteger(count))) return undefined;
  const rolling = /^(past|trailing|recent)$/.test(lemmaAt(context, at));
  return asPeriod(lastUnits(context, unit, count ?? 1, rolling), index + 1);
};

function lastUnits({ clock }: TimeContext, unit: Unit, count: number, rolling: boolean) {
  if (unit === 'hour') return rollingHours(clock, count);
  if (unit === 'day') return count === 1 ? completeUnits(clock, 'day', 1) : pastDays(clock, count);
  if (unit === 'week' && count === 1 && rolling) return pastDays(clock, 7);
  return completeUnits(clock, unit, count);
}

/** "last weekend", "this weekend", "the weekend before last". */
const weekend: TimeReader = (context, at) => {
  const index = /^(last|past|this|previous)$/.test(lemmaAt(context, at)) ? at + 1 : at;
  if (context.tokens[index]?.text !== 'weekend') return undefined;
  const saturday = addUnits('day', -((weekdayOf(context.wall) + 2) % 7), startOf('day', context.wall));
  const complete = addUnits('day', 2, saturday) <= context.wall ? saturday : addUnits('day', -7, saturday);
  const start = lemmaAt(context, at) === 'this' ? saturday : complete;
  const period = spanOf(context.clock, 'last_weekend', start, addUnits('day', 2, start), { unit: 'week', count: 1 });
  return asPeriod(period, index + 1);
};

/** "3 days ago", "a week ago": the whole unit that far back. */
const ago: TimeReader = (context, at) => {
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

/** "the week before last", "the week before", "the 90 before", "the previous period", "same day last week". */
const shifted: TimeReader = (context, at) => {
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
  return beforeByLength(context, start) ?? samePeriod(context, start);
};

const startsPeriod = (context: TimeContext, at: number) => Boolean(readAbsolute(context, at));

const beforeByLength: TimeReader = (context, at) => {
  const number = context.tokens[at]?.value;
  const index = at + (number === undefined ? 0 : 1);
  const afterUnit = unitAt(context, index) && number !== undefined ? index + 1 : index;
  if (number !== undefined && /^(before|prior|earlier|preceding)$/.test(lemmaAt(context, afterUnit))) {
    return {
      value: { kind: 'shift', count: -1 },
      next: afterUnit + (lemmaAt(context, afterUnit + 1) === 'that' ? 2 : 1),
    };
  }
  const named = /^(previous|prior|preceding|last|earlier)$/.test(lemmaAt(context, at));
  if (named && /^(period|1|time|timeframe)$/.test(lemmaAt(context, at + 1))) {
    return { value: { kind: 'shift', count: -1 }, next: at + 2 };
  }
  return undefined;
};

/** "same day last week", "same period a year ago", "this time last year", "same month of the previous year". */
const samePeriod: TimeReader = (context, at) => {
  if (!/^(same|this)$/.test(lemmaAt(context, at))) return undefined;
  if (!/^(day|week|month|quarter|year|period|time|weekday|date)$/.test(lemmaAt(context, at + 1))) return undefined;
  if (lemmaAt(context, at) === 'this' && lemmaAt(context, at + 1) !== 'time') return undefined;
  let index = at + 2;
  while (/^(of|in|the|a|1|from)$/.test(lemmaAt(context, index))) index++;
  const ahead = /^(last|previous|prior|preceding)$/.test(lemmaAt(context, index));
  const unit = unitAt(context, ahead ? index + 1 : index);
  if (!unit || (!ahead && !/^(ago|before|earlier|prior)$/.test(lemmaAt(context, index + 1)))) return undefined;
  return { value: { kind: 'shift', unit, count: -1 }, next: index + 2 };
};

/** "week over week", "month on month", "yoy". */
const over: TimeReader = (context, at) => {
  const word = lemmaAt(context, at);
  const short = Object.hasOwn(OVER, word) ? OVER[word] : undefined;
  if (short) return { value: { kind: 'over', unit: short }, next: at + 1 };
  const unit = unitAt(context, at);
  const repeated = unit && /^(over|on|versus|vs)$/.test(lemmaAt(context, at + 1)) && unitAt(context, at + 2) === unit;
  return repeated ? { value: { kind: 'over', unit }, next: at + 3 } : undefined;
};

const named: TimeReader = (context, at) => {
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

const ABSOLUTE: TimeReader[] = [dayWords, current, weekend, ago, last, named];

function readAbsolute(context: TimeContext, at: number): TimeRead {
  const start = lemmaAt(context, at) === 'the' ? at + 1 : at;
  for (const reader of ABSOLUTE) {
    const read = reader(context, start);
    if (read?.value.kind === 'period') return read;
  }
  return undefined;
}

/** "the beginning of the year", "the start of this month": the running unit from its first day. */
const beginning: TimeReader = (context, at) => {
  let index = lemmaAt(context, at) === 'the' ? at + 1 : at;
  if (!/^(beginning|start|begin)$/.test(lemmaAt(context, index)) || lemmaAt(context, index + 1) !== 'of')
    return undefined;
  index += 2;
  while (/^(the|this|current|our)$/.test(lemmaAt(context, index))) index++;
  const unit = unitAt(context, index);
  return unit && unit !== 'hour' ? asPeriod(currentUnit(context.clock, unit), index + 1) : readAbsolute(context, index);
};

/** "from september until now": since september. */
const untilNow: TimeReader = (context, at) => {
  const opened = /^(from|since|starting)$/.test(lemmaAt(context, at));
  const read = opened ? (beginning(context, at + 1) ?? readAbsolute(context, at + 1)) : undefined;
  if (read?.value.kind !== 'period') return undefined;
  const end = [
    'until now',
    'till now',
    'up to now',
    'to now',
    'to date',
    'until today',
    'up to today',
    'onwards',
    'onward',
    'on',
  ];
  const phrase = end.find((one) => says(context, read.next, one));
  if (!phrase || (phrase === 'on' && context.tokens[read.next + 1])) return undefined;
  return asPeriod(since(context.clock, read.value.period), read.next + phrase.split(' ').length);
};

/** "since X", "from X on", "after X", "before X", "until X", "up to X". */
const bounded: TimeReader = (context, at) => {
  const two = says(context, at, 'up to') || says(context, at, 'prior to') || says(context, at, 'starting from');
  const word = two ? context.tokens[at]!.text : lemmaAt(context, at);
  if (!two && !/^(since|after|before|until|till)$/.test(word)) return undefined;
  const read = beginning(context, at + (two ? 2 : 1)) ?? readAbsolute(context, at + (two ? 2 : 1));
  if (read?.value.kind !== 'period') return undefined;
  const { period } = read.value;
  if (/^(since|starting)$/.test(word)) return asPeriod(since(context.clock, period), read.next);
  if (word === 'after') return asPeriod(since(context.clock, { ...period, start: period.end }), read.next);
  if (/^(before|prior)$/.test(word)) return asPeriod(before(period), read.next);
  return asPeriod({ ...period, rule: `until:${period.rule}`, start: null }, read.next);
};

/** "more than 5 days ago": how long something has been going on. */
const longAgo: TimeReader = (context, at) => {
  const two = says(context, at, 'more than') || says(context, at, 'longer than') || says(context, at, 'earlier than');
  if (!two && lemmaAt(context, at) !== 'over') return undefined;
  const number = context.tokens[at + (two ? 2 : 1)];
  const unit = unitAt(context, at + (two ? 3 : 2));
  const count = number?.value ?? (number?.text === 'a' ? 1 : undefined);
  if (count === undefined || !unit || lemmaAt(context, at + (two ? 4 : 3)) !== 'ago') return undefined;
  return { value: { kind: 'duration', unit, count }, next: at + (two ? 5 : 4) };
};

const READERS: TimeReader[] = [
  longAgo,
  untilNow,
  bounded,
  over,
  shifted,
  dayWords,
  current,
  weekend,
  ago,
  last,
  fixedPhrases,
];

/** Every way to speak of time but by a calendar name. */
export function readRelative(context: TimeContext, at: number): TimeRead {
  for (const reader of READERS) {
    const read = reader(context, at);
    if (read) return read;
  }
  return undefined;
}

export const readNamedPeriod = named;
