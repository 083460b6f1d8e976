const QUARTER_HOUR = 900_000;
const DAY = 86_400_000;
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Local time as if it were UTC, by the offset `Intl` gives; offsets change on the quarter of an hour at the earliest. */
export function wallClock(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsets = new Map<number, number>();
  const offsetAt = (at: number) => {
    const name = format.formatToParts(at).find((part) => part.type === 'timeZoneName')!.value;
    const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [null, '+', '0', '0'];
    return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  };
  return (at) => {
    const slot = Math.floor(at / QUARTER_HOUR);
    const offset = offsets.get(slot) ?? offsetAt(at);
    offsets.set(slot, offset);
    return at + offset;
  };
}

export const dayOf = (wall: number): string => new Date(wall).toISOString().slice(0, 10);

const BUCKETS: Record<string, (date: Date, wall: number) => string | number> = {
  day: (_, wall) => dayOf(wall),
  week: (date, wall) => dayOf(wall - ((date.getUTCDay() + 6) % 7) * DAY),
  month: (_, wall) => dayOf(wall).slice(0, 7),
  quarter: (date) => `${date.getUTCFullYear()}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`,
  year: (date) => date.getUTCFullYear(),
  hour_of_day: (date) => date.getUTCHours(),
  weekday: (date) => WEEKDAYS[date.getUTCDay()]!,
};

/** The bucket of a local time; undefined when `name` is no dimension of time. */
export const bucketOf = (name: string, wall: number): string | number | undefined =>
  BUCKETS[name]?.(new Date(wall), wall);
