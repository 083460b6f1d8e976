import type { Token } from '../language/tokens.ts';
import { UNITS, type Unit } from './calendar.ts';
import type { Named } from './named.ts';
import { type Clock, type Period, spanOf } from './period.ts';

/** What the words about time of a question say. */
export type TimeValue =
  | { kind: 'period'; period: Period }
  /**
   * Moves the window it is compared with: "the week before", "same day last week"; no unit = by its own length, which is
   * the one that is said: "the 90 before", "the 14 days before".
   */
  | { kind: 'shift'; unit?: Unit; count: number; length?: { unit?: Unit; count: number } }
  /** "week over week": the last complete unit against the one `count` of `by` before it. */
  | { kind: 'over'; unit: Unit }
  | { kind: 'now' }
  /** "2 days", when it is no window. */
  | { kind: 'duration'; unit: Unit; count: number }
  | { kind: 'future' };

/** Where in the question it was said: tokens [from, to), of which those before `core` are prepositions. */
export type TimeSpan = TimeValue & { from: number; core: number; to: number };

export interface TimeContext {
  tokens: readonly Token[];
  clock: Clock;
  /** What the clock on the wall shows. */
  wall: number;
  /** The question compares: "from september to october" then names two periods, not one. */
  comparing: boolean;
}

export type TimeRead = { value: TimeValue; next: number } | undefined;
export type TimeReader = (context: TimeContext, at: number) => TimeRead;

export const lemmaAt = (context: TimeContext, at: number): string => context.tokens[at]?.lemma ?? '';

/** Whether the words at a token are these. */
export const says = (context: TimeContext, at: number, phrase: string) =>
  phrase.split(' ').every((word, index) => context.tokens[at + index]?.text === word);

/** The unit a token names: "weeks" -> week. */
export const unitAt = (context: TimeContext, at: number): Unit | undefined =>
  UNITS.find((unit) => unit === lemmaAt(context, at));

export const asPeriod = (period: Period, next: number): TimeRead => ({ value: { kind: 'period', period }, next });

/** A named stretch of the calendar as a window; what lies in the future is cut off. */
export const periodOf = (context: TimeContext, named: Named): Period =>
  spanOf(context.clock, named.rule, named.start, named.end, { unit: named.unit, count: named.count });
