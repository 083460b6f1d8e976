import { Code } from './codes.ts';
import { decodeError } from './errors.ts';
import { readSection, Section } from './message.ts';
import { ProducerKey } from './producer-key.ts';
import { Reader } from './reader.ts';

/** Message format of a batch: each data section is a whole encoded message. */
export const BATCH_FORMAT = 0x8001_3700;

export const PARTITION_KEY = 'x-opt-partition-key';
/** Set by the hub alone; dropped where a producer sends an event on that it received. */
const OWN_ANNOTATIONS = ['x-opt-sequence-number', 'x-opt-offset', 'x-opt-enqueued-time'];
const DROPPED: ReadonlySet<string> = new Set([...OWN_ANNOTATIONS, ...Object.values(ProducerKey)]);
/** On a link of an idempotent producer its numbers are kept: at the next start they tell what it has sent. */
const DROPPED_OF_IDEMPOTENT: ReadonlySet<string> = new Set(OWN_ANNOTATIONS);

/** An event inside the bytes a producer sent: what is kept as it is, and where the hub's annotations go. */
export interface ReceivedEvent {
  source: Buffer;
  /** The header section, empty when there is none. */
  headerStart: number;
  headerEnd: number;
  /** Keys and values of the message annotations that are kept, as they came. */
  annotations: Buffer;
  annotationCount: number;
  /** Everything after the annotations. */
  restStart: number;
  end: number;
}

/** The events of one transfer; they are stored together or not at all. */
export interface EventBatch {
  events: ReceivedEvent[];
  partitionKey: string | null;
}

interface Annotations {
  bytes: Buffer;
  count: number;
  partitionKey: string | null;
  /** The key and its value as they came. */
  partitionKeyBytes: Buffer;
}

const NOTHING = Buffer.alloc(0);
const NO_ANNOTATIONS: Annotations = { bytes: NOTHING, count: 0, partitionKey: null, partitionKeyBytes: NOTHING };

/**
 * Reads a transfer's payload and checks every byte of it, so that nothing malformed ever reaches a reader.
 * @param idempotent keeps the numbers of an idempotent producer; from anybody else they would pass for one at a restart
 * @throws {AmqpError} decode-error
 */
export function readEventBatch(payload: Buffer, messageFormat: number, idempotent = false): EventBatch {
  const dropped = idempotent ? DROPPED_OF_IDEMPOTENT : DROPPED;
  if (messageFormat !== BATCH_FORMAT) {
    const { event, annotations } = readEvent(payload, 0, payload.length, NO_ANNOTATIONS, dropped);
    return { events: [event], partitionKey: annotations.partitionKey };
  }
  const batch = readEnvelope(payload, dropped);
  if (batch.events.length === 0) throw decodeError('a batch without events');
  return batch;
}

function readEnvelope(payload: Buffer, dropped: ReadonlySet<string>): EventBatch {
  const reader = new Reader(payload);
  const events: ReceivedEvent[] = [];
  let envelope = NO_ANNOTATIONS;
  let partitionKey: string | null = null;
  while (reader.remaining > 0) {
    const section = readSection(reader);
    if (section === Section.messageAnnotations) {
      envelope = readAnnotations(reader, dropped);
      partitionKey = envelope.partitionKey;
    } else if (section === Section.data) {
      const { start, end } = binary(reader);
      const { event, annotations } = readEvent(payload, start, end, envelope, dropped);
      partitionKey ??= annotations.partitionKey;
      events.push(event);
    } else {
      reader.skip();
    }
  }
  return { events, partitionKey };
}

function binary(reader: Reader): { start: number; end: number } {
  const code = reader.uint8();
  if (code !== Code.binary8 && code !== Code.binary32) throw decodeError('a data section that is not binary');
  const length = code === Code.binary8 ? reader.uint8() : reader.uint32();
  const start = reader.take(length);
  return { start, end: start + length };
}

function readEvent(source: Buffer, start: number, end: number, envelope: Annotations, dropped: ReadonlySet<string>) {
  if (start === end) throw decodeError('an event without a body');
  const event = {
    source,
    headerStart: start,
    headerEnd: start,
    annotations: NOTHING,
    annotationCount: 0,
    restStart: end,
    end,
  };
  const reader = new Reader(source, start, end);
  let annotations = NO_ANNOTATIONS;
  let last = 0;
  while (reader.remaining > 0) {
    const at = reader.position;
    const section = readSection(reader);
    // What comes after the annotations is kept as it is; the JavaScript client writes a footer before the body.
    if (section <= Section.messageAnnotations && section <= last) throw decodeError('message sections out of order');
    last = section;
    if (section === Section.messageAnnotations) annotations = readAnnotations(reader, dropped);
    else reader.skip();
    if (section === Section.header) {
      event.headerStart = at;
      event.headerEnd = reader.position;
    } else if (section > Section.messageAnnotations && event.restStart === end) {
      event.restStart = at;
    }
  }
  keepAnnotations(event, annotations, envelope);
  return { event, annotations };
}

/** An event without a partition key of its own takes that of its envelope. */
function keepAnnotations(event: ReceivedEvent, own: Annotations, envelope: Annotations): void {
  const inherits = own.partitionKey === null && envelope.partitionKey !== null;
  event.annotations = inherits ? Buffer.concat([own.bytes, envelope.partitionKeyBytes]) : own.bytes;
  event.annotationCount = own.count + (inherits ? 2 : 0);
}

function readAnnotations(reader: Reader, unwanted: ReadonlySet<string>): Annotations {
  const { count, end } = reader.enter('map');
  const { buffer, position: first } = reader;
  const found = { ...NO_ANNOTATIONS, count };
  const dropped: Array<[number, number]> = [];
  for (let i = 0; i < count; i += 2) {
    const at = reader.position;
    const key = reader.value();
    if (key === PARTITION_KEY) {
      const value = reader.value();
      if (typeof value === 'string') found.partitionKey = value;
      found.partitionKeyBytes = buffer.subarray(at, reader.position);
    } else {
      reader.skip();
    }
    if (typeof key === 'string' && unwanted.has(key)) dropped.push([at, reader.position]);
  }
  if (reader.position !== end) throw decodeError('message annotations of another length than announced');
  found.bytes = without(buffer, first, end, dropped);
  found.count = count - dropped.length * 2;
  return found;
}

function without(buffer: Buffer, start: number, end: number, dropped: Array<[number, number]>): Buffer {
  if (dropped.length === 0) return buffer.subarray(start, end);
  const kept: Buffer[] = [];
  let at = start;
  for (const [from, to] of dropped) {
    kept.push(buffer.subarray(at, from));
    at = to;
  }
  kept.push(buffer.subarray(at, end));
  return Buffer.concat(kept);
}
