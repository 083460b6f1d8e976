/**
 * How many other orders of the last hour share something with this one; the order itself is not counted, and what the
 * order does not tell (no `ip_hash`) counts 0. Orders that are still under way elsewhere may be missing.
 */
export interface Velocity {
  customer: number;
  ip: number;
  device: number;
  address: number;
}

/** The window that counts, in milliseconds. */
export const VELOCITY_WINDOW_MS = 3_600_000;
