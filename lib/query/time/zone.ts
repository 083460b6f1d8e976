/** Instants are milliseconds since 1970 UTC; a wall time is what a clock in the zone shows, held as if it were UTC. */

const MINUTE = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether this runtime knows the IANA zone name. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

const MOST_KEPT = 500;
const walls = new Map<string, number>();

/** What a clock in `zone` shows at `instant`; the last few hundred are kept, because one question asks for the same few. */
export function toWall(instant: number, zone: string): number {
  const key = `${instant} ${zone}`;
  const kept = walls.get(key);
  if (kept !== undefined) return kept;
  if (walls.size >= MOST_KEPT) walls.clear();
  const wall = computeWall(instant, zone);
  walls.set(key, wall);
  return wall;
}

function computeWall(instant: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(instant)) part[type] = Number(value);
  const whole = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  return whole + (((instant % 1_000) + 1_000) % 1_000);
}

/** Minutes to add to UTC to get the wall time at `instant`. */
export const offsetMinutes = (instant: number, zone: string): number =>
  Math.round((toWall(instant, zone) - instant) / MINUTE);

/** The first instant at which a clock in `zone` shows `wall`, or, in the hour a clock skips, the instant after the gap. */
export function toInstant(wall: number, zone: string): number {
  const before = offsetMinutes(wall - 24 * 60 * MINUTE, zone);
  const after = offsetMinutes(wall + 24 * 60 * MINUTE, zone);
  const fits = [before, after].map((offset) => wall - offset * MINUTE).filter((at) => toWall(at, zone) === wall);
  return fits.length > 0 ? Math.min(...fits) : wall - before * MINUTE;
}

export interface OffsetSpan {
  /** First instant that this offset holds no more; undefined for the last span. */
  until: number | undefined;
  minutes: number;
}

const STEP = 20 * 24 * 60 * MINUTE;

/** The UTC offsets in force between two instants, in order; changes are found to the minute. */
export function offsetSpans(start: number, end: number, zone: string): OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let minutes = offsetMinutes(start, zone);
  for (let at = start; at < end; at += STEP) {
    const next = offsetMinutes(Math.min(at + STEP, end), zone);
    if (next === minutes) continue;
    spans.push({ until: findChange(at, Math.min(at + STEP, end), zone), minutes });
    minutes = next;
  }
  return [...spans, { until: undefined, minutes }];
}

function findChange(low: number, high: number, zone: string): number {
  const before = offsetMinutes(low, zone);
  let [same, changed] = [Math.floor(low / MINUTE), Math.ceil(high / MINUTE)];
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (offsetMinutes(middle * MINUTE, zone) === before) same = middle;
    else changed = middle;
  }
  return changed * MINUTE;
}
