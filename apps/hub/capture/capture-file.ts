import { createHash } from 'node:crypto';
import { AvroWriter } from './avro-writer.ts';
import type { CapturedContent } from './captured-event.ts';
import type { PropertyValue } from './property-values.ts';

const VALUES = ['long', 'double', 'string', 'bytes'];

/**
 * The schema as Microsoft publishes it ("Exploring captured Avro files in Azure Event Hubs"), letter for letter as it
 * stands in the service's files, where properties may also be null.
 */
export const CAPTURE_SCHEMA = {
  type: 'record',
  name: 'EventData',
  namespace: 'Microsoft.ServiceBus.Messaging',
  fields: [
    { name: 'SequenceNumber', type: 'long' },
    { name: 'Offset', type: 'string' },
    { name: 'EnqueuedTimeUtc', type: 'string' },
    { name: 'SystemProperties', type: { type: 'map', values: VALUES } },
    { name: 'Properties', type: { type: 'map', values: [...VALUES, 'null'] } },
    { name: 'Body', type: ['null', 'bytes'] },
  ],
};

const MAGIC = Buffer.from('Obj\x01');
const BRANCHES = { long: 0, double: 1, string: 2, bytes: 3, null: 4 } as const;
const SYNC_BYTES = 16;
/** Readers hold one block at a time. */
const BLOCK_BYTES = 256 * 1024;

/** "6/12/2026 6:32:34 PM", as the service writes a time: UTC, to the second, without leading zeros of month, day and hour. */
export function usTime(ms: number): string {
  const time = new Date(ms);
  const hours = time.getUTCHours();
  const clock = [hours % 12 || 12, two(time.getUTCMinutes()), two(time.getUTCSeconds())].join(':');
  const day = [time.getUTCMonth() + 1, time.getUTCDate(), time.getUTCFullYear()].join('/');
  return `${day} ${clock} ${hours < 12 ? 'AM' : 'PM'}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * The bytes of one Avro container file of codec "null", made block by block. The same name, salt and events give the
 * same bytes, so that a file that is written again is the same file.
 */
export class CaptureFile {
  readonly #sync: Buffer;
  readonly #done = new AvroWriter();
  readonly #block = new AvroWriter();
  #count = 0;
  #taken = 0;
  #events = 0;
  /** The text of the last event's time; most events share it with the one before. */
  #time = { ms: Number.NaN, text: '' };

  /** @param salt nothing that a sender of events could know: the marker must not stand in an event */
  constructor(name: string, salt: string) {
    this.#sync = createHash('sha256').update(salt).update(name).digest().subarray(0, SYNC_BYTES);
    this.#header();
  }

  #header(): void {
    this.#done.raw(MAGIC);
    this.#done.long(2);
    this.#done.string('avro.codec');
    this.#done.string('null');
    this.#done.string('avro.schema');
    this.#done.string(JSON.stringify(CAPTURE_SCHEMA));
    this.#done.long(0);
    this.#done.raw(this.#sync);
  }

  /** Bytes of the file so far. */
  get bytes(): number {
    return this.#taken + this.#done.length + this.#block.length;
  }

  get events(): number {
    return this.#events;
  }

  append(sequence: number, offset: number, enqueuedMs: number, content: CapturedContent): void {
    const block = this.#block;
    if (enqueuedMs !== this.#time.ms) this.#time = { ms: enqueuedMs, text: usTime(enqueuedMs) };
    block.long(sequence);
    block.string(String(offset));
    block.string(this.#time.text);
    this.#map(content.systemProperties);
    this.#map(content.properties);
    block.long(content.body === null ? 0 : 1);
    if (content.body !== null) block.bytes(content.body);
    this.#count++;
    this.#events++;
    if (block.length >= BLOCK_BYTES) this.#endBlock();
  }

  #map(entries: CapturedContent['properties']): void {
    if (entries.length > 0) this.#block.long(entries.length);
    for (const [name, value] of entries) {
      this.#block.string(name);
      this.#value(value);
    }
    this.#block.long(0);
  }

  #value(value: PropertyValue): void {
    this.#block.long(BRANCHES[value.type]);
    if (value.type === 'long') this.#block.long(value.value);
    else if (value.type === 'double') this.#block.double(value.value);
    else if (value.type === 'string') this.#block.string(value.value);
    else if (value.type === 'bytes') this.#block.bytes(value.value);
  }

  #endBlock(): void {
    const data = this.#block.take();
    this.#done.long(this.#count);
    this.#done.bytes(data);
    this.#done.raw(this.#sync);
    this.#count = 0;
  }

  /** Bytes that are ready to be sent; null while there are fewer than `atLeast`. */
  take(atLeast: number): Buffer | null {
    if (this.#done.length < atLeast) return null;
    this.#taken += this.#done.length;
    return this.#done.take();
  }

  /** The rest of the file. One without events ends, as the service's do, with a block of none. */
  end(): Buffer {
    if (this.#count > 0 || this.#events === 0) this.#endBlock();
    return this.take(0)!;
  }
}
