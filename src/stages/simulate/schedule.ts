import type { Arrivals, Shape } from '../../config/simulate-choices.ts';
import { exponential, randomOf, STREAM } from '../workload/random.ts';
import { ascendingShares, Curve, SHAPE_POINTS } from './shapes.ts';

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

/** How many orders a run has, how long it lasts, and its greatest rate: any two of them give the third. */
export interface Pace {
  /** Orders a second, where the shape is highest. */
  peak: number;
  lengthMs: number;
  /** Exactly so many; undefined lets the arrivals decide. */
  orders: number | undefined;
}

/** What holds on a laptop with the whole life of every order; plain runs have kept their smaller defaults. */
const SHAPED_DEFAULTS = { peak: 200, lengthMs: 60_000 };
const PLAIN_DEFAULTS = { peak: 100, lengthMs: 30_000 };

/** @param asked what was given of rate, duration and orders; a rate together with orders leaves the duration open */
export function paceOf(
  shape: Shape | undefined,
  asked: { rate: number | undefined; durationMs: number | undefined; orders: number | undefined },
): Pace {
  const { mean } = new Curve(SHAPE_POINTS[shape ?? 'steady']);
  const defaults = shape === undefined ? PLAIN_DEFAULTS : SHAPED_DEFAULTS;
  const { rate, durationMs, orders } = asked;
  if (orders === undefined) {
    return { peak: rate ?? defaults.peak, lengthMs: durationMs ?? defaults.lengthMs, orders };
  }
  if (rate === undefined && durationMs !== undefined) {
    return { peak: (orders * 1_000) / (durationMs * mean), lengthMs: durationMs, orders };
  }
  const peak = rate ?? defaults.peak;
  return { peak, lengthMs: (orders * 1_000) / (peak * mean), orders };
}

/** Independent arrivals whose rate follows the shape, or orders at even shares of it. */
export function shapedSchedule(shape: Shape, pace: Pace, arrivals: Arrivals, seed: number): Schedule {
  const curve = new Curve(SHAPE_POINTS[shape]);
  const expected = (pace.peak * curve.mean * pace.lengthMs) / 1_000;
  const next = sharesOf(arrivals, pace.orders, expected, seed);
  return {
    next() {
      const share = next();
      return share === undefined || share >= 1 ? undefined : curve.timeAt(share) * pace.lengthMs;
    },
    total: pace.orders,
    lengthMs: pace.lengthMs,
  };
}

/** Which share of a run's orders has come when the next one is due; without a count until the shares reach 1. */
function sharesOf(arrivals: Arrivals, count: number | undefined, expected: number, seed: number) {
  const random = randomOf(seed, STREAM.arrivals);
  if (arrivals === 'poisson' && count !== undefined) return ascendingShares(count, random);
  let sum = 0;
  if (arrivals === 'poisson') {
    return () => {
      sum += exponential(random) / expected;
      return sum;
    };
  }
  const total = count ?? Math.max(1, Math.round(expected));
  let n = 0;
  return () => (n < total ? n++ / total : undefined);
}
