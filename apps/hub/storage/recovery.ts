import { fdatasyncSync, ftruncateSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DurableEnd, readDurableEnd } from './durable-end.ts';
import { DamagedLogError } from './errors.ts';
import { syncFolder } from './folders.ts';
import { BATCH_MAGIC, readBatch } from './record-batch.ts';
import { type Scan, scanSync } from './scan.ts';
import { createSegment, openSegment, type Segment } from './segment.ts';

/** A partition's log as it was found, its last segment checked to the last byte. */
export interface RecoveredLog {
  segments: Segment[];
  nextSequence: number;
  /** Offset of the last event, -1 when there is none. */
  lastOffset: number;
  lastEnqueuedMs: number;
  /** Bytes of an unfinished write that were cut off. */
  cutBytes: number;
}

/**
 * Opens a partition's log. A write that was not finished when the process died is cut off: nobody was told that it
 * was stored. Damage before the last write is another matter, those events were acknowledged.
 * @throws {DamagedLogError} naming the file and the place
 */
export function recoverLog(folder: string): RecoveredLog {
  mkdirSync(folder, { recursive: true });
  const segments = readdirSync(folder)
    .sort()
    .flatMap((name) => openSegment(folder, name) ?? []);
  try {
    return checkSegments(folder, segments);
  } catch (error) {
    for (const segment of segments) segment.close();
    throw error;
  }
}

function checkSegments(folder: string, segments: Segment[]): RecoveredLog {
  if (segments.length === 0) {
    segments.push(createSegment(folder, 0, 0));
    syncFolder(folder);
    syncFolder(dirname(folder));
  }
  checkNoGap(segments);
  const last = segments.at(-1)!;
  const found = scanSync(last);
  const noted = readDurableEnd(folder);
  checkDurableEnd(noted, last, found);
  const cutBytes = last.size - found.end;
  if (cutBytes > 0) cutTail(last, found);
  return { segments, nextSequence: found.nextSequence, cutBytes, ...lastEvent(segments, found, noted) };
}

/** What was durable when the hub last stopped cannot be an unfinished write. */
function checkDurableEnd({ end }: DurableEnd, last: Segment, found: Scan): void {
  if (last.baseOffset + found.end >= end) return;
  throw damagedAt(last, found, `up to offset ${end}`);
}

const damagedAt = (segment: Segment, found: Scan, upTo: string): DamagedLogError =>
  new DamagedLogError(
    `${segment.path} is damaged at byte ${found.end}: events from sequence number ${found.nextSequence} ${upTo} ` +
      'were acknowledged and cannot be read. ' +
      'Restore the file from a backup, or move the folder of this hub away to start empty.',
  );

function checkNoGap(segments: Segment[]): void {
  for (let i = 1; i < segments.length; i++) {
    const before = segments[i - 1]!;
    const found = segments[i]!;
    if (before.endOffset === found.baseOffset) continue;
    throw new DamagedLogError(
      `${before.path} ends at offset ${before.endOffset} but the next segment starts at ${found.baseOffset}; ` +
        'acknowledged events are missing. Restore the file from a backup, or move the folder of this hub away to start empty.',
    );
  }
}

/** Each batch is durable before the next is written, so a whole batch behind a broken one proves damage, not a torn write. */
function cutTail(segment: Segment, found: Scan): void {
  const { end } = found;
  const rest = segment.readSync(end, segment.size - end);
  const magic = Buffer.alloc(4);
  magic.writeUInt32BE(BATCH_MAGIC);
  for (let at = rest.indexOf(magic, 1); at !== -1; at = rest.indexOf(magic, at + 1)) {
    const batch = readBatch(rest, at);
    if (batch === null || batch.baseOffset !== segment.baseOffset + end + at) continue;
    throw damagedAt(segment, found, `up to ${batch.firstSequence - 1}`);
  }
  ftruncateSync(segment.fd, end);
  fdatasyncSync(segment.fd);
  segment.size = end;
}

/** The last event may stand in an earlier segment when the last one is empty, or be gone when that is the only one. */
function lastEvent(segments: Segment[], found: Scan, noted: DurableEnd): Pick<Scan, 'lastOffset' | 'lastEnqueuedMs'> {
  const before = segments.at(-2);
  const { lastOffset, lastEnqueuedMs } = found.lastOffset === -1 ? (before ? scanSync(before) : noted) : found;
  return { lastOffset, lastEnqueuedMs };
}
