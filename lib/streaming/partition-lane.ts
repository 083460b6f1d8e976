import { setTimeout as delay } from 'node:timers/promises';
import type { EventData } from '@azure/event-hubs';
import type { BatchClient, SenderOptions } from './batching-sender.ts';
import { SendFailedError } from './send-errors.ts';

/**
 * Batches of one partition under way at the same time. More than one, because a batch whose connection was cut
 * is only given up by the SDK at the end of its attempt, and those behind it should not wait for that.
 */
const MAX_IN_FLIGHT = 8;

const RETRY_DELAY_MS = 100;

/** What the SDK says when trying again is useless. */
const FINAL_CODES = new Set([
  'MessageTooLargeError',
  'ArgumentError',
  'ArgumentOutOfRangeError',
  'MessagingEntityNotFoundError',
  'MessagingEntityDisabledError',
  'QuotaExceededError',
]);

interface Batch {
  events: EventData[];
  bytes: number;
  createdAt: number;
  /** Aborted when the deadline of its first event has passed. */
  expiry: AbortController;
  deadline: NodeJS.Timeout;
  acknowledged: PromiseWithResolvers<void>;
}

/** The events of one partition: gathered, sent in the order of their arrival, each batch with its own deadline. */
export class PartitionLane {
  readonly #client: BatchClient;
  readonly #partitionId: string;
  readonly #options: SenderOptions;
  #gathering: Batch | undefined;
  /** Sealed, waiting for their turn. */
  readonly #waiting: Batch[] = [];
  readonly #inFlight = new Set<Batch>();

  constructor(client: BatchClient, partitionId: string, options: SenderOptions) {
    this.#client = client;
    this.#partitionId = partitionId;
    this.#options = options;
  }

  /** @returns a promise shared by all events of a batch: they are acknowledged, or fail, together */
  add(event: EventData, bytes: number): Promise<void> {
    const { maxBatchBytes, maxBatchEvents } = this.#options;
    if (this.#gathering && this.#gathering.bytes + bytes > maxBatchBytes) this.flush();
    this.#gathering ??= this.#newBatch();
    const batch = this.#gathering;
    batch.events.push(event);
    batch.bytes += bytes;
    if (batch.events.length >= maxBatchEvents) this.flush();
    return batch.acknowledged.promise;
  }

  /** Resolves when nothing is left of what was flushed, whatever became of it. */
  async drain(): Promise<void> {
    const left = [...this.#waiting, ...this.#inFlight];
    await Promise.allSettled(left.map((batch) => batch.acknowledged.promise));
  }

  #newBatch(): Batch {
    const expiry = new AbortController();
    return {
      events: [],
      bytes: 0,
      createdAt: performance.now(),
      expiry,
      deadline: setTimeout(() => expiry.abort(), this.#options.deadlineMs),
      acknowledged: Promise.withResolvers(),
    };
  }

  /** Sends what was gathered, in its turn. */
  flush(): void {
    if (!this.#gathering) return;
    const batch = this.#gathering;
    this.#gathering = undefined;
    batch.expiry.signal.addEventListener('abort', () => this.#settle(batch, new Error('deadline passed')));
    this.#waiting.push(batch);
    this.#sendNext();
  }

  #sendNext(): void {
    while (this.#inFlight.size < MAX_IN_FLIGHT) {
      const batch = this.#waiting.shift();
      if (!batch) return;
      this.#inFlight.add(batch);
      this.#deliver(batch).then(
        () => this.#settle(batch),
        (error: Error) => this.#settle(batch, error),
      );
    }
  }

  /** Tries until the hub has acknowledged, the deadline has passed, or trying again is useless. */
  async #deliver(batch: Batch): Promise<void> {
    const abortSignal = batch.expiry.signal;
    for (;;) {
      try {
        return await this.#client.sendBatch(batch.events, { partitionId: this.#partitionId, abortSignal });
      } catch (error) {
        if (abortSignal.aborted || FINAL_CODES.has((error as { code?: string }).code ?? '')) throw error;
        await delay(RETRY_DELAY_MS, undefined, { signal: abortSignal });
      }
    }
  }

  /** The first outcome counts: an SDK that is still busy with an expired batch holds up nobody. */
  #settle(batch: Batch, cause?: Error): void {
    const waitingAt = this.#waiting.indexOf(batch);
    if (waitingAt >= 0) this.#waiting.splice(waitingAt, 1);
    else if (!this.#inFlight.delete(batch)) return;
    clearTimeout(batch.deadline);
    const ms = performance.now() - batch.createdAt;
    this.#options.onBatch({ events: batch.events.length, ms, ...(cause && { error: cause }) });
    if (cause) batch.acknowledged.reject(failure(cause, batch.expiry.signal.aborted, this.#options.deadlineMs));
    else batch.acknowledged.resolve();
    this.#sendNext();
  }
}

function failure(cause: Error, expired: boolean, deadlineMs: number): SendFailedError {
  const message = expired ? `the hub did not acknowledge within ${deadlineMs} ms` : 'the hub refused the event';
  return new SendFailedError(message, { cause });
}
