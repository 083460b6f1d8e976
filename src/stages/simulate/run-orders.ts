import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { uuidFromBytes } from '../../../lib/domain/ids.ts';
import type { OrderStatus } from '../../../lib/domain/order-machine.ts';
import { nextOrderSequence } from '../../../lib/domain/order-sequence.ts';

/** Clocks of generator and consumer may differ by so much. */
const CLOCK_SLACK_MS = 60_000;

/** Which rows of the database are those of a run: by number, so that nothing older is read, and by key. */
export interface RunScope {
  pool: Pool;
  keyPrefix: string;
  /** No order of the run has a smaller number. */
  fromSeq: number;
  startedAt: Date;
}

export const scopeOf = (pool: Pool, keyPrefix: string, startedAt: Date): RunScope => ({
  pool,
  keyPrefix,
  startedAt,
  fromSeq: nextOrderSequence(0, startedAt.getTime() - CLOCK_SLACK_MS, 0),
});

export type Statuses = Map<OrderStatus, number>;

/** How many orders of the run are in which status. */
export async function readStatuses({ pool, fromSeq, keyPrefix }: RunScope): Promise<Statuses> {
  const [rows] = await pool.query<({ status: OrderStatus; orders: number } & RowDataPacket)[]>(
    `SELECT status, COUNT(*) AS orders FROM orders
      WHERE order_seq >= ? AND idempotency_key LIKE ? GROUP BY status`,
    [fromSeq, `${keyPrefix}%`],
  );
  return new Map(rows.map(({ status, orders }) => [status, orders]));
}

/** An order that may wait for somebody: for its customer, for the staff, or for nobody. */
export interface WaitingOrder {
  seq: number;
  orderId: string;
  /** Its number within the run. */
  n: number;
  customer: string;
  status: OrderStatus;
  reason: string | null;
  version: number;
  since: Date;
}

const WAITING: readonly OrderStatus[] = ['action_required', 'review', 'delivered'];

interface WaitingRow extends RowDataPacket {
  order_seq: number;
  order_id: Buffer;
  idempotency_key: string;
  customer_ref: string;
  status: OrderStatus;
  reason_code: string | null;
  version: number;
  status_since: Date;
}

/** Orders of the run that came into a status of waiting at `since` or later, in pages. */
export async function* readWaiting({ pool, fromSeq, keyPrefix }: RunScope, since: Date, pageSize = 1_000) {
  for (let after = fromSeq - 1; ; ) {
    const [rows] = await pool.query<WaitingRow[]>(
      `SELECT order_seq, order_id, idempotency_key, customer_ref, status, reason_code, version, status_since
         FROM orders WHERE order_seq > ? AND idempotency_key LIKE ? AND status IN (?) AND status_since >= ?
        ORDER BY order_seq LIMIT ?`,
      [after, `${keyPrefix}%`, WAITING, since, pageSize],
    );
    yield rows.map(
      (row): WaitingOrder => ({
        seq: row.order_seq,
        orderId: uuidFromBytes(row.order_id),
        n: Number(row.idempotency_key.slice(keyPrefix.length)),
        customer: row.customer_ref,
        status: row.status,
        reason: row.reason_code,
        version: row.version,
        since: row.status_since,
      }),
    );
    if (rows.length < pageSize) return;
    after = rows.at(-1)!.order_seq;
  }
}

/** One line as its customer has it: pieces bought, and pieces that can still come back. */
export interface OwnedLine {
  line: number;
  quantity: number;
  returnable: number;
}

/** The lines of orders, by the order's number. */
export async function readLines(pool: Pool, seqs: readonly number[]): Promise<Map<number, OwnedLine[]>> {
  if (seqs.length === 0) return new Map();
  const [rows] = await pool.query<(OwnedLine & { order_seq: number } & RowDataPacket)[]>(
    `SELECT order_seq, line_no AS line, quantity,
            CAST(shipped_quantity AS SIGNED) - lost_quantity - returned_quantity AS returnable
       FROM order_items WHERE order_seq IN (?) ORDER BY order_seq, line_no`,
    [seqs],
  );
  return Map.groupBy(rows, (row) => row.order_seq);
}
