import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { type LocalStatus, status } from './status.ts';

const EVERY_MS = 1_000;

/** Looks again every second until Ctrl-C. @returns the last look. */
export async function watchStatus(context: Context, show: (status: LocalStatus) => void): Promise<LocalStatus> {
  for (;;) {
    const seen = await status(context);
    show(seen);
    await delay(EVERY_MS, undefined, { signal: context.signal }).catch(() => undefined);
    if (context.signal.aborted) return seen;
  }
}
