/** A stream of numbers in [0, 1) that is the same for the same seed on every machine. */
export type Random = () => number;

const mix = (value: number): number => {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/**
 * The stream of the `n`-th thing under a seed (mulberry32). Each order has a stream of its own, so that order n can be
 * made again at any time without making those before it.
 */
export function randomOf(seed: number, n = 0): Random {
  let state = mix(mix(seed) ^ Math.imul(n + 1, 0x9e3779b1));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A value drawn by its weight; the weights need not add up to one. */
export function pick<Value>(random: Random, weighted: readonly (readonly [Value, number])[]): Value {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [value, weight] of weighted) {
    left -= weight;
    if (left < 0) return value;
  }
  return weighted.at(-1)![0];
}

/** How many tries until the first success: 1, 2, 3, ... with the given mean (>= 1). */
export function geometric(random: Random, mean: number): number {
  return mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / mean));
}

/** A waiting time of a Poisson process, in units of its mean. */
export const exponential = (random: Random): number => -Math.log(1 - random());
