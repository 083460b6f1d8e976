import type { TimeDimension } from '../model/names.ts';
import type { Window } from '../plan.ts';
import { addUnits } from '../time/calendar.ts';
import { offsetSpans, toWall } from '../time/zone.ts';
import { instantText } from './fragment.ts';

/** Where windows without a beginning are taken to begin: offsets before it are not written out. */
const EARLIEST = Date.UTC(2015, 0, 1);

/**
 * A UTC column as local time. The offsets come from Intl, because the zone tables of a fresh server are empty and
 * CONVERT_TZ by name gives NULL there.
 */
function localTime(column: string, window: Window, zone: string): string {
  const start = window.start === null ? EARLIEST : Date.parse(window.start);
  const spans = offsetSpans(start, Math.max(start, Date.parse(window.end)), zone);
  const first = spans[0]!.minutes;
  if (spans.length === 1) return first === 0 ? column : `(${column} + INTERVAL ${first} MINUTE)`;
  // The newest first: most rows are compared once, however long the history.
  const cases = spans
    .slice(1)
    .map(({ minutes }, index) => `WHEN ${column} >= '${instantText(spans[index]!.until!)}' THEN ${minutes}`)
    .toReversed()
    .join(' ');
  return `(${column} + INTERVAL CASE ${cases} ELSE ${first} END MINUTE)`;
}

const BUCKETS: Record<TimeDimension, (local: string) => string> = {
  day: (local) => `DATE_FORMAT(${local}, '%Y-%m-%d')`,
  week: (local) => `DATE_FORMAT(${local} - INTERVAL WEEKDAY(${local}) DAY, '%Y-%m-%d')`,
  month: (local) => `DATE_FORMAT(${local}, '%Y-%m')`,
  quarter: (local) => `CONCAT(YEAR(${local}), '-Q', QUARTER(${local}))`,
  year: (local) => `CAST(YEAR(${local}) AS CHAR)`,
  hour_of_day: (local) => `HOUR(${local})`,
  weekday: (local) => `WEEKDAY(${local})`,
};

/**
 * The bucket of a time dimension that a row falls into, in the zone of the question; weekdays are 0 = Monday.
 * `shift` is an interval that moves the rows first, to lay one period over another.
 */
export function bucketOf(
  dimension: TimeDimension,
  column: string,
  window: Window,
  { zone, shift }: { zone: string; shift?: string | undefined },
): string {
  const local = localTime(column, window, zone);
  return BUCKETS[dimension](shift ? `(${local} + INTERVAL ${shift})` : local);
}

/**
 * How far the window lies after the one it is compared with, as an interval: what puts the first day of the one beside
 * the first day of the other. Undefined when one of them has no beginning.
 */
export function distanceBetween(window: Window, other: Window, zone: string): string | undefined {
  if (window.start === null || other.start === null) return undefined;
  const [to, from] = [toWall(Date.parse(window.start), zone), toWall(Date.parse(other.start), zone)];
  const [later, earlier] = [new Date(to), new Date(from)];
  const months = (later.getUTCFullYear() - earlier.getUTCFullYear()) * 12 + later.getUTCMonth() - earlier.getUTCMonth();
  if (addUnits('month', months, from) === to) return `${months} MONTH`;
  return `${Math.round((to - from) / 86_400_000)} DAY`;
}
