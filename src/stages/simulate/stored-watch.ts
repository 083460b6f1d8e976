import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { uuidToBytes } from '../../../lib/domain/ids.ts';
import type { Counts } from './counters.ts';
import type { Latency } from './latency.ts';
import { Queue } from './queue.ts';

const POLL_MS = 200;
/** Looked up in one query; found by their unique key, about 10 us each. */
const BATCH = 500;
/** Queries in a row before others get their turn: bounds what a long backlog costs the database. */
const BATCHES_A_POLL = 8;
/** A run that ends with more than can be looked up in this time, or with a database that stands still, has lost orders. */
const LAST_LOOK_MS = 2_000;

interface Accepted {
  id: Buffer;
  /** Epoch milliseconds; orders stored before the start of the run were there already. */
  plannedAtMs: number;
}

/**
 * Follows accepted orders into the database: looks each one up until it is there. Latency runs from the moment an order
 * was due to its stored_at, which the consumer takes as it writes the row; both clocks are this machine's.
 */
export class StoredWatch {
  private readonly pool: Pool;
  private readonly counts: Counts;
  private readonly latency: Latency;
  private readonly lastLookMs: number;
  private readonly outstanding = new Queue<Accepted>();
  private looking = 0;
  private startedAtMs = 0;
  private stopped = false;
  private closed = false;
  private look: Promise<void> = Promise.resolve();
  /** Why the last look failed; undefined while the database answers. */
  lastError: unknown;

  constructor(pool: Pool, counts: Counts, latency: Latency, lastLookMs = LAST_LOOK_MS) {
    this.pool = pool;
    this.counts = counts;
    this.latency = latency;
    this.lastLookMs = lastLookMs;
  }

  /** Accepted and not seen in the database yet. */
  get backlog(): number {
    return this.outstanding.size + this.looking;
  }

  add(orderId: string, plannedMs: number): void {
    this.outstanding.push({ id: uuidToBytes(orderId), plannedAtMs: this.startedAtMs + plannedMs });
  }

  /** @param startedAtMs epoch milliseconds of the start of the run */
  start(startedAtMs: number): void {
    this.startedAtMs = startedAtMs;
    void this.poll();
  }

  /**
   * Waits until everything accepted is stored, or `end` is set; then looks once more, as what was stored a moment before
   * the end is not lost. What is found after it does not count.
   */
  async drain(end: AbortSignal): Promise<void> {
    while (this.backlog > 0 && !end.aborted) await sleep(10);
    this.stopped = true;
    const late = new AbortController();
    const tooLate = sleep(this.lastLookMs, undefined, { signal: late.signal }).catch(() => {});
    await Promise.race([this.lookOnceMore(), tooLate]);
    this.closed = true;
    late.abort();
  }

  private async lookOnceMore(): Promise<void> {
    await this.look;
    await this.lookAround(Math.ceil(this.outstanding.size / BATCH), () => !this.closed);
  }

  private async poll(): Promise<void> {
    while (!this.stopped) {
      const batches = Math.min(Math.ceil(this.outstanding.size / BATCH), BATCHES_A_POLL);
      this.look = this.lookAround(batches, () => !this.stopped);
      await this.look;
      await sleep(POLL_MS, undefined, { ref: false });
    }
  }

  private async lookAround(batches: number, goesOn: () => boolean): Promise<void> {
    try {
      for (let batch = 0; batch < batches && goesOn(); batch++) await this.lookUp();
      this.lastError = undefined;
    } catch (error) {
      this.lastError = error;
    }
  }

  private async lookUp(): Promise<void> {
    const wanted = new Map<string, Accepted>();
    while (wanted.size < BATCH && this.outstanding.size > 0) {
      const accepted = this.outstanding.shift()!;
      wanted.set(accepted.id.toString('latin1'), accepted);
    }
    this.looking = wanted.size;
    try {
      const rows = await this.query(wanted);
      if (this.closed) return;
      for (const { order_id, stored_at } of rows) {
        const key = order_id.toString('latin1');
        const accepted = wanted.get(key);
        if (accepted) this.found(accepted, stored_at.getTime());
        wanted.delete(key);
      }
    } finally {
      for (const accepted of wanted.values()) this.outstanding.push(accepted);
      this.looking = 0;
    }
  }

  private async query(wanted: Map<string, Accepted>): Promise<{ order_id: Buffer; stored_at: Date }[]> {
    const ids = [...wanted.values()].map((accepted) => accepted.id);
    const [rows] = await this.pool.query<(RowDataPacket & { order_id: Buffer; stored_at: Date })[]>(
      'SELECT order_id, stored_at FROM orders WHERE order_id IN (?)',
      [ids],
    );
    return rows;
  }

  private found(accepted: Accepted, storedAtMs: number): void {
    this.counts.stored++;
    if (storedAtMs < this.startedAtMs) this.counts.stored_before++;
    else this.latency.record(storedAtMs - accepted.plannedAtMs);
  }
}

/** Rows beyond the first with the same customer and key, among the orders whose keys begin with `prefix`. */
export async function countDuplicates(pool: Pool, prefix: string, since?: Date): Promise<number> {
  const [rows] = await pool.query<(RowDataPacket & { surplus: number })[]>(
    `SELECT COUNT(*) - COUNT(DISTINCT customer_ref, idempotency_key) AS surplus
       FROM orders WHERE idempotency_key LIKE ? ${since ? 'AND placed_at >= ?' : ''}`,
    [`${prefix}%`, since],
  );
  return rows[0]!.surplus;
}
