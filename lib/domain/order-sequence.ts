/**
 * Orders are clustered by a number that grows with time, so that InnoDB appends instead of scattering pages:
 * 41 bits of milliseconds since 2010, 10 bits of lane (the hub's partition), 2 bits of counter; below 2^53.
 */
const EPOCH_MS = Date.UTC(2010, 0, 1);
const LANES = 1_024;
const PER_MS = 4;

/** The lane of orders that came through no partition (seeded history). */
export const SEED_LANE = LANES - 1;

/**
 * The next number of a lane: greater than `last` (0 for none) even when the clock stood still or went back.
 * A lane that needs more than 4 numbers in a millisecond borrows from the following ones.
 */
export function nextOrderSequence(lane: number, atMs: number, last: number): number {
  const fromClock = (atMs - EPOCH_MS) * LANES * PER_MS + lane * PER_MS;
  if (fromClock > last) return fromClock;
  const counter = last % PER_MS;
  return counter < PER_MS - 1 ? last + 1 : last - counter + LANES * PER_MS;
}
