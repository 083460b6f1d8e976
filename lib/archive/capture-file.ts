import { ArchiveFileError } from './archive-error.ts';
import { type ContainerBlock, readBlocks, readHeader } from './avro-container.ts';
import { Cursor } from './avro-record.ts';
import { ByteSource, type Chunks } from './byte-source.ts';
import { type CaptureRecord, captureReader, type PropertyValue } from './capture-schema.ts';

/** An event as Capture wrote it to the archive. */
export interface CapturedEvent {
  sequenceNumber: number;
  offset: string;
  /** To the second: Capture writes no more. */
  enqueuedTime: Date;
  /** What Event Hubs added, such as the partition key. */
  systemProperties: Record<string, PropertyValue>;
  /** What the sender added beside the body. */
  properties: Record<string, PropertyValue>;
  /** null when the event had none, or none in an AMQP data section. */
  body: Buffer | null;
}

/** "6/12/2020 6:32:34 PM", which is what Capture writes; month and day without a leading zero, UTC. */
const US_TIME = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2}):(\d{2}) (AM|PM)$/;

/** @throws {ArchiveFileError} when it is no time */
export function parseEnqueuedTime(text: string): Date {
  const match = US_TIME.exec(text);
  const time = match ? usTime(match) : Date.parse(/(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(time)) throw new ArchiveFileError(`"${text}" is no time of Capture`);
  return new Date(time);
}

function usTime([, month, day, year, hour, minute, second, half]: RegExpExecArray): number {
  const hours = (Number(hour) % 12) + (half === 'PM' ? 12 : 0);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second));
}

const toEvent = (record: CaptureRecord): CapturedEvent => ({
  sequenceNumber: Number(record.SequenceNumber),
  offset: record.Offset,
  enqueuedTime: parseEnqueuedTime(record.EnqueuedTimeUtc),
  systemProperties: record.SystemProperties,
  properties: record.Properties,
  body: record.Body,
});

type ReadRecord = ReturnType<typeof captureReader>;

function* eventsOf(read: ReadRecord, { count, data, position }: ContainerBlock): Generator<CapturedEvent> {
  const cursor = new Cursor(data);
  for (let left = count; left > 0; left--) yield toEvent(readRecord(read, cursor, position));
  if (!cursor.atEnd) throw new ArchiveFileError(`the block at byte ${position} holds more than its ${count} records`);
}

function readRecord(read: ReadRecord, cursor: Cursor, position: number): CaptureRecord {
  try {
    return read(cursor);
  } catch (error) {
    throw new ArchiveFileError(`the block at byte ${position} is damaged: ${(error as Error).message}`);
  }
}

/**
 * The events of a file of Event Hubs Capture, in the partition's order, a block at a time: a file of hundreds of
 * megabytes takes the memory of one block. A file without events, as Capture writes for an empty window, gives none.
 * Who stops early lets go of the stream.
 * @param file all of it, or a stream of it
 * @throws {ArchiveFileError} when the file is cut off, damaged, or nothing that Capture writes; events before the
 *   place in question were given out by then
 */
export async function* readCaptureFile(file: Uint8Array | Chunks): AsyncGenerator<CapturedEvent> {
  const source = new ByteSource(file instanceof Uint8Array ? [file] : file);
  try {
    const header = await readHeader(source);
    const read = captureReader(header.schema);
    for await (const block of readBlocks(source, header)) yield* eventsOf(read, block);
  } finally {
    await source.close();
  }
}
