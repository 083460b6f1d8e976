import { setTimeout as sleep } from 'node:timers/promises';

/** How long is waited for something, and how often it is looked at. */
export interface Patience {
  deadlineMs: number;
  everyMs: number;
}

/**
 * Looks until `look` gives something, first at once.
 * @param onWait told before each further look, with the milliseconds waited so far.
 * @returns undefined once the deadline has passed.
 */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  { deadlineMs, everyMs }: Patience,
  signal: AbortSignal,
  onWait: (waitedMs: number) => void = () => {},
): Promise<T | undefined> {
  const start = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    const waited = performance.now() - start;
    if (waited + everyMs > deadlineMs) return undefined;
    onWait(waited);
    await sleep(everyMs, undefined, { signal });
  }
}
