import { type EventBatch, readEventBatch } from '../../apps/hub/amqp/event-batch.ts';
import { Section } from '../../apps/hub/amqp/message.ts';
import { type AmqpMap, type Described, Reader } from '../../apps/hub/amqp/reader.ts';
import { Writer } from '../../apps/hub/amqp/writer.ts';
import { type Disk, Flusher, fileSystem } from '../../apps/hub/storage/flusher.ts';
import { Gate } from '../../apps/hub/storage/gate.ts';
import { LogReader } from '../../apps/hub/storage/log-reader.ts';
import { type LogOptions, PartitionLog } from '../../apps/hub/storage/partition-log.ts';
import { RECORD_HEADER_BYTES, type RecordBatch } from '../../apps/hub/storage/record-batch.ts';

/** A message with one text as its body, encoded. */
export function textMessage(text: string): Buffer {
  const writer = new Writer();
  writer.described(Section.value, (inner) => inner.string(text));
  return Buffer.from(writer.bytes);
}

export const textEvents = (...texts: string[]): EventBatch['events'] =>
  texts.flatMap((text) => readEventBatch(textMessage(text), 0).events);

/** Events as the SDKs send them, each with a text as the bytes of its body. */
export const dataEvents = (...bodies: string[]): EventBatch['events'] =>
  bodies.flatMap((body) => {
    const writer = new Writer();
    writer.described(Section.data, (inner) => inner.binary(Buffer.from(body)));
    return readEventBatch(Buffer.from(writer.bytes), 0).events;
  });

const OPTIONS: LogOptions = { segmentBytes: 1 << 20, tailBytes: 1 << 20 };

/** Opens a log; the caller closes it. */
export const openLog = (folder: string, options: Partial<LogOptions> = {}, disk: Disk = fileSystem): PartitionLog =>
  new PartitionLog(folder, { ...OPTIONS, ...options }, new Flusher(new Gate(2), () => {}, disk));

/** Appends one event for each text, all of them together; rejects with what the log says. */
export function append(log: PartitionLog, ...texts: string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  log.append(textEvents(...texts), (error) => (error === null ? resolve() : reject(error)));
  return promise;
}

/** An event as a reader gets it. */
export interface StoredText {
  sequence: number;
  offset: string;
  text: string;
}

function textsOf(batch: RecordBatch): StoredText[] {
  return [...batch.starts].map((start) => {
    const length = batch.buffer.readUInt32BE(start);
    const reader = new Reader(batch.buffer, start + RECORD_HEADER_BYTES, start + RECORD_HEADER_BYTES + length);
    const annotations = (reader.value() as Described).value as AmqpMap;
    const body = reader.value() as Described;
    return {
      sequence: annotations.get('x-opt-sequence-number') as number,
      offset: annotations.get('x-opt-offset') as string,
      text: body.value as string,
    };
  });
}

/** Everything from a sequence number on, as a reader gets it. */
export async function readAll(log: PartitionLog, from = 0): Promise<StoredText[]> {
  const reader = new LogReader(log, from);
  const seen: StoredText[] = [];
  while (!reader.atEnd) {
    const batch = reader.batch();
    if (batch === null) {
      await reader.load();
      continue;
    }
    const texts = textsOf(batch).filter(({ sequence }) => sequence >= reader.next);
    seen.push(...texts);
    reader.advance(texts.length);
  }
  return seen;
}

export const texts = async (log: PartitionLog, from = 0): Promise<string[]> =>
  (await readAll(log, from)).map(({ text }) => text);
