import type { Connection, RowDataPacket } from './connect.ts';

/** Events in a slice of time. */
export interface RatePoint {
  /** Start of the slice, UTC. */
  at: Date;
  placed: number;
  confirmed: number;
  failed: number;
}

const OPEN_ORDERS = `SELECT status, COUNT(*) AS orders FROM orders FORCE INDEX (ix_orders_due)
  WHERE due_at IS NOT NULL GROUP BY status`;

const sliceOf = (column: string) => `FLOOR(UNIX_TIMESTAMP(${column}) / ?)`;

const PLACED = `SELECT ${sliceOf('placed_at')} AS slice, COUNT(*) AS orders FROM orders
  WHERE placed_at >= ? GROUP BY slice`;

/** Orders that have got there and not further since; what went further within the time counts as confirmed as well. */
const MOVED = `SELECT reporting_status IN ('cancelled', 'payment_failed') AS failed, ${sliceOf('status_since')} AS slice,
    COUNT(*) AS orders
  FROM orders FORCE INDEX (ix_orders_status)
  WHERE reporting_status IN ('paid', 'processing', 'packed', 'shipped', 'out_for_delivery', 'delivered', 'cancelled',
    'payment_failed') AND status_since >= ? GROUP BY failed, slice`;

/** How many open orders are in each status. Final ones are not counted: they only become more. */
export async function readOpenOrders(connection: Connection): Promise<Record<string, number>> {
  const [rows] = await connection.query<RowDataPacket[]>(OPEN_ORDERS);
  return Object.fromEntries(rows.map(({ status, orders }) => [status, orders]));
}

/**
 * What has happened in the last slices of time, oldest first, the one under way last. Index ranges only.
 * @param now of the clock that orders are stamped with, milliseconds since 1970
 */
export async function readRates(
  connection: Connection,
  now: number,
  { slices, sliceSeconds }: { slices: number; sliceSeconds: number },
): Promise<RatePoint[]> {
  const last = Math.floor(now / 1_000 / sliceSeconds);
  const since = new Date((last - slices + 1) * sliceSeconds * 1_000);
  const [placed] = await connection.query<RowDataPacket[]>(PLACED, [sliceSeconds, since]);
  const [moved] = await connection.query<RowDataPacket[]>(MOVED, [sliceSeconds, since]);
  const points = Array.from({ length: slices }, (_none, index) => ({
    at: new Date(since.getTime() + index * sliceSeconds * 1_000),
    ...{ placed: 0, confirmed: 0, failed: 0 },
  }));
  // A clock that is ahead of ours stamps orders with a slice that has not begun.
  const pointOf = ({ slice }: RowDataPacket) => points[Math.min(Number(slice) - last + slices, slices) - 1];
  for (const row of placed) pointOf(row)!.placed += row.orders;
  for (const row of moved) pointOf(row)![row.failed ? 'failed' : 'confirmed'] += row.orders;
  return points;
}

export interface DeadLettersWaiting {
  open: number;
  parked: number;
}

/** Events that wait for a person, and those that wait behind them or for what has to come first. */
export async function readWaiting(connection: Connection): Promise<DeadLettersWaiting> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    `SELECT (SELECT COUNT(*) FROM dead_letters WHERE state = 'open') AS open, (SELECT COUNT(*) FROM parked_events) AS parked`,
  );
  return { open: row!.open, parked: row!.parked };
}

export interface PartitionPlace {
  partition: number;
  hubCreatedAt: Date;
  /** Last sequence number whose event is stored; -1 when none is. */
  stored: number;
  storedAt: Date;
  /** Who reads it; null when nobody does. */
  owner: string | null;
}

const PLACES = `SELECT c.partition_id AS \`partition\`, c.hub_created_at, c.sequence_number AS stored, c.updated_at,
    NULLIF(o.owner_id, '') AS owner
  FROM consumer_checkpoints c LEFT JOIN partition_owners o
    ON o.namespace = c.namespace AND o.hub = c.hub AND o.consumer_group = c.consumer_group AND o.partition_id = c.partition_id
  WHERE c.hub = ? AND c.consumer_group = ? ORDER BY c.partition_id`;

/** How far each partition of a hub is stored, and by whom. */
export async function readPlaces(
  connection: Connection,
  hub: string,
  consumerGroup: string,
): Promise<PartitionPlace[]> {
  const [rows] = await connection.query<RowDataPacket[]>(PLACES, [hub, consumerGroup]);
  return rows.map(({ partition, hub_created_at, stored, updated_at, owner }) => ({
    ...{ partition, owner, hubCreatedAt: hub_created_at, storedAt: updated_at },
    stored: Number(stored),
  }));
}
