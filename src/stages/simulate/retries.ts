import type { Random } from '../workload/random.ts';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2_000;

/**
 * How long to wait before an order is posted again: what the server asks for, or 100 ms doubled with each attempt up to
 * 2 s; with up to half of it added at random, so that what failed together does not come back together.
 * @param attempt 1 for the first repetition
 */
export function retryDelay(attempt: number, askedMs: number | undefined, random: Random): number {
  const base = Math.min(askedMs ?? FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
  return base * (1 + random() / 2);
}
