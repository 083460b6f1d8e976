import { isPassing } from '../../lib/database/errors.ts';
import { ORDER_PLACED } from '../../lib/domain/order-events.ts';
import { backOff } from '../../lib/runtime/backoff.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { originOf, type PartitionKey, splitBySize, toBatch } from './batch.ts';
import { HandlerFailure, toDeadLetter } from './batch-plan.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { type Decoded, type Delivery, decode } from './decode.ts';
import { expiredLetters } from './expiry.ts';
import { type CommittedOp, FencedError, type OrderStore, type StoreResult } from './order-store.ts';
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
  /** Called after a commit with the requests to the world outside that it holds. */
  onOps: (partitionId: number, ops: readonly CommittedOp[]) => void;
}

/** The event as a dead letter, whatever it was before. */
function asHandlerError(decoded: Decoded, error: unknown): Decoded {
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if ('dead' in decoded) return { dead: { ...decoded.dead, reason: 'handler_error', detail } };
  return { dead: toDeadLetter('order' in decoded ? decoded.order : decoded.stock, 'handler_error', detail) };
}

/** A full batch and as much again: fewer events than this are on their way in any busy partition. */
const BACKLOG_EVENTS = 1_000;

/** How often parked events are looked through for those that have waited in vain. */
const EXPIRY_EVERY_MS = 5_000;

/** Stores the events of one partition, in order, for as long as this process owns it. */
export class PartitionWorker {
  readonly #key: PartitionKey;
  readonly #generation: number;
  readonly #deps: WorkerDependencies;
  #sequenceNumber: number;
  #newest = -1;
  #expiredAt = performance.now();

  constructor(key: PartitionKey, position: { generation: number; sequenceNumber: number }, deps: WorkerDependencies) {
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
    if (performance.now() - this.#expiredAt > EXPIRY_EVERY_MS) await this.expireParked();
    const fresh = deliveries.filter((delivery) => delivery.sequenceNumber > this.#sequenceNumber);
    if (fresh.length === 0) return;
    this.#watchForGap(fresh[0]!);
    this.#deps.metrics.events.inc({ partition: this.#key.partitionId }, fresh.length);
    for (const part of splitBySize(fresh)) await this.#settle(part.map((delivery) => decode(delivery)));
  }

  /** Makes dead letters of events that came too early and whose turn never came. */
  async expireParked(): Promise<void> {
    this.#expiredAt = performance.now();
    const { store, logger } = this.#deps;
    const rows = await store.readExpired(this.#key).catch((error: unknown) => {
      logger.warn({ err: error, partition: this.#key.partitionId }, 'parked events not looked through');
      return [];
    });
    const letters = new Map(expiredLetters(rows).map((letter) => [letter.delivery, letter]));
    for (const part of splitBySize([...letters.keys()])) {
      await this.#settle(part.map((delivery) => ({ dead: letters.get(delivery)! })));
    }
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

  /**
   * An event that fails takes its whole batch along: it becomes a dead letter, alone, between those before and those
   * after it. Where the event is not known, the batch is halved until it is.
   */
  async #settle(items: readonly Decoded[]): Promise<void> {
    if (items.length === 0) return;
    const failure = await this.#storeUntilDone(items);
    if (failure === undefined) return;
    const guilty = items.length === 1 ? 0 : items.findIndex((item) => isGuilty(item, failure));
    if (failure instanceof HandlerFailure && failure.source.parked) {
      await this.#bury({ order: failure.source }, failure);
      await this.#settle(items);
    } else if (guilty >= 0) {
      await this.#settle(items.slice(0, guilty));
      await this.#bury(items[guilty]!, failure);
      await this.#settle(items.slice(guilty + 1));
    } else {
      const middle = Math.ceil(items.length / 2);
      await this.#settle(items.slice(0, middle));
      await this.#settle(items.slice(middle));
    }
  }

  /** A dead letter that is refused as well must not vanish: the partition waits, and says why, until somebody helps. */
  async #bury(item: Decoded, failure: unknown): Promise<void> {
    const { logger, signal } = this.#deps;
    const where = { partition: this.#key.partitionId, sequence: originOf(item).delivery.sequenceNumber };
    logger.error({ err: failure, ...where }, 'dead-lettered after an error');
    const letter = [asHandlerError(item, failure instanceof HandlerFailure ? failure.cause : failure)];
    for (let attempt = 0; ; attempt++) {
      const refusal = await this.#storeUntilDone(letter);
      if (refusal === undefined) return;
      logger.error({ err: refusal, ...where }, 'a dead letter was refused, the partition waits');
      await backOff(attempt, signal);
    }
  }

  /** @returns the error that trying again cannot mend; undefined when the batch is stored or the consumer stops */
  async #storeUntilDone(items: readonly Decoded[]): Promise<unknown> {
    const { signal, metrics, logger } = this.#deps;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await this.#store(items);
        return undefined;
      } catch (error) {
        if (error instanceof FencedError) {
          metrics.fenced.inc();
          throw error;
        }
        if (error instanceof HandlerFailure) return error;
        // The rows' own faults get one more try: a unique key may have been won by another writer a moment ago.
        if (!isPassing(error) && attempt > 0) return error;
        metrics.retries.inc();
        logger.warn({ err: error, attempt, partition: this.#key.partitionId }, 'batch not stored, trying again');
        await backOff(attempt, signal);
      }
    }
    return undefined;
  }

  async #store(items: readonly Decoded[]): Promise<void> {
    const { store, products, metrics, onCommit, onOps } = this.#deps;
    const batch = toBatch(items);
    const done = metrics.batchSeconds.startTimer();
    await products.refresh(items);
    const result = await store.store(this.#key, this.#generation, batch, products.lookup);
    done();
    if (batch.last) this.#sequenceNumber = batch.last.sequenceNumber;
    products.forget(result.changedSkus);
    this.#count(items, result);
    onCommit(this.#key.partitionId, this.lag > BACKLOG_EVENTS);
    if (result.ops.length > 0) onOps(this.#key.partitionId, result.ops);
  }

  #count(items: readonly Decoded[], result: StoreResult): void {
    const { orders, verdicts, storedSeconds } = this.#deps.metrics;
    orders.inc({ outcome: 'stored' }, result.stored);
    orders.inc({ outcome: 'duplicate' }, result.repeated);
    orders.inc({ outcome: 'dead_lettered' }, result.deadLettered);
    for (const [verdict, events] of result.verdicts) verdicts.inc({ verdict }, events);
    const now = Date.now();
    for (const item of items) {
      if (!('order' in item)) continue;
      const { type, time } = item.order.event;
      const stage = type === ORDER_PLACED ? 'stored' : 'followed';
      storedSeconds.observe({ stage }, (now - Date.parse(time)) / 1_000);
    }
  }
}

const isGuilty = (item: Decoded, failure: unknown): boolean =>
  failure instanceof HandlerFailure && originOf(item).delivery === failure.source.delivery;
