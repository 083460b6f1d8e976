import type { Token } from '../language/tokens.ts';
import { readNamedPeriod } from './absolute.ts';
import {
  lemmaAt,
  type TimeContext,
  type TimeRead,
  type TimeReader,
  type TimeSpan,
  type TimeValue,
  unitAt,
} from './context.ts';
import { partOf } from './parts.ts';
import type { Clock } from './period.ts';
import { readRange } from './range.ts';
import { readRelative } from './relative.ts';
import { toWall } from './zone.ts';

const PREPOSITION = /^(in|on|for|during|over|within|throughout|from|of|at|as|the|through|across|between|so|only|just)$/;
const COMPARING =
  /^(compare|compared|comparing|comparison|versus|vs|v|against|difference|change|changed|growth|grow|grew|grown|than|retention|retained|retain)$/;

/** "in a week", "over a day" is a length; "orders a day" counts them by day. */
const isLength = (context: TimeContext, at: number) =>
  /^(in|for|than|over|within|about|of|least|most|exceeding|beyond)$/.test(lemmaAt(context, at - 1)) ||
  /^(ago|old|or)$/.test(lemmaAt(context, at + 2));

/** "2 days", "a week", "48 hours": a length, not a window. */
const duration: TimeReader = (context, at) => {
  const token = context.tokens[at];
  const article = /^(a|an)$/.test(token?.text ?? '') && isLength(context, at);
  const count = token?.value ?? (article ? 1 : undefined);
  if (count === undefined || token?.ordinal || token?.money || token?.percent) return undefined;
  if (lemmaAt(context, at + 1) === 'fortnight')
    return { value: { kind: 'duration', unit: 'day', count: 14 }, next: at + 2 };
  const unit = unitAt(context, at + 1);
  if (/^of (stock|cover|inventory|supply)/.test(`${lemmaAt(context, at + 2)} ${lemmaAt(context, at + 3)}`))
    return undefined;
  return unit && { value: { kind: 'duration', unit, count }, next: at + 2 };
};

/** "top 3 october" ranks three, it does not mean the 3rd. */
const isRankNumber = ({ tokens }: TimeContext, at: number) =>
  tokens[at]?.value !== undefined && /^(top|bottom|best|worst|highest|lowest)$/.test(tokens[at - 1]?.lemma ?? '');

/** "between 1000 and 2000", "over 2000": an amount as round as that is no year of a shop. */
const isBound = ({ tokens }: TimeContext, at: number) =>
  /^(19|20)[05]0$/.test(tokens[at]?.lemma ?? '') &&
  /^(over|above|under|below|than|least|most|exceeding|beyond|and|worth|by)$/.test(tokens[at - 1]?.text ?? '');

const isModalMay = ({ tokens }: TimeContext, at: number) =>
  tokens[at]?.text === 'may' && /^(i|we|you|be|have|it)$/.test(tokens[at + 1]?.text ?? '');

function readAt(context: TimeContext, at: number): TimeRead {
  if (isRankNumber(context, at) || isBound(context, at) || isModalMay(context, at)) return undefined;
  return (
    partOf(context, at) ??
    readRange(context, at) ??
    readRelative(context, at) ??
    readNamedPeriod(context, at) ??
    duration(context, at)
  );
}

/** With the prepositions before it, which then belong to the time: "in the last 30 days". */
function readWithPrepositions(context: TimeContext, at: number, taken: (index: number) => boolean) {
  let index = at;
  while (!taken(index)) {
    const read = readAt(context, index);
    if (read) return read.value.kind === 'duration' && index > at ? undefined : { ...read, core: index };
    if (!PREPOSITION.test(lemmaAt(context, index))) return undefined;
    index++;
  }
  return undefined;
}

/** "between the 5th and the 20th, both days included": as it is anyway. */
function pastInclusive({ tokens }: TimeContext, value: TimeValue, next: number): number {
  if (value.kind !== 'period' || !/^(between|since|until):/.test(value.period.rule)) return next;
  const words = tokens.slice(next, next + 5).map((token) => token.lemma);
  const said = /^(, )?(both )?((day|date|end) )?(inclusive|incl|included)\b/.exec(words.join(' '));
  return said ? next + said[0].split(' ').length : next;
}

/** "last week at the same point": a running period is held against as much of the other one anyway. */
function pastAlike({ tokens, comparing }: TimeContext, { kind }: TimeValue, next: number): number {
  if (!comparing || kind !== 'period') return next;
  const at = next + (tokens[next]?.lemma === 'up' ? 1 : 0);
  const words = tokens.slice(at, at + 4).map((token) => token.lemma);
  const isAlike = /^(at|by|to|until|till) (the|this) same (point|time|stage|moment|hour|date)$/.test(words.join(' '));
  return isAlike ? at + 4 : next;
}

/** Every expression of time in a question, in order; `taken` are tokens that mean something else. */
export function findTimes(tokens: readonly Token[], clock: Clock, taken: (index: number) => boolean): TimeSpan[] {
  const comparing = tokens.some((token) => COMPARING.test(token.lemma));
  const context: TimeContext = { tokens, clock, wall: toWall(clock.now, clock.zone), comparing };
  const spans: TimeSpan[] = [];
  for (let at = 0; at < tokens.length; ) {
    const read = readWithPrepositions(context, at, taken);
    const next = read ? pastAlike(context, read.value, pastInclusive(context, read.value, read.next)) : at + 1;
    if (read) spans.push({ ...read.value, from: at, core: read.core, to: next });
    at = next;
  }
  return spans;
}
