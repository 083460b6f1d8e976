import { isPassing } from '../../lib/database/errors.ts';
import { ORDER_PLACED } from '../../lib/domain/order-events.ts';
import { backOff } from '../../lib/runtime/backoff.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { originOf, type PartitionKey, splitBySize, toBatch } from './batch.ts';
import { HandlerFailure, toDeadLetter } from './batch-plan.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { type Decoded, type Delivery, decode } from './decode.ts';
import { expiredLetters } from './expiry.ts';
import { type GapWatch, SequenceGapError, untilGap } from './gap-watch.ts';
import { type CommittedOp, FencedError, type OrderStore, type StoreResult } from './order-store.ts';
import type { ProductCache } from './product-cache.ts';

export interface WorkerDependencies {
  store: OrderStore;
  products: ProductCache;
  metrics: ConsumerMetrics;
  logger: Logger;
  /** Shared by all workers of a reader, because reading again makes a new worker. */
  gaps: GapWatch;
  /** Aborts when the consumer stops: what is not committed by then is read again by the next owner. */
  signal: AbortSignal;
  /** Called after each commit, and once when a partition is taken over. Never waits, never throws. */
  onCommit: (partitionId: number, commit: Commit) => void;
}

/** What others have to do about a commit. */
export interface Commit {
  /** Whether the partition has a backlog. */
  behind: boolean;
  /** Requests to the world outside. */
  ops: readonly CommittedOp[];
  /** Products whose stock has changed. */
  productIds: readonly number[];
}

