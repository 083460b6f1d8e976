import { firstAbove, logNormal, randomOf, STREAM } from '../workload/random.ts';

const HOUR_MS = 3_600_000;

/** Orders a year from now per order a year ago. */
const YEARLY_GROWTH = 1.5;
const YEAR_MS = 365.25 * 24 * HOUR_MS;

/** How much the days of one weekday differ among themselves. */
const DAILY_NOISE = 0.08;

/** Share of a day's orders by local hour: quiet nights, a hump at noon, a higher one in the evening. */
const BY_HOUR = [12, 7, 5, 4, 4, 6, 12, 22, 34, 44, 52, 58, 62, 56, 50, 48, 50, 56, 66, 78, 84, 74, 50, 26];

const BY_WEEKDAY: Record<string, number> = { Mon: 1.05, Tue: 1, Wed: 0.98, Thu: 1, Fri: 0.95, Sat: 1.1, Sun: 1.2 };

interface LocalHour {
  weekday: string;
  month: number;
  day: number;
  hour: number;
}

function localHours(timeZone: string): (at: number) => LocalHour {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
  });
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
    return {
      weekday: parts.weekday!,
      month: Number(parts.month),
      day: Number(parts.day),
      hour: Number(parts.hour),
    };
  };
}

/** First and last day of the sale's weekdays, counted from the first of November, and how much more is bought. */
const SALE: Record<string, [first: number, last: number, factor: number]> = {
  Fri: [23, 29, 4],
  Sat: [24, 30, 2],
  Sun: [25, 31, 2],
  Mon: [26, 32, 3],
};
const DAYS_OF_NOVEMBER = 30;

/** Black Friday is the day after the fourth Thursday of November; the Monday after it belongs to the same sale. */
function seasonFactor({ weekday, month, day }: LocalHour): number {
  const [first, last, factor] = SALE[weekday] ?? [0, 0, 1];
  const novemberDay = month === 11 ? day : month === 12 ? day + DAYS_OF_NOVEMBER : 0;
  if (novemberDay >= first && novemberDay <= last) return factor;
  return month === 12 && day <= 20 ? 1.3 : 1;
}

/** When orders come: positions in the history, from 0 (its start) to 1 (its end), mapped to times. */
export interface Demand {
  /** @returns milliseconds since 1970, ascending with the position */
  timeAt(position: number): number;
}

/**
 * The demand between two moments: growing, with the rhythm of weekdays and hours in the shop's zone, peaks around
 * Black Friday, more before Christmas, and some noise from day to day.
 */
export function demandBetween(from: number, until: number, timeZone: string, seed: number): Demand {
  const localHour = localHours(timeZone);
  const slots = Math.max(1, Math.ceil((until - from) / HOUR_MS));
  const upTo = new Float64Array(slots);
  let sum = 0;
  for (let slot = 0; slot < slots; slot++) {
    const start = from + slot * HOUR_MS;
    const local = localHour(start);
    const dayNoise = logNormal(randomOf(seed, STREAM.demand, Math.floor(start / (24 * HOUR_MS))), 1, DAILY_NOISE);
    const length = Math.min(HOUR_MS, until - start) / HOUR_MS;
    const growth = YEARLY_GROWTH ** ((start - until) / YEAR_MS);
    sum += length * growth * dayNoise * BY_HOUR[local.hour]! * BY_WEEKDAY[local.weekday]! * seasonFactor(local);
    upTo[slot] = sum;
  }
  return {
    timeAt(position) {
      const wanted = position * sum;
      const slot = firstAbove(upTo, wanted);
      const before = slot > 0 ? upTo[slot - 1]! : 0;
      const share = (wanted - before) / (upTo[slot]! - before);
      const start = from + slot * HOUR_MS;
      return Math.floor(start + share * Math.min(HOUR_MS, until - start));
    },
  };
}
