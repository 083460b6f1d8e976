/** The same request with the same key again: 1 s, 5 s, 30 s, then every 5 min (failure table of the order domain). */
const STEPS_MS = [1_000, 5_000, 30_000, 300_000];

/** However fast a synthetic order's clock runs, a provider is not asked more often than this for the same thing. */
const SHORTEST_MS = 200;

/**
 * How long to wait before a request is sent again.
 * @param tries how often it was sent, at least 1
 * @param timeScale how much faster the order's clock runs; 1 for real ones
 */
export function retryDelayMs(tries: number, timeScale = 1): number {
  const step = STEPS_MS[Math.min(tries, STEPS_MS.length) - 1]!;
  return Math.max(SHORTEST_MS, step / timeScale);
}
