import { DamagedLogError } from './errors.ts';
import { BATCH_HEADER_BYTES, batchLength, lastOffset, lastSequence, readBatch } from './record-batch.ts';
import type { IndexEntry, Segment } from './segment.ts';

/** How far a segment could be read batch by batch, and what it holds. */
export interface Scan {
  /** Bytes from the start of the file that are whole batches. */
  end: number;
  nextSequence: number;
  /** -1 when the segment is empty. */
  lastOffset: number;
  lastEnqueuedMs: number;
  index: IndexEntry[];
}

const SCAN_BYTES = 4 * 1024 * 1024;

const newScan = (segment: Segment): Scan => ({
  end: 0,
  nextSequence: segment.baseSequence,
  lastOffset: -1,
  lastEnqueuedMs: 0,
  index: [],
});

/** Checks a segment's batches and fills its index, up to the first batch that is not whole. */
export function scanSync(segment: Segment): Scan {
  const scan = newScan(segment);
  const memory = Buffer.allocUnsafeSlow(Math.min(SCAN_BYTES, segment.size));
  for (let before = -1; before < scan.end && scan.end < segment.size; ) {
    before = scan.end;
    const header = segment.readSync(scan.end, BATCH_HEADER_BYTES);
    scanChunk(segment, segment.readSync(scan.end, chunkBytes(header), memory), scan);
  }
  segment.index = scan.index;
  return scan;
}

/**
 * The same for a closed segment that is about to be read, without holding up the event loop.
 * @throws {DamagedLogError} when a batch is not whole
 */
export async function indexSegment(segment: Segment): Promise<IndexEntry[]> {
  const scan = newScan(segment);
  for (const size = segment.size; scan.end < size; ) {
    const before = scan.end;
    const header = await segment.read(scan.end, BATCH_HEADER_BYTES);
    scanChunk(segment, await segment.read(scan.end, chunkBytes(header)), scan);
    if (scan.end === before) throw damaged(segment, scan.end);
  }
  segment.index ??= scan.index;
  return segment.index;
}

export const damaged = (segment: Segment, position: number): DamagedLogError =>
  new DamagedLogError(`${segment.path} is damaged at byte ${position}; acknowledged events cannot be read`);

function chunkBytes(header: Buffer): number {
  return Math.max(SCAN_BYTES, header.length < BATCH_HEADER_BYTES ? 0 : batchLength(header, 0));
}

function scanChunk(segment: Segment, chunk: Buffer, scan: Scan): void {
  for (let at = 0; ; ) {
    const batch = readBatch(chunk, at);
    if (batch === null || batch.firstSequence !== scan.nextSequence) return;
    if (batch.baseOffset !== segment.baseOffset + scan.end) return;
    addToIndex(scan.index, { position: scan.end, sequence: batch.firstSequence, enqueuedMs: batch.enqueuedMs });
    at += batch.buffer.length;
    scan.end += batch.buffer.length;
    scan.nextSequence = lastSequence(batch) + 1;
    scan.lastOffset = lastOffset(batch);
    scan.lastEnqueuedMs = batch.enqueuedMs;
  }
}

/** One entry for at least so many bytes of log. */
const INDEX_STEP_BYTES = 64 * 1024;

/** Notes where a batch is when the last entry is far enough away. */
export function addToIndex(index: IndexEntry[], entry: IndexEntry): void {
  const last = index.at(-1);
  if (last === undefined || entry.position - last.position >= INDEX_STEP_BYTES) index.push(entry);
}
