import type { Random } from './random.ts';

/** Draws ranks 0..size-1, rank r with a weight of 1 / (r + 1)^s; s = 0 makes all alike. */
export function zipfSampler(size: number, s: number): (random: Random) => number {
  const cumulative = new Float64Array(size);
  let sum = 0;
  for (let rank = 0; rank < size; rank++) {
    sum += 1 / (rank + 1) ** s;
    cumulative[rank] = sum;
  }
  return (random) => firstAbove(cumulative, random() * sum);
}

function firstAbove(cumulative: Float64Array, wanted: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cumulative[middle]! > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}
