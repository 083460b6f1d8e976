import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { UUID_PATTERN, uuidFromBytes, uuidToBytes } from '../../../lib/domain/ids.ts';
import { ORDER_PLACED } from '../../../lib/domain/order-events.ts';
import { openReaderClient } from '../../../lib/streaming/event-hubs.ts';
import { ORDERS_HUB } from '../../../lib/streaming/hub-names.ts';
import { readRange, type SequenceRange } from '../../../lib/streaming/read-range.ts';
import { RETRY_PROPERTY } from '../../../lib/streaming/sent-again.ts';
import { messageOf } from '../../errors.ts';
import { formatCount } from '../../ui/format.ts';
import { readBeginning } from './beginning.ts';
import { conclude, Faults, skipped } from './check.ts';
import { type HubState, readHub } from './hub-state.ts';
import type { CheckResult } from './result.ts';

export const PLACED_CHECK = { name: 'I1', sentence: 'every placed event is an order or a dead letter' };

const BATCH = 1_000;
const UUID = new RegExp(UUID_PATTERN);

interface Placed {
  sequence: number;
  orderId: string;
  /** The dead letter that this event is sent again for: when it fails again it stays that letter, and gets no other. */
  retryOf: number | undefined;
}

/** The order that an event places; undefined for every other event, and for what is none. */
export function placedOrder(body: unknown): string | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  // Most events are of other types: finding that out must not cost a parse.
  if (!body.includes(ORDER_PLACED)) return undefined;
  try {
    const event = JSON.parse(body.toString());
    const id: unknown = event.data?.order_id;
    return event.type === ORDER_PLACED && typeof id === 'string' && UUID.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

/** The newest events of every partition, `limit` in all. */
function newest({ partitions }: HubState, limit: number): SequenceRange[] {
  const each = Math.max(1, Math.floor(limit / partitions.size));
  return [...partitions]
    .filter(([, { first, last }]) => last >= first)
    .map(([partition, { first, last }]) => ({
      partitionId: String(partition),
      from: Math.max(first, last - each + 1),
      to: last,
    }));
}

/** Compares what was placed with what is stored, a batch at a time. */
class PlacedEvents {
  readonly faults = new Faults();
  placed = 0;
  private readonly pool: Pool;
  private readonly hubCreatedAt: Date;

  constructor(pool: Pool, hubCreatedAt: Date) {
    this.pool = pool;
    this.hubCreatedAt = hubCreatedAt;
  }

  async compare(partition: number, events: readonly Placed[]): Promise<void> {
    this.placed += events.length;
    const stored = await this.findStored(events);
    const missing = events.filter(({ orderId }) => !stored.has(orderId));
    if (missing.length === 0) return;
    const letters = await this.findLetters(partition, missing);
    for (const { sequence, orderId, retryOf } of missing) {
      if (letters.sequences.has(sequence) || (retryOf !== undefined && letters.ids.has(retryOf))) continue;
      const at = `event ${sequence} of partition ${partition} placed it`;
      this.faults.add(`order ${orderId.replaceAll('-', '')}`, `${at}, and it is neither stored nor a dead letter`);
    }
  }

  private async findStored(events: readonly Placed[]): Promise<Set<string>> {
    const ids = [...new Set(events.map(({ orderId }) => orderId))];
    const [rows] = await this.pool.query<RowDataPacket[]>('SELECT order_id FROM orders WHERE order_id IN (?)', [
      ids.map(uuidToBytes),
    ]);
    return new Set(rows.map((row) => uuidFromBytes(row.order_id)));
  }

  private async findLetters(partition: number, events: readonly Placed[]) {
    const retried = events.flatMap(({ retryOf }) => retryOf ?? []);
    const [rows] = await this.pool.query<RowDataPacket[]>(
      `SELECT dead_letter_id, sequence_number FROM dead_letters
        WHERE hub = ? AND hub_created_at = ? AND partition_id = ? AND sequence_number IN (?)
       UNION ALL
       SELECT dead_letter_id, NULL FROM dead_letters WHERE dead_letter_id IN (?)`,
      [ORDERS_HUB, this.hubCreatedAt, partition, events.map(({ sequence }) => sequence), [0, ...retried]],
    );
    return {
      ids: new Set(rows.map((row) => Number(row.dead_letter_id))),
      sequences: new Set(rows.flatMap((row) => (row.sequence_number === null ? [] : Number(row.sequence_number)))),
    };
  }
}

interface Comparison {
  client: Awaited<ReturnType<typeof openReaderClient>>;
  events: PlacedEvents;
  beginning: Date;
  signal: AbortSignal;
}

async function compareRange(range: SequenceRange, { client, events, beginning, signal }: Comparison): Promise<void> {
  let waiting: Placed[] = [];
  const flush = async () => {
    if (waiting.length > 0) await events.compare(Number(range.partitionId), waiting);
    waiting = [];
  };
  await readRange(
    client,
    range,
    async (received) => {
      for (const { sequenceNumber: sequence, enqueuedTimeUtc, body, properties } of received) {
        const orderId = placedOrder(body);
        const retryOf = Number(properties?.[RETRY_PROPERTY]) || undefined;
        if (orderId && enqueuedTimeUtc >= beginning) waiting.push({ sequence, orderId, retryOf });
      }
      if (waiting.length >= BATCH) await flush();
    },
    signal,
  );
  await flush();
}

/**
 * Reads the newest events of the orders hub and looks for the orders they placed.
 * @param target.limit how many events are read, over all partitions
 */
export async function checkPlacedEvents(
  pool: Pool,
  target: { connectionString: string; hubUrl: string; limit: number },
  signal: AbortSignal,
): Promise<CheckResult> {
  const startedAt = performance.now();
  const hub = await readHub(target.hubUrl).catch(() => undefined);
  if (!hub) return skipped(PLACED_CHECK, `the hub at ${target.hubUrl} does not answer`);
  const events = new PlacedEvents(pool, hub.createdAt);
  const ranges = newest(hub, target.limit);
  const client = await openReaderClient({ connectionString: target.connectionString }, ORDERS_HUB);
  try {
    const beginning = await readBeginning(pool);
    for (const range of ranges) await compareRange(range, { client, events, beginning, signal });
  } catch (error) {
    if (signal.aborted || (error as { sql?: unknown }).sql !== undefined) throw error;
    return skipped(PLACED_CHECK, `the hub could not be read: ${messageOf(error)}`);
  } finally {
    await client.close();
  }
  const read = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const seen = `${formatCount(events.placed)} placed among the newest ${formatCount(read)} events`;
  return conclude(PLACED_CHECK, events.faults, startedAt, seen);
}
