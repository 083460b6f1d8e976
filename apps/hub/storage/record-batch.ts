import { crc32 } from 'node:zlib';
import { Code } from '../amqp/codes.ts';
import type { ReceivedEvent } from '../amqp/event-batch.ts';
import { Section } from '../amqp/message.ts';

// A record batch is what one flush of a partition writes, and the unit of recovery:
//   magic 4 | bytes 4 | crc32 4 of all that follows | events 4 | first sequence 8 | offset 8 | enqueued ms 8 | records
// A record: bytes 4 | bytes of its header section 4 | the message as it is sent to readers.
// The offset of an event is the place of its record in the partition's log.

export const BATCH_HEADER_BYTES = 40;
export const RECORD_HEADER_BYTES = 8;
export const BATCH_MAGIC = 0x4f4d4231;
const CRC_FROM = 12;

/** A longer batch is not written, and a longer one announced on disk is damage. */
export const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/** Whole, stored events of one partition, in order. Sequence numbers are dense. */
export interface RecordBatch {
  buffer: Buffer;
  count: number;
  firstSequence: number;
  baseOffset: number;
  enqueuedMs: number;
  /** Where each record starts in `buffer`. */
  starts: Uint32Array;
}

export const lastSequence = (batch: RecordBatch): number => batch.firstSequence + batch.count - 1;

/** Offset of the batch's last event. */
export const lastOffset = (batch: RecordBatch): number => batch.baseOffset + batch.starts[batch.count - 1]!;

const SEQUENCE = Buffer.concat([
  Buffer.from([Code.symbol8, 21]),
  Buffer.from('x-opt-sequence-number'),
  Buffer.from([Code.long]),
]);
const OFFSET = Buffer.concat([
  Buffer.from([Code.symbol8, 12]),
  Buffer.from('x-opt-offset'),
  Buffer.from([Code.string8]),
]);
const ENQUEUED = Buffer.concat([
  Buffer.from([Code.symbol8, 19]),
  Buffer.from('x-opt-enqueued-time'),
  Buffer.from([Code.timestamp]),
]);
const SECTION_HEAD = Buffer.from([Code.described, Code.smallUlong, Section.messageAnnotations, Code.map32]);
/** Keys and values of the three annotations the hub adds, behind those that came with the event. */
export const ADDED_COUNT = 6;
/** No offset has more digits: 9 PB. */
const OFFSET_DIGITS = 16;
const ADDED_BYTES =
  SECTION_HEAD.length + 8 + SEQUENCE.length + 8 + OFFSET.length + 1 + OFFSET_DIGITS + ENQUEUED.length + 8;

/** Upper bound of the bytes an event takes in a batch. */
export const recordBytes = (event: ReceivedEvent): number =>
  RECORD_HEADER_BYTES +
  (event.headerEnd - event.headerStart) +
  ADDED_BYTES +
  event.annotations.length +
  (event.end - event.restStart);

/** Encodes events as a batch that starts at `baseOffset` of the partition's log. */
export function encodeBatch(
  events: readonly ReceivedEvent[],
  firstSequence: number,
  baseOffset: number,
  enqueuedMs: number,
): RecordBatch {
  let bound = BATCH_HEADER_BYTES;
  for (const event of events) bound += recordBytes(event);
  const whole = Buffer.allocUnsafeSlow(bound);
  const starts = new Uint32Array(events.length);
  let at = BATCH_HEADER_BYTES;
  for (let i = 0; i < events.length; i++) {
    starts[i] = at;
    at = writeRecord(whole, at, events[i]!, firstSequence + i, baseOffset + at, enqueuedMs);
  }
  const buffer = whole.subarray(0, at);
  writeInt64(buffer, firstSequence, 16);
  writeInt64(buffer, baseOffset, 24);
  writeInt64(buffer, enqueuedMs, 32);
  buffer.writeUInt32BE(BATCH_MAGIC, 0);
  buffer.writeUInt32BE(at, 4);
  buffer.writeUInt32BE(events.length, 12);
  buffer.writeUInt32BE(crc32(buffer.subarray(CRC_FROM)), 8);
  return { buffer, count: events.length, firstSequence, baseOffset, enqueuedMs, starts };
}

function writeRecord(
  target: Buffer,
  start: number,
  event: ReceivedEvent,
  sequence: number,
  offset: number,
  enqueuedMs: number,
): number {
  const { source } = event;
  let at = start + RECORD_HEADER_BYTES;
  at += source.copy(target, at, event.headerStart, event.headerEnd);
  at = writeAnnotations(target, at, event, sequence, offset, enqueuedMs);
  at += source.copy(target, at, event.restStart, event.end);
  target.writeUInt32BE(at - start - RECORD_HEADER_BYTES, start);
  target.writeUInt32BE(event.headerEnd - event.headerStart, start + 4);
  return at;
}

function writeAnnotations(
  target: Buffer,
  start: number,
  event: ReceivedEvent,
  sequence: number,
  offset: number,
  enqueuedMs: number,
): number {
  const digits = String(offset);
  let at = start + SECTION_HEAD.copy(target, start);
  const size = at;
  target.writeUInt32BE(event.annotationCount + ADDED_COUNT, at + 4);
  at += 8;
  at += event.annotations.copy(target, at);
  at += SEQUENCE.copy(target, at);
  at = writeInt64(target, sequence, at);
  at += OFFSET.copy(target, at);
  target[at] = digits.length;
  at += 1 + target.write(digits, at + 1, 'latin1');
  at += ENQUEUED.copy(target, at);
  at = writeInt64(target, enqueuedMs, at);
  target.writeUInt32BE(at - size - 4, size);
  return at;
}

function writeInt64(target: Buffer, value: number, at: number): number {
  target.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
  return target.writeUInt32BE(value >>> 0, at + 4);
}

const readInt64 = (buffer: Buffer, at: number): number =>
  buffer.readInt32BE(at) * 0x1_0000_0000 + buffer.readUInt32BE(at + 4);

/** When the batch with this header was enqueued. */
export const enqueuedMsOf = (header: Buffer): number => readInt64(header, 32);

/** Bytes of the batch whose header starts at `at`, or 0 when those bytes are no batch header. */
export function batchLength(buffer: Buffer, at: number): number {
  if (buffer.readUInt32BE(at) !== BATCH_MAGIC) return 0;
  const length = buffer.readUInt32BE(at + 4);
  return length > BATCH_HEADER_BYTES && length <= MAX_BATCH_BYTES ? length : 0;
}

/** The whole batch at `at`; null when it is not there, not whole, or its checksum does not match. */
export function readBatch(buffer: Buffer, at: number): RecordBatch | null {
  if (buffer.length - at < BATCH_HEADER_BYTES) return null;
  const length = batchLength(buffer, at);
  if (length === 0 || length > buffer.length - at) return null;
  const bytes = buffer.subarray(at, at + length);
  if (crc32(bytes.subarray(CRC_FROM)) !== bytes.readUInt32BE(8)) return null;
  return {
    buffer: bytes,
    count: bytes.readUInt32BE(12),
    firstSequence: readInt64(bytes, 16),
    baseOffset: readInt64(bytes, 24),
    enqueuedMs: readInt64(bytes, 32),
    starts: recordStarts(bytes, bytes.readUInt32BE(12)),
  };
}

function recordStarts(bytes: Buffer, count: number): Uint32Array {
  const starts = new Uint32Array(count);
  let at = BATCH_HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    starts[i] = at;
    at += RECORD_HEADER_BYTES + bytes.readUInt32BE(at);
  }
  return starts;
}
