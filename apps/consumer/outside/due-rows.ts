import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { withConnection } from '../../../lib/database/with-connection.ts';
import { uuidFromBytes } from '../../../lib/domain/ids.ts';
import type { OrderStatus } from '../../../lib/domain/order-machine.ts';

/** Where a page ends: the due time as the database writes it, to the microsecond, and the row's number. */
export interface Cursor {
  due: string;
  seq: number;
}

export const START: Cursor = { due: '1000-01-01 00:00:00', seq: 0 };

/** An order that has waited as long as it may. */
export interface DueOrder extends Cursor {
  orderId: string;
  status: OrderStatus;
  version: number;
  synthetic: boolean;
}

/** A return that has not come. */
export interface DueReturn extends Cursor {
  orderId: string;
  returnId: string;
  synthetic: boolean;
}

/** An order's number carries the partition that its events arrive on. */
const OF_PARTITIONS = (seq: string) => `(${seq} DIV 4) MOD 1024 IN (?)`;

const DUE_ORDERS = `
  SELECT order_seq, order_id, status, version, synthetic, CAST(due_at AS CHAR) AS due FROM orders
  WHERE due_at <= ? AND due_at >= ? AND (due_at > ? OR order_seq > ?) AND ${OF_PARTITIONS('order_seq')}
  ORDER BY due_at, order_seq LIMIT ?`;

const DUE_RETURNS = `
  SELECT r.order_seq, r.return_id, CAST(r.due_at AS CHAR) AS due, o.order_id, o.synthetic
  FROM returns r JOIN orders o ON o.order_seq = r.order_seq
  WHERE r.due_at <= ? AND r.due_at >= ? AND (r.due_at > ? OR r.order_seq > ?) AND ${OF_PARTITIONS('r.order_seq')}
  ORDER BY r.due_at, r.order_seq LIMIT ?`;

const parametersOf = (nowMs: number, { due, seq }: Cursor, partitions: readonly number[], limit: number): unknown[] => [
  new Date(nowMs),
  due,
  due,
  seq,
  partitions,
  limit,
];

/** The clock looks again, whatever became of a connection. */
const DEADLINE_MS = 5_000;

async function readPage(pool: Pool, statement: string, values: unknown[]): Promise<RowDataPacket[]> {
  const [rows] = await withConnection(pool, DEADLINE_MS, (connection) =>
    connection.query<RowDataPacket[]>(statement, values),
  );
  return rows;
}

/** A page of the orders of some partitions (at least one) whose time has come, after `cursor`. */
export async function readDueOrders(
  pool: Pool,
  partitions: readonly number[],
  nowMs: number,
  cursor: Cursor,
  limit: number,
): Promise<DueOrder[]> {
  const rows = await readPage(pool, DUE_ORDERS, parametersOf(nowMs, cursor, partitions, limit));
  return rows.map((row) => ({
    due: row.due,
    seq: Number(row.order_seq),
    orderId: uuidFromBytes(row.order_id),
    status: row.status,
    version: row.version,
    synthetic: row.synthetic === 1,
  }));
}

/** A page of the returns of some partitions (at least one) whose time has come, after `cursor`. */
export async function readDueReturns(
  pool: Pool,
  partitions: readonly number[],
  nowMs: number,
  cursor: Cursor,
  limit: number,
): Promise<DueReturn[]> {
  const rows = await readPage(pool, DUE_RETURNS, parametersOf(nowMs, cursor, partitions, limit));
  return rows.map((row) => ({
    due: row.due,
    seq: Number(row.order_seq),
    orderId: uuidFromBytes(row.order_id),
    returnId: uuidFromBytes(row.return_id),
    synthetic: row.synthetic === 1,
  }));
}
