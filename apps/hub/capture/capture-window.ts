/** When a window of Capture ends; what comes first. */
export interface WindowLimits {
  windowMs: number;
  sizeBytes: number;
}

const SECOND_MS = 1000;

export const floorToSecond = (ms: number): number => Math.floor(ms / SECOND_MS) * SECOND_MS;

/**
 * The start of the window after one that was closed for its time. Windows follow each other without a gap while there is
 * something to capture or to wait for; those that passed while the hub or its storage was away are left out.
 * @param due when the next event was enqueued, or now when there is none
 */
export function windowAfterTime(start: number, { windowMs }: WindowLimits, due: number): number {
  const end = start + windowMs;
  return end + Math.max(0, Math.floor((due - end) / windowMs)) * windowMs;
}

/**
 * The time in the name of the next file. Names tell seconds apart: where files are full more often, their names run ahead
 * of the windows until those have caught up.
 * @param named the time in the name of the last file
 */
export const fileTimeAfter = (named: number, windowStart: number): number => Math.max(named + SECOND_MS, windowStart);
