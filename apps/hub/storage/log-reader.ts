import { type Place, placeOfSequence, readBatches } from './locate.ts';
import type { PartitionLog } from './partition-log.ts';
import { lastSequence, type RecordBatch } from './record-batch.ts';
import { SegmentRemovedError } from './segment.ts';

/**
 * One reader's way through a partition: from memory while it keeps up, from disk while it is behind.
 * It holds no more than one chunk of the disk, however long the backlog is.
 */
export class LogReader {
  readonly #log: PartitionLog;
  #next: number;
  #batch: RecordBatch | null = null;
  #loaded: RecordBatch[] = [];
  #place: Place | null = null;

  /** @param sequence of the first event to read */
  constructor(log: PartitionLog, sequence: number) {
    this.#log = log;
    this.#next = Math.max(sequence, log.firstSequence);
  }

  /** Sequence number of the next event. */
  get next(): number {
    return this.#next;
  }

  get atEnd(): boolean {
    return this.#next >= this.#log.nextSequence;
  }

  /** Passes over events that were dealt with. */
  advance(events: number): void {
    this.#next += events;
  }

  /** The batch with the next event; null at the end of the log, and when it has to be loaded first. */
  batch(): RecordBatch | null {
    if (this.#batch !== null && this.#next <= lastSequence(this.#batch)) return this.#batch;
    this.#batch = this.#fromLoaded();
    if (this.#batch !== null) return this.#batch;
    this.#skipRemoved();
    this.#batch = this.#log.inMemory(this.#next);
    if (this.#batch !== null) this.#place = null;
    return this.#batch;
  }

  /** Retention may overtake a slow reader; it goes on with the oldest event there is. */
  #skipRemoved(): void {
    if (this.#next >= this.#log.firstSequence) return;
    this.#next = this.#log.firstSequence;
    this.#place = null;
  }

  #fromLoaded(): RecordBatch | null {
    while (this.#loaded.length > 0) {
      const batch = this.#loaded.shift()!;
      if (this.#next <= lastSequence(batch)) return batch;
    }
    return null;
  }

  /** Loads the next events from disk. */
  async load(): Promise<void> {
    try {
      await this.#load();
    } catch (error) {
      if (!(error instanceof SegmentRemovedError)) throw error;
      this.#place = null;
    }
  }

  async #load(): Promise<void> {
    const { segments } = this.#log;
    while (this.#loaded.length === 0 && !this.atEnd) {
      this.#skipRemoved();
      this.#place ??= await placeOfSequence(segments, this.#next);
      const { batches, next } = await readBatches(segments, this.#place);
      this.#place = next;
      this.#loaded = batches.filter((batch) => lastSequence(batch) >= this.#next);
      if (batches.length === 0) return;
    }
  }
}
