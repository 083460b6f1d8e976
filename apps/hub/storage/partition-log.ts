import type { ReceivedEvent } from '../amqp/event-batch.ts';
import { writeDurableEnd } from './durable-end.ts';
import { DiskFailedError, DiskFullError } from './errors.ts';
import type { Flusher } from './flusher.ts';
import { syncFolder, syncFolderAsync } from './folders.ts';
import { encodeBatch, lastOffset, lastSequence, type RecordBatch, recordBytes } from './record-batch.ts';
import { type RecoveredLog, recoverLog } from './recovery.ts';
import { expiredSegments, isOldForSegment, type RetentionConfig } from './retention.ts';
import { addToIndex } from './scan.ts';
import { createSegment, type Segment } from './segment.ts';
import { Tail } from './tail.ts';

export interface LogOptions {
  /** A segment of this size is closed and the next one begun. */
  segmentBytes: number;
  /** Newest events kept in memory. */
  tailBytes: number;
}

/** null: durable. An error: nothing of it was stored. */
export type AppendDone = (error: DiskFullError | DiskFailedError | null) => void;

interface Waiting {
  events: readonly ReceivedEvent[];
  bytes: number;
  done: AppendDone;
}

/** What is written at once; more waits for the next flush. */
const FLUSH_BYTES = 1024 * 1024;

/**
 * The log of one partition: append-only, in segments. Events get their sequence number, offset and time when they are
 * written, and are there for readers once they are durable. Everything that waits is written and synced together.
 */
export class PartitionLog {
  readonly folder: string;
  readonly #options: LogOptions;
  readonly #flusher: Flusher;
  readonly #tail: Tail;
  readonly segments: Segment[];
  readonly #listeners = new Set<() => void>();
  /** Bytes of an unfinished write that were cut off at the start. */
  readonly cutBytes: number;
  /** What {@link trim} keeps. */
  retention: RetentionConfig = {};
  /** Sequence number from which on events are kept whatever the retention says: somebody still has to read them. */
  heldFrom = Number.POSITIVE_INFINITY;
  #waiting: Waiting[] = [];
  #flushing = false;
  #scheduled = false;
  #failed: DiskFailedError | null = null;
  #whenIdle: Array<() => void> = [];
  #nextSequence: number;
  #lastOffset: number;
  #lastEnqueuedMs: number;

  constructor(folder: string, options: LogOptions, flusher: Flusher) {
    const found: RecoveredLog = recoverLog(folder);
    this.folder = folder;
    this.#options = options;
    this.#flusher = flusher;
    this.#tail = new Tail(options.tailBytes);
    this.segments = found.segments;
    this.cutBytes = found.cutBytes;
    this.#nextSequence = found.nextSequence;
    this.#lastOffset = found.lastOffset;
    this.#lastEnqueuedMs = found.lastEnqueuedMs;
  }

  /** Sequence number of the oldest event; that of the next one when there is none. */
  get firstSequence(): number {
    return this.segments[0]!.baseSequence;
  }

  /** -1 when the partition never had an event. */
  get lastSequence(): number {
    return this.#nextSequence - 1;
  }

  get nextSequence(): number {
    return this.#nextSequence;
  }

  /** -1 when the partition never had an event. */
  get lastOffset(): number {
    return this.#lastOffset;
  }

  /** Milliseconds since 1970, 0 when the partition never had an event. */
  get lastEnqueuedMs(): number {
    return this.#lastEnqueuedMs;
  }

  /** Why nothing can be appended any more; null while all is well. */
  get failed(): DiskFailedError | null {
    return this.#failed;
  }

  get isEmpty(): boolean {
    return this.firstSequence === this.#nextSequence;
  }

