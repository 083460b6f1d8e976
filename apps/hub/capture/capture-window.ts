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
 * The start of the window after one that was full. Names tell seconds apart, so a window is at least one second later
 * than the last.
 * @param lastMs when the last event of the full window was enqueued
 */
export const windowAfterSize = (start: number, lastMs: number): number =>
  Math.max(start + SECOND_MS, floorToSecond(lastMs));
