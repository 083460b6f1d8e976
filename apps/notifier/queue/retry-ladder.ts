/** After 5 s, 30 s, 2 min, 10 min, then every hour: half a day is enough to get up and repair what is broken. */
const STEPS_MS = [5_000, 30_000, 120_000, 600_000, 3_600_000];

/** What failed so often is given up, and says so in its row. */
export const MAX_TRIES = 12;

/** @param tries how often it was tried, at least 1 */
export const retryDelayMs = (tries: number): number => STEPS_MS[Math.min(tries, STEPS_MS.length) - 1]!;
