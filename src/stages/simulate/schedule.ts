import { exponential, randomOf, STREAM } from '../workload/random.ts';

/** How orders are spread over time: evenly, or as independent customers come. */
export const ARRIVALS = ['uniform', 'poisson'] as const;
export type Arrivals = (typeof ARRIVALS)[number];

/** When orders are due, one after the other, in milliseconds from the start of the run. */
export interface Schedule {
  /** Due time of the next order; undefined after the last. */
  next(): number | undefined;
  /** How many orders the whole schedule has, where that is known beforehand. */
  total: number | undefined;
  /** How long it lasts, in milliseconds. */
  lengthMs: number;
}

/** Order i at i / rate: `count` orders, evenly. */
export function uniformSchedule(rate: number, count: number): Schedule {
  let n = 0;
  return {
    next: () => (n < count ? (n++ * 1_000) / rate : undefined),
    total: count,
    lengthMs: (count * 1_000) / rate,
  };
}

/** Independent arrivals at `rate` a second on average: for `lengthMs`, or `count` orders when that is given. */
export function poissonSchedule(rate: number, lengthMs: number, seed: number, count?: number): Schedule {
  const random = randomOf(seed, STREAM.arrivals);
  const meanMs = 1_000 / rate;
  let at = 0;
  let n = 0;
  return {
    next() {
      at += exponential(random) * meanMs;
      if (count === undefined ? at >= lengthMs : n >= count) return undefined;
      n++;
      return at;
    },
    total: count,
    lengthMs,
  };
}

/** Recorded moments (epoch milliseconds, ascending) replayed `speed` times as fast. */
export function recordedSchedule(moments: Float64Array, speed: number): Schedule {
  let n = 0;
  const first = moments[0] ?? 0;
  return {
    next: () => (n < moments.length ? (moments[n++]! - first) / speed : undefined),
    total: moments.length,
    lengthMs: ((moments.at(-1) ?? 0) - first) / speed,
  };
}
