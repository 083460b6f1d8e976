import { type Static, Type } from 'typebox';
import type { Segment } from './segment.ts';

/** How long events are kept: for ever when neither is given. Whole segments are removed, the oldest first. */
export const RetentionConfig = Type.Object(
  {
    seconds: Type.Optional(Type.Integer({ minimum: 1, description: 'at least so long after an event was enqueued' })),
    bytes: Type.Optional(Type.Integer({ minimum: 1, description: 'at least so much of each partition' })),
  },
  { additionalProperties: false },
);
export type RetentionConfig = Static<typeof RetentionConfig>;

/** The end of a log, for the question which of its segments are still needed. */
export interface LogEnd {
  nextSequence: number;
  lastEnqueuedMs: number;
}

/** A segment is closed after this part of the retention time, so that events go not much later than they may. */
const SEGMENTS_PER_RETENTION = 4;

/** Whether a segment that has events is to be closed for its age, so that retention can remove it later. */
export const isOldForSegment = (segment: Segment, { seconds }: RetentionConfig, now: number): boolean =>
  seconds !== undefined && now - segment.firstEnqueuedMs > (seconds * 1000) / SEGMENTS_PER_RETENTION;

/**
 * How many segments at the beginning of a log nobody needs any more, possibly all of them.
 * @param heldFrom sequence number from which on events are needed whatever their age
 */
export function expiredSegments(
  segments: readonly Segment[],
  end: LogEnd,
  retention: RetentionConfig,
  heldFrom: number,
  now: number,
): number {
  let left = segments.reduce((sum, { size }) => sum + size, 0);
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    left -= segment.size;
    if ((next?.baseSequence ?? end.nextSequence) > heldFrom) return index;
    const tooOld = isTooOld(next, end, retention, now);
    const tooMuch = retention.bytes !== undefined && left >= retention.bytes;
    if (segment.size === 0 || !(tooOld || tooMuch)) return index;
  }
  return segments.length;
}

/** The last event of a segment is not younger than the first of the next one. */
function isTooOld(next: Segment | undefined, end: LogEnd, { seconds }: RetentionConfig, now: number): boolean {
  if (seconds === undefined) return false;
  const newest = next === undefined || next.size === 0 ? end.lastEnqueuedMs : next.firstEnqueuedMs;
  return now - newest > seconds * 1000;
}
