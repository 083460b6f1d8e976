import { readAbsolute } from './absolute.ts';
import { asPeriod, lemmaAt, says, type TimeContext, type TimeRead, type TimeReader, unitAt } from './context.ts';
import { before, currentUnit, since } from './period.ts';

/** Periods with one end: "since june", "until the end of october", "more than 5 days ago". */

/** "the beginning of the year", "the start of this month": the running unit from its first day. */
const beginning: TimeReader = (context, at) => edgeOf(context, at, /^(beginning|start|begin)$/);

/** "the end of october": what ends then. */
const ending: TimeReader = (context, at) => edgeOf(context, at, /^(end|close)$/);

function edgeOf(context: TimeContext, at: number, edge: RegExp): TimeRead {
  let index = lemmaAt(context, at) === 'the' ? at + 1 : at;
  if (!edge.test(lemmaAt(context, index)) || lemmaAt(context, index + 1) !== 'of') return undefined;
  index += 2;
  while (/^(the|this|current|our)$/.test(lemmaAt(context, index))) index++;
  const unit = unitAt(context, index);
  return unit && unit !== 'hour' ? asPeriod(currentUnit(context.clock, unit), index + 1) : readAbsolute(context, index);
}

/** "from september until now": since september. */
export const untilNow: TimeReader = (context, at) => {
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
export const bounded: TimeReader = (context, at) => {
  const two = says(context, at, 'up to') || says(context, at, 'prior to') || says(context, at, 'starting from');
  const word = two ? context.tokens[at]!.text : lemmaAt(context, at);
  if (!two && !/^(since|after|before|until|till)$/.test(word)) return undefined;
  // "the run-up to christmas" is no time before it.
  if (/^(run|lead|build)(ing)?$/.test(lemmaAt(context, at - 1))) return undefined;
  const from = at + (two ? 2 : 1);
  const end = ending(context, from);
  const read = end ?? beginning(context, from) ?? readAbsolute(context, from);
  if (read?.value.kind !== 'period') return undefined;
  const { period } = read.value;
  const past = { ...period, start: period.end };
  if (/^(since|starting)$/.test(word)) return asPeriod(since(context.clock, end ? past : period), read.next);
  if (word === 'after') return asPeriod(since(context.clock, past), read.next);
  const early = /^(before|prior)$/.test(word) || (!end && beginning(context, from));
  if (early) return asPeriod(before(end ? past : period), read.next);
  return asPeriod({ ...period, rule: `until:${period.rule}`, start: null }, read.next);
};

/** "since midnight", "since this morning": today until now. */
export const sinceMidnight: TimeReader = (context, at) => {
  const phrase = ['since midnight', 'since last midnight', 'since this morning', 'from midnight on'].find((one) =>
    says(context, at, one),
  );
  return phrase === undefined ? undefined : asPeriod(currentUnit(context.clock, 'day'), at + phrase.split(' ').length);
};

/** "since more than 3 days", "since 2 days": for so long. */
export const sinceLength: TimeReader = (context, at) => {
  if (lemmaAt(context, at) !== 'since') return undefined;
  const over = /^(over|about)$/.test(lemmaAt(context, at + 1)) ? 1 : 0;
  const index = at + 1 + (says(context, at + 1, 'more than') || says(context, at + 1, 'longer than') ? 2 : over);
  const token = context.tokens[index];
  const unit = unitAt(context, index + 1);
  if (token?.value === undefined || token.ordinal || !unit || lemmaAt(context, index + 2) === 'ago') return undefined;
  return { value: { kind: 'duration', unit, count: token.value }, next: index + 2 };
};

/** "more than 5 days ago": how long something has been going on. */
export const longAgo: TimeReader = (context, at) => {
  const two = says(context, at, 'more than') || says(context, at, 'longer than') || says(context, at, 'earlier than');
  if (!two && lemmaAt(context, at) !== 'over') return undefined;
  const number = context.tokens[at + (two ? 2 : 1)];
  const unit = unitAt(context, at + (two ? 3 : 2));
  const count = number?.value ?? (number?.text === 'a' ? 1 : undefined);
  if (count === undefined || !unit || lemmaAt(context, at + (two ? 4 : 3)) !== 'ago') return undefined;
  return { value: { kind: 'duration', unit, count }, next: at + (two ? 5 : 4) };
};