/** The event as a dead letter, whatever it was before. */
function asHandlerError(decoded: Decoded, error: unknown): Decoded {
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if ('dead' in decoded) return { dead: { ...decoded.dead, reason: 'handler_error', detail } };
  if ('passed' in decoded) return decoded;
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
   * @throws {FencedError} {SequenceGapError} alone, and on purpose: they end the SDK's pump, so that reading starts anew
   *   from the database's position should the partition come back to this process
   * @param newest sequence number of the last event that the hub has, where known
   */
  async process(deliveries: readonly Delivery[], newest = -1): Promise<void> {
    this.#newest = newest;
    let { whole, rest } = untilGap(deliveries, this.#sequenceNumber);
    await this.#storeAll(whole);
    while (rest.length > 0 && !this.#deps.signal.aborted) {
      const { sequenceNumber } = rest[0]!;
      this.#passGap(sequenceNumber);
      ({ whole, rest } = untilGap(rest, sequenceNumber - 1));
      await this.#storeAll(whole);
    }
    if (performance.now() - this.#expiredAt > EXPIRY_EVERY_MS) await this.expireParked();
  }

  async #storeAll(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    this.#deps.metrics.events.inc({ partition: this.#key.partitionId }, deliveries.length);
    for (const part of splitBySize(deliveries)) await this.#settle(part.map((delivery) => decode(delivery)));
  }

  /**
   * Makes dead letters of events that came too early and whose turn never came. While the partition has a backlog none
   * is: what they wait for may be in it.
   */
  async expireParked(): Promise<void> {
    if (this.lag > 0) return;
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

  /**
   * What is missing is asked for once more; what is missing then, too, the hub has dropped by age, read or not.
   * That must never go unnoticed.
   */
  #passGap(next: number): void {
    const { metrics, logger, gaps } = this.#deps;
    const { partitionId } = this.#key;
    const gap = { partitionId, after: this.#sequenceNumber, missing: next - this.#sequenceNumber - 1 };
    const { after, missing } = gap;
    if (!gaps.isGone(gap)) {
      metrics.rereads.inc();
      logger.warn({ code: 'sequence_gap_reread', partition: partitionId, after, missing }, 'events did not come');
      throw new SequenceGapError(gap);
    }
    metrics.gaps.inc(missing);
    logger.error(
      { code: 'sequence_gap', partition: partitionId, after, missing },
      'events are missing between the last one stored and the next one, and were when reading again',
    );
  }

  /**
   * An event that fails takes its whole batch along: it becomes a dead letter, alone, between those before and those
   * after it. Where the event is not known, the batch is halved until it is.
   */
  async #settle(items: readonly Decoded[]): Promise<void> {
    if (items.length === 0) return;
    const { failure } = await this.#storeUntilDone(items);
    if (failure === undefined) return;
    if (items.length === 1) {
      await this.#settleAlone(items[0]!);
      return;
    }
    const guilty = items.findIndex((item) => isGuilty(item, failure));
    if (guilty >= 0) {
      await this.#settle(items.slice(0, guilty));
      await this.#settleAlone(items[guilty]!);
      await this.#settle(items.slice(guilty + 1));
    } else {
      const middle = Math.ceil(items.length / 2);
      await this.#settle(items.slice(0, middle));
      await this.#settle(items.slice(middle));
    }
  }

  /** Stores an event, and what waited for it, one by one: whichever of them fails is a dead letter. */
  async #settleAlone(item: Decoded): Promise<void> {
    for (let left = true; left; ) {
      const { failure, pending } = await this.#storeUntilDone([item], 1);
      const waited = failure instanceof HandlerFailure && failure.source.parked ? failure.source : undefined;
      if (waited) await this.#bury({ order: waited }, failure);
      else if (failure !== undefined) await this.#bury(item, failure);
      left = waited !== undefined || (failure === undefined && pending);
    }
  }

  /** A dead letter that is refused as well must not vanish: the partition waits, and says why, until somebody helps. */
  async #bury(item: Decoded, failure: unknown): Promise<void> {
    const { logger, signal } = this.#deps;
    const where = { partition: this.#key.partitionId, sequence: originOf(item).delivery.sequenceNumber };
    logger.error({ err: failure, ...where }, 'dead-lettered after an error');
    const letter = [asHandlerError(item, failure instanceof HandlerFailure ? failure.cause : failure)];
    for (let attempt = 0; ; attempt++) {
      const { failure: refusal } = await this.#storeUntilDone(letter);
      if (refusal === undefined) return;
      logger.error({ err: refusal, ...where }, 'a dead letter was refused, the partition waits');
      await backOff(attempt, signal);
    }
  }

  /** @returns the error that trying again cannot mend; none when the batch is stored or the consumer stops */
  async #storeUntilDone(items: readonly Decoded[], limit?: number): Promise<{ failure?: unknown; pending: boolean }> {
    const { signal, metrics, logger } = this.#deps;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return { pending: await this.#store(items, limit) };
      } catch (error) {
        if (error instanceof FencedError) {
          metrics.fenced.inc();
          throw error;
        }
        if (error instanceof HandlerFailure) return { failure: error, pending: false };
        // The rows' own faults get one more try: a unique key may have been won by another writer a moment ago.
        if (!isPassing(error) && attempt > 0) return { failure: error, pending: false };
        metrics.retries.inc();
        logger.warn({ err: error, attempt, partition: this.#key.partitionId }, 'batch not stored, trying again');
        await backOff(attempt, signal);
      }
    }
    return { pending: false };
  }

  /** @returns whether there is more to do of it */
  async #store(items: readonly Decoded[], limit?: number): Promise<boolean> {
    const { store, products, metrics, onCommit } = this.#deps;
    const batch = toBatch(items);
    const done = metrics.batchSeconds.startTimer();
    await products.refresh(items);
    const result = await store.store({
      key: this.#key,
      generation: this.#generation,
      batch,
      find: products.lookup,
      ...(limit !== undefined && { limit }),
    });
    done();
    if (batch.last && !result.pending) this.#sequenceNumber = batch.last.sequenceNumber;
    products.forget(result.changedSkus);
    this.#count(items, result);
    const { ops, productIds } = result;
    onCommit(this.#key.partitionId, { behind: this.lag > BACKLOG_EVENTS, ops, productIds });
    return result.pending;
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
