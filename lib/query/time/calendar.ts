/** Arithmetic on wall times (see zone.ts): days are calendar days, weeks begin on Monday (ISO 8601). */

export const UNITS = ['hour', 'day', 'week', 'month', 'quarter', 'half', 'year'] as const;
export type Unit = (typeof UNITS)[number];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONTHS: Partial<Record<Unit, number>> = { month: 1, quarter: 3, half: 6, year: 12 };

/** 0 = Monday ... 6 = Sunday. */
export const weekdayOf = (wall: number): number => (new Date(wall).getUTCDay() + 6) % 7;

/** The wall time at which the unit that holds `wall` begins. */
export function startOf(unit: Unit, wall: number): number {
  if (unit === 'hour') return Math.floor(wall / HOUR) * HOUR;
  const day = Math.floor(wall / DAY) * DAY;
  if (unit === 'day') return day;
  if (unit === 'week') return day - weekdayOf(day) * DAY;
  const months = MONTHS[unit]!;
  const date = new Date(wall);
  return Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / months) * months, 1);
}

/** `count` units later (earlier when negative); the 31st becomes the last day of a shorter month. */
export function addUnits(unit: Unit, count: number, wall: number): number {
  if (unit === 'hour') return wall + count * HOUR;
  if (unit === 'day') return wall + count * DAY;
  if (unit === 'week') return wall + count * 7 * DAY;
  const date = new Date(wall);
  const month = date.getUTCMonth() + count * MONTHS[unit]!;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const first = Date.UTC(date.getUTCFullYear(), month, 1);
  return first + (Math.min(date.getUTCDate(), lastDay) - 1) * DAY + (wall % DAY);
}

/** Midnight of a date; `month` is 1..12. */
export const dateOf = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day);

/** Whether the calendar has such a day. */
export function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(dateOf(year, month, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Monday of an ISO week: week 1 is the one that holds 4 January. */
export const isoWeekStart = (year: number, week: number): number =>
  startOf('week', dateOf(year, 1, 4)) + (week - 1) * 7 * DAY;

/** The `nth` such weekday (0 = Monday) of a month. */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): number {
  const first = dateOf(year, month, 1);
  return first + (((weekday - weekdayOf(first) + 7) % 7) + (nth - 1) * 7) * DAY;
}

export const yearOf = (wall: number): number => new Date(wall).getUTCFullYear();
