import { lastSequence, type RecordBatch } from './record-batch.ts';

/** The newest batches of a partition, kept in memory for the readers that keep up. */
export class Tail {
  readonly #limit: number;
  #batches: RecordBatch[] = [];
  /** Batches before this place were dropped; the array is cut now and then, not at every drop. */
  #head = 0;
  #bytes = 0;

  /** @param limit bytes to keep; the newest batch is kept whatever its size */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(batch: RecordBatch): void {
    this.#batches.push(batch);
    this.#bytes += batch.buffer.length;
    while (this.#bytes > this.#limit && this.#batches.length - this.#head > 1) {
      this.#bytes -= this.#batches[this.#head++]!.buffer.length;
    }
    if (this.#head > 1024 || this.#head * 2 > this.#batches.length) {
      this.#batches.splice(0, this.#head);
      this.#head = 0;
    }
  }

  /** The batch that holds this sequence number; null when it was dropped or is not there yet. */
  find(sequence: number): RecordBatch | null {
    let low = this.#head;
    let high = this.#batches.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const batch = this.#batches[middle]!;
      if (sequence < batch.firstSequence) high = middle - 1;
      else if (sequence > lastSequence(batch)) low = middle + 1;
      else return batch;
    }
    return null;
  }
}
