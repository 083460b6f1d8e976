import type { TimeDimension } from '../model/names.ts';
import type { Window } from '../plan.ts';
import { offsetSpans } from '../time/zone.ts';
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
  const last = spans.at(-1)!.minutes;
  if (spans.length === 1) return last === 0 ? column : `(${column} + INTERVAL ${last} MINUTE)`;
  const cases = spans
    .slice(0, -1)
    .map((span) => `WHEN ${column} < '${instantText(span.until!)}' THEN ${span.minutes}`)
    .join(' ');
  return `(${column} + INTERVAL CASE ${cases} ELSE ${last} END MINUTE)`;
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

/** The bucket of a time dimension that a row falls into, in the zone of the question; weekdays are 0 = Monday. */
export const bucketOf = (dimension: TimeDimension, column: string, window: Window, zone: string): string =>
  BUCKETS[dimension](localTime(column, window, zone));
