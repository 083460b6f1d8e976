import { setTimeout as delay } from 'node:timers/promises';
import type { EventData } from '@azure/event-hubs';
import type { SenderOptions } from './batching-sender.ts';
import type { HubConnection, HubSession } from './hub-connection.ts';
import { SendFailedError } from './send-errors.ts';

/**
 * Batches of one partition under way at the same time. Two: while one waits for the disk the next is on its way,
 * and when the connection was cut it is the second one that finds out at once.
 */
const MAX_IN_FLIGHT = 2;

/** A batch that waits for a place takes no more events after this time, because they all share its deadline. */
const MAX_GATHERING_MS = 200;

/**
 * A batch that gets no answer while others do is late, not cut off: giving up the connection would only add to
 * the load that makes it late. After so long without any answer the connection is dead.
 */
const SILENCE_MS = 1_000;

const BUSY_RETRY_MS = 100;

/** What the SDK says when trying again is useless. */
const FINAL_CODES = new Set([
  'MessageTooLargeError',
  'ArgumentError',
  'ArgumentOutOfRangeError',
  'MessagingEntityNotFoundError',
  'MessagingEntityDisabledError',
  'QuotaExceededError',
]);

/** What it says when the hub is there but has no room for the moment. */
const BUSY_CODES = new Set(['ServerBusyError', 'SenderBusyError', 'InsufficientCreditError']);

/** What it says when its own time-out has passed. Everything that is in none of these sets is a broken connection. */
const LATE_CODES = new Set(['OperationTimeoutError', 'ServiceUnavailableError']);

interface Batch {
  number: number;
  events: EventData[];
  bytes: number;
  createdAt: number;
  deadline: NodeJS.Timeout;
  /** The send under way, to be ended with the batch. */
  attempt: AbortController | undefined;
  settled: boolean;
  acknowledged: PromiseWithResolvers<void>;
}

type SdkError = Error & { code?: string };

const hasCode = (codes: Set<string>, error: SdkError): boolean => error.code !== undefined && codes.has(error.code);

/**
 * The events of one partition: gathered, and sent in the order of their arrival, each batch with its own deadline.
 * Batches whose connection broke are sent again in the same order.
 */
export class PartitionLane {
  readonly #hub: HubConnection;
  readonly #partitionId: string;
  readonly #options: SenderOptions;
  #batches = 0;
  #gathering: Batch | undefined;
  /** Whether what was gathered has waited long enough for company. */
  #due = false;
  /** Closed batches that wait for a place, by number. */
  readonly #waiting: Batch[] = [];
  readonly #inFlight = new Set<Batch>();

  constructor(hub: HubConnection, partitionId: string, options: SenderOptions) {
    this.#hub = hub;
    this.#partitionId = partitionId;
    this.#options = options;
  }

