import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, RowDataPacket } from '../../lib/database/connect.ts';
import { statusEventId, uuidFromBytes } from '../../lib/domain/ids.ts';
import {
  ORDER_STATUS_CHANGED,
  type OrderStatusChangedData,
  type OrderStatusChangedEvent,
  orderEvent,
} from '../../lib/domain/order-events.ts';
import { backOff } from '../../lib/runtime/backoff.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import type { EventSender } from '../../lib/streaming/batching-sender.ts';
import { toMessage } from '../../lib/streaming/cloud-event-message.ts';

/** Orders published in one go; with two or three steps each they fill a few batches. */
const ORDERS_AT_ONCE = 500;

/** Steps of several commits travel together: many small batches cost the hub and the database more than the wait does. */
const GATHER_MS = 100;

const PENDING_STEPS = `
  SELECT pending.partition_id, pending.order_seq, pending.first_version, history.version, history.trigger_name,
    history.from_status, history.to_status, history.reason_code, history.event_id, history.at, orders.order_id,
    orders.synthetic
  FROM (SELECT partition_id, order_seq, first_version, last_version FROM outbox WHERE partition_id IN (?)
        ORDER BY partition_id, order_seq, first_version LIMIT ?) pending
  JOIN orders ON orders.order_seq = pending.order_seq
  JOIN order_history history ON history.order_seq = pending.order_seq
    AND history.version BETWEEN pending.first_version AND pending.last_version
  ORDER BY pending.partition_id, pending.order_seq, history.version`;

const BEHIND_PAUSE_MS = 1_000;

/** The sequence extension is zero-padded, so that text order is version order. */
const SEQUENCE_DIGITS = 10;

function toEvent(row: RowDataPacket): OrderStatusChangedEvent {
  const order_id = uuidFromBytes(row.order_id);
  const at = (row.at as Date).toISOString();
  const data = {
    order_id,
    version: row.version,
    trigger: row.trigger_name,
    from: row.from_status,
    to: row.to_status,
    reason: row.reason_code,
    at,
  } as OrderStatusChangedData;
  return orderEvent(ORDER_STATUS_CHANGED, data, {
    id: statusEventId(order_id, data.version),
    source: '/oms/core',
    time: at,
    causationid: uuidFromBytes(row.event_id),
    sequence: String(data.version).padStart(SEQUENCE_DIGITS, '0'),
    ...(row.synthetic ? { synthetic: true } : {}),
  });
}

/**
 * Publishes the steps that were committed, after their commit: a row leaves the outbox when the hub has acknowledged
 * its events. A crash in between publishes them again under the same ids, which their readers know.
 */
export class OutboxRelay {
  readonly #pool: Pool;
  readonly #sender: EventSender;
  readonly #logger: Logger;
  readonly #onPublished: (events: number) => void;
  readonly #stopped = new AbortController();
  readonly #dirty = new Set<number>();
  readonly #behind = new Set<number>();
  #running: Promise<void> = Promise.resolve();
  #active = false;
  #publishedAt = Number.NEGATIVE_INFINITY;

  constructor(pool: Pool, sender: EventSender, logger: Logger, onPublished: (events: number) => void) {
    this.#pool = pool;
    this.#sender = sender;
    this.#logger = logger;
    this.#onPublished = onPublished;
  }

  /**
   * Says that a partition has something to publish. Called by its owner only.
   * Storing goes before telling: while a partition is `behind`, one batch a second is published and no more.
   */
  notify(partitionId: number, behind: boolean): void {
    if (behind) this.#behind.add(partitionId);
    else this.#behind.delete(partitionId);
    if (behind && performance.now() - this.#publishedAt < BEHIND_PAUSE_MS) return;
    this.#dirty.add(partitionId);
    this.#wake();
  }

  /** Lets the batch under way end and stops. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  #wake(): void {
    if (this.#active || this.#stopped.signal.aborted) return;
    this.#active = true;
    this.#running = this.#drain().finally(() => {
      this.#active = false;
      // Something may have come in after the last look.
      if (this.#dirty.size > 0) this.#wake();
    });
  }

  async #drain(): Promise<void> {
    const { signal } = this.#stopped;
    for (let attempt = 0; this.#dirty.size > 0 && !signal.aborted; ) {
      await delay(GATHER_MS, undefined, { signal }).catch(() => {});
      const partitions = [...this.#dirty];
      this.#dirty.clear();
      try {
        const more = await this.#publish(partitions);
        this.#publishedAt = performance.now();
        if (more) this.#markDirty(partitions.filter((partition) => !this.#behind.has(partition)));
        attempt = 0;
      } catch (error) {
        this.#markDirty(partitions);
        this.#logger.warn({ err: error, partitions, attempt }, 'outbox not published, trying again');
        await backOff(attempt++, signal);
      }
    }
  }

  #markDirty(partitions: readonly number[]): void {
    for (const partition of partitions) this.#dirty.add(partition);
  }

  /** @returns whether there may be more */
  async #publish(partitions: readonly number[]): Promise<boolean> {
    const [rows] = await this.#pool.query<RowDataPacket[]>(PENDING_STEPS, [partitions, ORDERS_AT_ONCE]);
    if (rows.length === 0) return false;
    await Promise.all(rows.map((row) => this.#sender.send(toMessage(toEvent(row)))));
    const keys = rows.map((row) => [row.partition_id, row.order_seq, row.first_version] as const);
    const done = new Map(keys.map((key) => [key.join('|'), key]));
    await this.#pool.query('DELETE FROM outbox WHERE (partition_id, order_seq, first_version) IN (?)', [
      [...done.values()],
    ]);
    this.#onPublished(rows.length);
    return done.size === ORDERS_AT_ONCE;
  }
}
