/** A stream of numbers in [0, 1) that is the same for the same seed on every machine. */
export type Random = () => number;

/** What a stream is for: things of different kinds must not share their luck. */
export const STREAM = {
  time: 1,
  customer: 2,
  order: 3,
  buyer: 4,
  catalogue: 5,
  demand: 6,
  simulatedOrder: 7,
  arrivals: 8,
  retries: 9,
  fate: 10,
  disturbance: 11,
  buyers: 20,
  people: 21,
  campaigns: 22,
  baskets: 23,
} as const;

/** Steps after which the state no longer shows how it was set. */
const WARM_UP = 12;

/**
 * The stream of the `n`-th thing of a kind (sfc32, 128 bits of state). Each thing has a stream of its own, so that
 * order 900,000 can be made without those before it.
 */
export function randomOf(seed: number, stream: number, n = 0): Random {
  let a = seed | 0;
  let b = n | 0;
  let c = stream | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4_294_967_296;
  };
  for (let step = 0; step < WARM_UP; step++) next();
  return next;
}

export const chance = (random: Random, probability: number): boolean => random() < probability;

export const between = (random: Random, low: number, high: number): number => low + random() * (high - low);

/** A whole number from low to high, both included. */
export const wholeBetween = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1));

/** Values with their weights; the weights need not add up to one. */
export type Weighted<Value> = readonly (readonly [value: Value, weight: number])[];

export function pick<Value>(random: Random, weighted: Weighted<Value>): Value {
  let total = 0;
  for (const [, weight] of weighted) total += weight;
  let left = random() * total;
  for (const [value, weight] of weighted) {
    left -= weight;
    if (left < 0) return value;
  }
  return weighted.at(-1)![0];
}

/** How many tries until the first success: 1, 2, 3, ... with the given mean (>= 1). */
export const geometric = (random: Random, mean: number): number =>
  mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / mean));

/** A waiting time of a Poisson process, in units of its mean. */
export const exponential = (random: Random): number => -Math.log(1 - random());

/** Positive, with the given median; sigma 0.3 keeps two thirds within a factor of 1.35. */
export function logNormal(random: Random, median: number, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return median * Math.exp(sigma * normal);
}

/** Draws ranks 0..size-1, rank r with a weight of 1 / (r + 1)^exponent; 0 makes all alike. */
export function zipf(size: number, exponent: number): (random: Random) => number {
  const upTo = new Float64Array(size);
  let sum = 0;
  for (let rank = 0; rank < size; rank++) {
    sum += 1 / (rank + 1) ** exponent;
    upTo[rank] = sum;
  }
  return (random) => firstAbove(upTo, random() * sum);
}

/** Index of the first of the ascending values that is greater than `wanted`; the last index when none is. */
export function firstAbove(ascending: Float64Array, wanted: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
