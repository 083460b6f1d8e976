import { closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BATCH_HEADER_BYTES, enqueuedMsOf } from './record-batch.ts';

const readAsync = promisify(read);

const DIGITS = 16;
const NAME = /^(\d{16})-(\d{16})\.log$/;

/** A segment was removed while somebody was about to read it. */
export class SegmentRemovedError extends Error {
  override readonly name = 'SegmentRemovedError';
}

/** Where a batch is, noted every so many bytes so that a reader finds its place without reading from the start. */
export interface IndexEntry {
  /** Place in the segment's file. */
  position: number;
  sequence: number;
  enqueuedMs: number;
}

/** A segment is read of a log that was closed. */
export class SegmentClosedError extends Error {
  override readonly name = 'SegmentClosedError';
}

/** One file of a partition's log. Its name tells the offset and the sequence number it starts with. */
export class Segment {
  readonly path: string;
  readonly baseOffset: number;
  readonly baseSequence: number;
  readonly fd: number;
  /** Bytes that are whole and durable. */
  size: number;
  /** Sorted by position; null for a segment of an earlier process until it is read. */
  index: IndexEntry[] | null = null;
  #firstEnqueuedMs: number | null = null;
  #reads = 0;
  #removed = false;
  #closing = false;
  #closed = false;

  constructor(path: string, baseOffset: number, baseSequence: number, fd: number) {
    this.path = path;
    this.baseOffset = baseOffset;
    this.baseSequence = baseSequence;
    this.fd = fd;
    this.size = fstatSync(fd).size;
  }

  get endOffset(): number {
    return this.baseOffset + this.size;
  }

  /** When the first event was enqueued; infinite while there is none. */
  get firstEnqueuedMs(): number {
    if (this.#firstEnqueuedMs === null) {
      const header = this.readSync(0, BATCH_HEADER_BYTES);
      if (header.length < BATCH_HEADER_BYTES) return Number.POSITIVE_INFINITY;
      this.#firstEnqueuedMs = enqueuedMsOf(header);
    }
    return this.#firstEnqueuedMs;
  }

  /**
   * Up to `length` bytes from `position`, never beyond what is durable.
   * @throws {SegmentRemovedError}
   * @throws {SegmentClosedError}
   */
  async read(position: number, length: number): Promise<Buffer> {
    if (this.#removed) throw new SegmentRemovedError(this.path);
    if (this.#closing) throw new SegmentClosedError(this.path);
    const buffer = Buffer.allocUnsafeSlow(Math.max(0, Math.min(length, this.size - position)));
    this.#reads++;
    try {
      const { bytesRead } = await readAsync(this.fd, buffer, 0, buffer.length, position);
      return buffer.subarray(0, bytesRead);
    } finally {
      this.#reads--;
      if (this.#closing) this.close();
    }
  }

  /** @param into holds the bytes when it is large enough, instead of new memory */
  readSync(position: number, length: number, into?: Buffer): Buffer {
    const wanted = Math.max(0, Math.min(length, this.size - position));
    const buffer = into !== undefined && into.length >= wanted ? into : Buffer.allocUnsafeSlow(wanted);
    return buffer.subarray(0, readSync(this.fd, buffer, 0, wanted, position));
  }

  /** Removes the file. Who reads it at the moment gets what was there; nobody does afterwards. */
  async remove(): Promise<void> {
    await rm(this.path, { force: true });
    this.#removed = true;
    this.close();
  }

  /** Closes the file once nobody is reading it: its number could be that of another file by the time a read is done. */
  close(): void {
    this.#closing = true;
    if (this.#closed || this.#reads > 0) return;
    this.#closed = true;
    closeSync(this.fd);
  }
}

const padded = (value: number): string => String(value).padStart(DIGITS, '0');

/** Creates the file of a segment, which must not exist. */
export function createSegment(folder: string, baseOffset: number, baseSequence: number): Segment {
  const path = join(folder, `${padded(baseOffset)}-${padded(baseSequence)}.log`);
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o640);
  return new Segment(path, baseOffset, baseSequence, fd);
}

/** Opens an existing segment; null when the name is not that of a segment. */
export function openSegment(folder: string, name: string): Segment | null {
  const match = NAME.exec(name);
  if (match === null) return null;
  const path = join(folder, name);
  return new Segment(path, Number(match[1]), Number(match[2]), openSync(path, constants.O_RDWR));
}
