import { isPassing } from '../../lib/database/errors.ts';
import { backOff } from '../../lib/runtime/backoff.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { type PartitionKey, sortOut, splitBySize } from './batch.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { type Decoded, type Delivery, decode } from './decode.ts';
import { FencedError, type OrderStore, type Position, type StoreResult } from './order-store.ts';
import type { ProductCache } from './product-cache.ts';

export interface WorkerDependencies {
  store: OrderStore;
  products: ProductCache;
  metrics: ConsumerMetrics;
  logger: Logger;
  /** Aborts when the consumer stops: what is not committed by then is read again by the next owner. */
  signal: AbortSignal;
  /** Called after each commit; `behind` says whether the partition has a backlog. */
  onCommit: (partitionId: number, behind: boolean) => void;
}

const deliveryOf = (decoded: Decoded): Delivery =>
  'dead' in decoded ? decoded.dead.delivery : decoded.placed.delivery;

const asHandlerError = (decoded: Decoded, error: unknown): Decoded => ({
  dead: {
    delivery: deliveryOf(decoded),
    reason: 'handler_error',
    detail: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    eventId: 'placed' in decoded ? decoded.placed.event.id : decoded.dead.eventId,
  },
});

/** A full batch and as much again: fewer events than this are on their way in any busy partition. */
const BACKLOG_EVENTS = 1_000;

/** Stores the events of one partition, in order, for as long as this process owns it. */
export class PartitionWorker {
  readonly #key: PartitionKey;
  readonly #generation: number;
  readonly #deps: WorkerDependencies;
  #sequenceNumber: number;
  #newest = -1;

  constructor(key: PartitionKey, position: Position, deps: WorkerDependencies) {
    this.#key = key;
    this.#generation = position.generation;
    this.#sequenceNumber = position.sequenceNumber;
    this.#deps = deps;
  }

  /** How many events of the partition are not stored yet, as far as the hub has told. */
  get lag(): number {
    return Math.max(0, this.#newest - this.#sequenceNumber);
  }

  /**
   * Stores a batch of deliveries; what was stored before is skipped without being parsed.
   * It comes back when everything is committed or dead-lettered, or when the consumer stops, however long the database
   * is away: a healthy event is never given up.
   * @throws {FencedError} alone, and on purpose: it ends the SDK's pump, so that reading starts anew from the
   *   database's position should the partition come back to this process
   * @param newest sequence number of the last event that the hub has, where known
   */
  async process(deliveries: readonly Delivery[], newest = -1): Promise<void> {
    this.#newest = newest;
    const fresh = deliveries.filter((delivery) => delivery.sequenceNumber > this.#sequenceNumber);
    if (fresh.length === 0) return;
    this.#watchForGap(fresh[0]!);
    this.#deps.metrics.events.inc({ partition: this.#key.partitionId }, fresh.length);
    for (const part of splitBySize(fresh)) await this.#settle(part.map(decode));
  }

  /** The hub drops events by age whether they were read or not; that must never go unnoticed. */
  #watchForGap(first: Delivery): void {
    const missing = first.sequenceNumber - this.#sequenceNumber - 1;
    if (missing === 0) return;
    this.#deps.metrics.gaps.inc(missing);
    this.#deps.logger.error(
      { code: 'sequence_gap', partition: this.#key.partitionId, after: this.#sequenceNumber, missing },
      'events are missing between the last one stored and the first one received',
    );
  }

  /** Bad rows fail a whole batch: it is halved until the guilty event is alone, and that becomes a dead letter. */
  async #settle(decoded: readonly Decoded[]): Promise<void> {
    const failure = await this.#storeUntilDone(decoded);
    if (failure === undefined) return;
    if (decoded.length === 1) {
      await this.#bury(decoded[0]!, failure);
      return;
    }
    const middle = Math.ceil(decoded.length / 2);
    await this.#settle(decoded.slice(0, middle));
    await this.#settle(decoded.slice(middle));
  }

  /** A dead letter that is refused as well must not vanish: the partition waits, and says why, until somebody helps. */
  async #bury(decoded: Decoded, failure: unknown): Promise<void> {
    const { logger, signal } = this.#deps;
    const where = { partition: this.#key.partitionId, sequence: deliveryOf(decoded).sequenceNumber };
    logger.error({ err: failure, ...where }, 'dead-lettered after an error');
    const letter = [asHandlerError(decoded, failure)];
    for (let attempt = 0; ; attempt++) {
      const refusal = await this.#storeUntilDone(letter);
      if (refusal === undefined) return;
      logger.error({ err: refusal, ...where }, 'a dead letter was refused, the partition waits');
      await backOff(attempt, signal);
    }
  }

  /** @returns the error that trying again cannot mend; undefined when the batch is stored or the consumer stops */
  async #storeUntilDone(decoded: readonly Decoded[]): Promise<unknown> {
    const { signal, metrics, logger } = this.#deps;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await this.#store(decoded);
        return undefined;
      } catch (error) {
        if (error instanceof FencedError) {
          metrics.fenced.inc();
          throw error;
        }
        // The rows' own faults get one more try: a unique key may have been won by another writer a moment ago.
        if (!isPassing(error) && attempt > 0) return error;
        metrics.retries.inc();
        logger.warn({ err: error, attempt, partition: this.#key.partitionId }, 'batch not stored, trying again');
        await backOff(attempt, signal);
      }
    }
    return undefined;
  }

  async #store(decoded: readonly Decoded[]): Promise<void> {
    const { store, products, metrics } = this.#deps;
    const last = deliveryOf(decoded.at(-1)!);
    const { batch, repeated } = sortOut(decoded, last);
    const done = metrics.batchSeconds.startTimer();
    await products.refresh(batch.placed);
    const result = await store.store(this.#key, this.#generation, batch, products.lookup);
    done();
    this.#sequenceNumber = last.sequenceNumber;
    this.#count(decoded, { ...result, repeated: result.repeated + repeated });
    this.#deps.onCommit(this.#key.partitionId, this.lag > BACKLOG_EVENTS);
  }

  #count(decoded: readonly Decoded[], result: StoreResult): void {
    const { orders, storedSeconds } = this.#deps.metrics;
    orders.inc({ outcome: 'stored' }, result.stored);
    orders.inc({ outcome: 'duplicate' }, result.repeated);
    orders.inc({ outcome: 'dead_lettered' }, result.deadLettered);
    const now = Date.now();
    for (const one of decoded) {
      if ('placed' in one)
        storedSeconds.observe({ stage: 'stored' }, (now - Date.parse(one.placed.event.time)) / 1_000);
    }
  }
}
