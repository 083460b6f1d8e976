import { BATCH_HEADER_BYTES, batchLength, lastSequence, type RecordBatch, readBatch } from './record-batch.ts';
import { damaged, indexSegment } from './scan.ts';
import type { IndexEntry, Segment } from './segment.ts';

/** Where to go on reading. */
export interface Place {
  segment: Segment;
  position: number;
}

const READ_BYTES = 256 * 1024;

/** The last element whose key is not above `limit`; the first when all are above. */
function lastAtMost<T>(sorted: readonly T[], limit: number, key: (item: T) => number): T {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (key(sorted[middle]!) <= limit) low = middle;
    else high = middle - 1;
  }
  return sorted[low]!;
}

const START: IndexEntry = { position: 0, sequence: 0, enqueuedMs: 0 };

async function placeIn(segment: Segment, limit: number, key: (entry: IndexEntry) => number): Promise<Place> {
  const index = segment.index ?? (await indexSegment(segment));
  const entry = index.length === 0 ? START : lastAtMost(index, limit, key);
  return { segment, position: entry.position };
}

/** A place at or before the batch that holds the sequence number. */
export function placeOfSequence(segments: readonly Segment[], sequence: number): Promise<Place> {
  const segment = lastAtMost(segments, sequence, (item) => item.baseSequence);
  return placeIn(segment, sequence, (entry) => entry.sequence);
}

/** A place at or before the batch that holds the offset. */
export function placeOfOffset(segments: readonly Segment[], offset: number): Promise<Place> {
  const segment = lastAtMost(segments, offset, (item) => item.baseOffset);
  return placeIn(segment, offset - segment.baseOffset, (entry) => entry.position);
}

/** A place before the first batch that was enqueued after `ms`. */
export function placeOfTime(segments: readonly Segment[], ms: number): Promise<Place> {
  const segment = lastAtMost(segments, ms, (item) => item.firstEnqueuedMs);
  return placeIn(segment, ms, (entry) => entry.enqueuedMs);
}

/**
 * Reads the batches at a place, at least one unless the log ends there, and answers where to go on.
 * @throws {DamagedLogError} when a checksum does not match
 */
export async function readBatches(
  segments: readonly Segment[],
  place: Place,
): Promise<{ batches: RecordBatch[]; next: Place }> {
  const { segment, position } = place;
  if (position >= segment.size) {
    const following = segments[segments.indexOf(segment) + 1];
    if (following === undefined) return { batches: [], next: place };
    return readBatches(segments, { segment: following, position: 0 });
  }
  const batches: RecordBatch[] = [];
  const chunk = await readWhole(segment, position);
  let at = 0;
  while (at + BATCH_HEADER_BYTES <= chunk.length) {
    const length = batchLength(chunk, at);
    if (length > chunk.length - at) break;
    const batch = readBatch(chunk, at);
    if (batch === null) throw damaged(segment, position + at);
    batches.push(batch);
    at += length;
  }
  if (batches.length === 0) throw damaged(segment, position);
  return { batches, next: { segment, position: position + at } };
}

/** A chunk that holds at least the whole batch it starts with. */
async function readWhole(segment: Segment, position: number): Promise<Buffer> {
  const chunk = await segment.read(position, READ_BYTES);
  const length = chunk.length < BATCH_HEADER_BYTES ? 0 : batchLength(chunk, 0);
  return length > chunk.length ? segment.read(position, length) : chunk;
}

/** The sequence number of the first event for which `matches` holds, from a place on; `end` when there is none. */
export async function firstMatch(
  segments: readonly Segment[],
  from: Place,
  end: number,
  matches: (batch: RecordBatch, record: number) => boolean,
): Promise<number> {
  for (let place = from; ; ) {
    const { batches, next } = await readBatches(segments, place);
    if (batches.length === 0) return end;
    for (const batch of batches) {
      for (let record = 0; record < batch.count; record++)
        if (matches(batch, record)) return batch.firstSequence + record;
      if (lastSequence(batch) + 1 >= end) return end;
    }
    place = next;
  }
}