  /** @returns a promise shared by all events of a batch: they are acknowledged, or fail, together */
  add(event: EventData, bytes: number): Promise<void> {
    if (this.#gathering && !this.#hasRoom(this.#gathering, bytes)) this.#closeBatch();
    this.#gathering ??= this.#newBatch();
    const batch = this.#gathering;
    batch.events.push(event);
    batch.bytes += bytes;
    return batch.acknowledged.promise;
  }

  /** Sends what was gathered as soon as there is a place; until then it takes more events. */
  flush(): void {
    this.#due = this.#gathering !== undefined;
    this.resume();
  }

  /** Sends what waits, as far as there is a connection and a place. */
  resume(): void {
    const session = this.#hub.current;
    while (session && this.#inFlight.size < MAX_IN_FLIGHT) {
      if (this.#waiting.length === 0 && this.#due) this.#closeBatch();
      const batch = this.#waiting.shift();
      if (!batch) return;
      this.#inFlight.add(batch);
      void this.#deliver(batch, session);
    }
  }

  /** Resolves when nothing is left of what was flushed, whatever became of it. */
  async drain(): Promise<void> {
    const left = [...this.#inFlight, ...this.#waiting, ...(this.#gathering ? [this.#gathering] : [])];
    await Promise.allSettled(left.map((batch) => batch.acknowledged.promise));
  }

  #hasRoom(batch: Batch, bytes: number): boolean {
    const { maxBatchBytes, maxBatchEvents } = this.#options;
    const young = performance.now() - batch.createdAt < MAX_GATHERING_MS;
    return young && batch.events.length < maxBatchEvents && batch.bytes + bytes <= maxBatchBytes;
  }

  #newBatch(): Batch {
    this.#batches += 1;
    const batch: Batch = {
      number: this.#batches,
      events: [],
      bytes: 0,
      createdAt: performance.now(),
      deadline: setTimeout(() => this.#expire(batch), this.#options.deadlineMs),
      attempt: undefined,
      settled: false,
      acknowledged: Promise.withResolvers(),
    };
    return batch;
  }

  #closeBatch(): void {
    if (this.#gathering) this.#waiting.push(this.#gathering);
    this.#gathering = undefined;
    this.#due = false;
  }

  #expire(batch: Batch): void {
    if (batch === this.#gathering) this.#closeBatch();
    const message = `the hub did not acknowledge within ${this.#options.deadlineMs} ms`;
    this.#settle(batch, new SendFailedError(message));
    batch.attempt?.abort();
  }

  /** Ends with the batch settled, or waiting to be sent again. Never rejects. */
  async #deliver(batch: Batch, session: HubSession): Promise<void> {
    const error = await this.#attempt(batch, session);
    if (!error) return this.#settle(batch);
    if (hasCode(FINAL_CODES, error)) {
      return this.#settle(batch, new SendFailedError('the hub refused the event', { cause: error }));
    }
    if (hasCode(BUSY_CODES, error)) await delay(BUSY_RETRY_MS);
    this.#sendAgain(batch);
  }

  /** @returns why the hub did not acknowledge; undefined when it did */
  async #attempt(batch: Batch, session: HubSession): Promise<SdkError | undefined> {
    const attempt = new AbortController();
    batch.attempt = attempt;
    session.attempts.add(attempt);
    try {
      await session.client.sendBatch(batch.events, { partitionId: this.#partitionId, abortSignal: attempt.signal });
      session.answeredAt = performance.now();
      return undefined;
    } catch (caught) {
      const error = caught as SdkError;
      if (hasCode(FINAL_CODES, error) || hasCode(BUSY_CODES, error)) session.answeredAt = performance.now();
      else this.#judge(batch, session, error);
      return error;
    } finally {
      session.attempts.delete(attempt);
    }
  }

  /** Gives up a session whose connection broke, or on which nothing was heard for too long. */
  #judge(batch: Batch, session: HubSession, error: SdkError): void {
    const late = batch.settled || hasCode(LATE_CODES, error);
    const silent = performance.now() - session.answeredAt > SILENCE_MS;
    if (!late || silent) this.#hub.giveUp(session, error);
  }

  #sendAgain(batch: Batch): void {
    if (batch.settled) return;
    this.#inFlight.delete(batch);
    this.#waiting.push(batch);
    this.#waiting.sort((a, b) => a.number - b.number);
    this.resume();
  }

  /** The first outcome counts. */
  #settle(batch: Batch, error?: SendFailedError): void {
    if (batch.settled) return;
    batch.settled = true;
    clearTimeout(batch.deadline);
    this.#inFlight.delete(batch);
    const waitingAt = this.#waiting.indexOf(batch);
    if (waitingAt >= 0) this.#waiting.splice(waitingAt, 1);
    const ms = performance.now() - batch.createdAt;
    this.#options.onBatch({ events: batch.events.length, ms, ...(error && { error }) });
    if (error) batch.acknowledged.reject(error);
    else batch.acknowledged.resolve();
    this.resume();
  }
}