  /** Stores events together or not at all. Calls of the same turn of the event loop share a write and a sync. */
  append(events: readonly ReceivedEvent[], done: AppendDone): void {
    if (this.#failed !== null) {
      done(this.#failed);
      return;
    }
    let bytes = 0;
    for (const event of events) bytes += recordBytes(event);
    this.#waiting.push({ events, bytes, done });
    this.#schedule();
  }

  /** Calls `listener` whenever there are new events to read. Answers how to stop that. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The batch in memory that holds this sequence number, if it is still there. */
  inMemory(sequence: number): RecordBatch | null {
    return this.#tail.find(sequence);
  }

  /** Resolves once everything that was appended is durable or has failed. */
  async idle(): Promise<void> {
    if (!this.#flushing && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** Waits for what was appended, then closes the files. */
  async close(): Promise<void> {
    await this.idle();
    try {
      if (this.#failed === null) this.#noteEnd();
    } catch {
      // The note is a help, and an older one stays true: a full disk must not keep the hub from stopping.
    }
    for (const segment of this.segments) segment.close();
  }

  #noteEnd(): void {
    const { lastOffset, lastEnqueuedMs } = this;
    writeDurableEnd(this.folder, { end: this.segments.at(-1)!.endOffset, lastOffset, lastEnqueuedMs });
  }

  /**
   * Removes the segments that are kept by nothing any more. The log goes on where it was, readers go on with the oldest
   * event there is.
   * @returns how many events were removed
   */
  async trim(now: number): Promise<number> {
    const first = this.firstSequence;
    let count = expiredSegments(this.segments, this, this.retention, this.heldFrom, now);
    if (count === this.segments.length && !this.#beginAfterAll()) count--;
    if (count > 0 && this.segments.slice(count).every(({ size }) => size === 0)) this.#noteEnd();
    for (; count > 0; count--) await this.#removeFirst();
    return this.firstSequence - first;
  }

  /** Begins a segment although the last one has room; false when something is being written to that. */
  #beginAfterAll(): boolean {
    return !this.#flushing && this.#failed === null && !(this.#beginSegment() instanceof Error);
  }

  /** One after another and each durably: a crash in between must not leave a gap. */
  async #removeFirst(): Promise<void> {
    const segment = this.segments.shift()!;
    try {
      await segment.remove();
    } catch (error) {
      this.segments.unshift(segment);
      throw error;
    }
    await syncFolderAsync(this.folder);
  }

  #schedule(): void {
    if (this.#flushing || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const group = this.#takeGroup();
    if (group.length === 0) return;
    this.#flushing = true;
    const events = group.length === 1 ? group[0]!.events : group.flatMap((waiting) => waiting.events);
    // A clock that is set back must not make time run backwards in the log.
    const enqueuedMs = Math.max(Date.now(), this.#lastEnqueuedMs);
    const segment = this.#writable(enqueuedMs);
    if (segment instanceof Error) {
      this.#finish(group, segment);
      return;
    }
    const batch = encodeBatch(events, this.#nextSequence, segment.endOffset, enqueuedMs);
    this.#flusher.append(segment, batch.buffer, (error) => {
      if (error === null) this.#publish(segment, batch);
      this.#finish(group, error);
    });
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && (count === 0 || bytes + this.#waiting[count]!.bytes <= FLUSH_BYTES)) {
      bytes += this.#waiting[count++]!.bytes;
    }
    return this.#waiting.splice(0, count);
  }

  #publish(segment: Segment, batch: RecordBatch): void {
    const position = batch.baseOffset - segment.baseOffset;
    segment.index ??= [];
    addToIndex(segment.index, { position, sequence: batch.firstSequence, enqueuedMs: batch.enqueuedMs });
    this.#nextSequence = lastSequence(batch) + 1;
    this.#lastOffset = lastOffset(batch);
    this.#lastEnqueuedMs = batch.enqueuedMs;
    this.#tail.push(batch);
  }

  #finish(group: Waiting[], error: DiskFullError | DiskFailedError | null): void {
    this.#flushing = false;
    if (error instanceof DiskFailedError) this.#failed = error;
    for (const waiting of group) waiting.done(error);
    if (this.#failed !== null) {
      for (const waiting of this.#waiting.splice(0)) waiting.done(this.#failed);
    }
    if (error === null) for (const listener of this.#listeners) listener();
    if (this.#waiting.length > 0) this.#schedule();
    else for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** The segment to write to: the last one, or a new one when that is full, or old enough for retention to want its end. */
  #writable(now: number): Segment | DiskFullError | DiskFailedError {
    const last = this.segments.at(-1)!;
    const isOld = last.size > 0 && isOldForSegment(last, this.retention, now);
    return last.size < this.#options.segmentBytes && !isOld ? last : this.#beginSegment();
  }

  #beginSegment(): Segment | DiskFullError | DiskFailedError {
    try {
      const next = createSegment(this.folder, this.segments.at(-1)!.endOffset, this.#nextSequence);
      syncFolder(this.folder);
      this.segments.push(next);
      return next;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const text = `a new segment in ${this.folder}: ${message}`;
      return code === 'ENOSPC' || code === 'EDQUOT' ? new DiskFullError(text) : new DiskFailedError(text);
    }
  }
}
