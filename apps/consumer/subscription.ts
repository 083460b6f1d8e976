import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type EventHubConsumerClient,
  earliestEventPosition,
  type PartitionContext,
  type ReceivedEventData,
} from '@azure/event-hubs';
import { MySqlCheckpointStore } from '../../lib/database/checkpoint-store.ts';
import type { Pool } from '../../lib/database/connect.ts';
import { backOff } from '../../lib/runtime/backoff.ts';
import { type Namespace, openConsumerClient } from '../../lib/streaming/event-hubs.ts';
import type { PartitionKey } from './batch.ts';
import { PartitionWorker, type WorkerDependencies } from './partition-worker.ts';

/** Measured: 500 a batch costs a tenth to a quarter less than 100, and 2,000 more again. */
const MAX_BATCH = 500;
const PREFETCH = 1_000;
/** How often a quiet partition comes by, so that its lag is measured. */
const MAX_WAIT_SECONDS = 5;
/**
 * A partition is stored no more often than this: the SDK delivers whatever came in 20 ms, and a commit for three orders
 * costs nearly as much as one for thirty. The first order after a pause is stored at once.
 */
const PACE_MS = 50;
/** For how long after an error of the hub this reader calls itself not ready. */
const ERROR_FRESH_MS = 2_500;

export interface SubscriptionOptions {
  /** Names this reader among those that share the partitions; drawn when there is none. */
  name?: string | undefined;
  namespace: Namespace;
  hub: string;
  consumerGroup: string;
}

/**
 * Reads a hub with the unmodified SDK: partitions shared with every other consumer of the group, positions in MySQL.
 * The SDK moves on when a handler throws, so the handler throws only to give a lost partition up.
 */
export class Subscription {
  readonly #deps: WorkerDependencies;
  readonly #client: EventHubConsumerClient;
  readonly #workers = new WeakMap<PartitionContext, PartitionWorker>();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #owned = new Set<number>();
  #lastError: { at: number; message: string } | undefined;
  #handle: { close(): Promise<void> } | undefined;

  private constructor(deps: WorkerDependencies, client: EventHubConsumerClient) {
    this.#deps = deps;
    this.#client = client;
  }

  /** @param pool where owners and positions are kept */
  static async start(options: SubscriptionOptions, pool: Pool, deps: WorkerDependencies): Promise<Subscription> {
    const name = options.name ?? `consumer-${randomUUID()}`;
    const identity = { createdAt: async (): Promise<Date> => Promise.reject(new Error('not connected')) };
    const client = await openConsumerClient(options.namespace, options.hub, {
      consumerGroup: options.consumerGroup,
      checkpointStore: new MySqlCheckpointStore(pool, () => identity.createdAt(), name),
      identifier: name,
    });
    identity.createdAt = async () => (await client.getEventHubProperties()).createdOn;
    const subscription = new Subscription(deps, client);
    subscription.#subscribe();
    return subscription;
  }

  /** The partitions this process reads now. */
  get owned(): ReadonlySet<number> {
    return this.#owned;
  }

  /** What the hub last complained of, if that is recent. */
  get trouble(): string | undefined {
    const last = this.#lastError;
    return last && Date.now() - last.at < ERROR_FRESH_MS ? last.message : undefined;
  }

  /** Stops reading, lets what is being stored be committed, gives the partitions back. */
  async stop(): Promise<void> {
    // Giving partitions back is a courtesy: without the database they are taken over when their ownership expires.
    await this.#handle
      ?.close()
      .catch((error: unknown) => this.#deps.logger.warn({ err: error }, 'partitions not given back'));
    await Promise.allSettled(this.#inFlight);
    await this.#client.close();
  }

  #subscribe(): void {
    this.#handle = this.#client.subscribe(
      {
        processInitialize: (context) => this.#initialize(context),
        processEvents: (events, context) => this.#track(this.#process(events, context)),
        processError: async (error, context) => this.#report(error, context),
        processClose: async (_reason, context) => {
          this.#owned.delete(Number(context.partitionId));
        },
      },
      {
        startPosition: earliestEventPosition,
        maxBatchSize: MAX_BATCH,
        prefetchCount: PREFETCH,
        maxWaitTimeInSeconds: MAX_WAIT_SECONDS,
        skipParsingBodyAsJson: true,
        trackLastEnqueuedEventProperties: true,
      },
    );
  }

  /** Takes the partition over in the database before the first event is read, for as long as it takes. */
  async #initialize(context: PartitionContext): Promise<void> {
    const { signal, store, logger } = this.#deps;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        const key = await this.#keyOf(context);
        const position = await store.takeOver(key);
        this.#workers.set(context, new PartitionWorker(key, position, this.#deps));
        this.#owned.add(key.partitionId);
        this.#deps.onCommit(key.partitionId, { behind: false, ops: [], productIds: [] });
        logger.info({ partition: key.partitionId, ...position }, 'partition taken over');
        return;
      } catch (error) {
        logger.warn({ err: error, attempt, partition: context.partitionId }, 'partition not taken over, trying again');
        await backOff(attempt, signal);
      }
    }
  }

  async #keyOf(context: PartitionContext): Promise<PartitionKey> {
    const { createdOn } = await this.#client.getEventHubProperties();
    return {
      namespace: context.fullyQualifiedNamespace,
      hub: context.eventHubName,
      consumerGroup: context.consumerGroup,
      partitionId: Number(context.partitionId),
      hubCreatedAt: createdOn,
    };
  }

  async #process(events: readonly ReceivedEventData[], context: PartitionContext): Promise<void> {
    const worker = this.#workers.get(context);
    if (!worker) return;
    const start = performance.now();
    await worker.process(events, context.lastEnqueuedEventProperties?.sequenceNumber);
    this.#deps.metrics.lag.set({ partition: context.partitionId }, worker.lag);
    const pause = PACE_MS - (performance.now() - start);
    if (events.length > 0 && events.length < MAX_BATCH && pause > 0) {
      await delay(pause, undefined, { signal: this.#deps.signal }).catch(() => {});
    }
  }

  #report(error: Error, context: { partitionId: string }): void {
    const message = error.message || error.name;
    this.#lastError = { at: Date.now(), message };
    this.#deps.logger.warn({ err: error, partition: context.partitionId }, 'event hub error');
  }

  async #track(work: Promise<void>): Promise<void> {
    this.#inFlight.add(work);
    try {
      await work;
    } finally {
      this.#inFlight.delete(work);
    }
  }
}
