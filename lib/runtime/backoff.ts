import { setTimeout as delay } from 'node:timers/promises';

const BASE_MS = 50;
const CAP_MS = 5_000;

/**
 * Waits before attempt `attempt` + 1: full jitter over 50 ms x 2^attempt, at most 5 s, so that many who wait for the
 * same thing do not come back together. Ends early, without an error, when `signal` aborts.
 */
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 20));
  await delay(Math.random() * ceiling, undefined, { signal }).catch(() => {});
}
