import { setTimeout as delay } from 'node:timers/promises';

/**
 * Polls until `condition` gives something truthy and returns it; fails with `what` once the deadline has passed. By itself
 * the deadline is one that a busy machine keeps: a test that measures names its own.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  deadlineMs = 30_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value) return value as NonNullable<T>;
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await delay(10);
  }
}
