import { addUnits, startOf, type Unit } from './calendar.ts';
import { toInstant, toWall } from './zone.ts';

/** The moment and place questions are asked at: every window is resolved against these two. */
export interface Clock {
  now: number;
  zone: string;
}

/** A half-open span of instants [start, end); start null = since ever. */
export interface Period {
  /** How it was derived, such as "last_complete:week x1". */
  rule: string;
  start: number | null;
  end: number;
  /** How far the period before lies: what "compared to the one before" moves by. */
  step: { unit: Unit; count: number };
  /** It is still running: it ends now, not at the end of its unit. */
  running?: boolean;
}

const wallNow = (clock: Clock) => toWall(clock.now, clock.zone);

function fromWalls(clock: Clock, rule: string, start: number, end: number, step: Period['step']): Period {
  return { rule, start: toInstant(start, clock.zone), end: toInstant(end, clock.zone), step };
}

/** Whole days or units [start, end) in wall time; what has not happened yet is cut off at now. */
export function spanOf(clock: Clock, rule: string, start: number, end: number, step: Period['step']): Period {
  const period = fromWalls(clock, rule, start, end, step);
  return period.end > clock.now ? { ...period, end: clock.now, running: true } : period;
}

/** From the beginning of the running unit until now. */
export function currentUnit(clock: Clock, unit: Unit): Period {
  const start = toInstant(startOf(unit, wallNow(clock)), clock.zone);
  return { rule: `current:${unit}`, start, end: clock.now, step: { unit, count: 1 }, running: true };
}

/** The `count` complete units before the running one, or, with `back` > 1, those that end that many units earlier. */
export function completeUnits(clock: Clock, unit: Unit, count: number, back = 1): Period {
  const end = addUnits(unit, 1 - back, startOf(unit, wallNow(clock)));
  const rule = back === 1 ? `last_complete:${unit} x${count}` : `${unit}:-${back}`;
  return fromWalls(clock, rule, addUnits(unit, -count, end), end, { unit, count });
}

/** The `count` whole days that end with yesterday. */
export function pastDays(clock: Clock, count: number): Period {
  return { ...completeUnits(clock, 'day', count), rule: `past_days:${count} (today excluded)` };
}

/** The `count` times 60 minutes until now, whatever the clocks did. */
export function rollingHours(clock: Clock, count: number): Period {
  const start = clock.now - count * 3_600_000;
  return { rule: `rolling_hours:${count}`, start, end: clock.now, step: { unit: 'hour', count } };
}

/** From the beginning of `period` until now. */
export function since(clock: Clock, period: Period): Period {
  const days = Math.max(1, Math.round((clock.now - (period.start ?? clock.now)) / 86_400_000));
  return {
    rule: `since:${period.rule}`,
    start: period.start,
    end: clock.now,
    step: { unit: 'day', count: days },
    running: true,
  };
}

/** Everything before the beginning of `period`. */
export function before(period: Period): Period {
  return { ...period, rule: `before:${period.rule}`, start: null, end: period.start ?? period.end };
}

export function allTime(clock: Clock): Period {
  return { rule: 'all_time', start: null, end: clock.now, step: { unit: 'day', count: 1 } };
}

/** Both ends moved by whole units in wall time, so that a running period is compared with the same elapsed time. */
export function shift(clock: Clock, period: Period, unit: Unit, count: number): Period {
  const move = (instant: number) =>
    unit === 'hour'
      ? instant + count * 3_600_000
      : toInstant(addUnits(unit, count, toWall(instant, clock.zone)), clock.zone);
  const start = period.start === null ? null : move(period.start);
  return { rule: `${period.rule} ${count} ${unit}`, start, end: move(period.end), step: period.step };
}

/** The period of the same length right before. */
export const previous = (clock: Clock, period: Period): Period =>
  shift(clock, period, period.step.unit, -period.step.count);
