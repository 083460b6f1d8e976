/** The disk has no room: nothing of the write is left, the same write may succeed later. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError';
}

/** The disk cannot be trusted any more: what was written may or may not be there. The process must not go on. */
export class DiskFailedError extends Error {
  override readonly name = 'DiskFailedError';
}

/** A log that cannot be trusted: acknowledged events are missing or damaged. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError';
}
