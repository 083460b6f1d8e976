import type { TestContext } from 'node:test';
import { openPool, type Pool, type RowDataPacket } from '../../lib/database/connect.ts';
import { uuidToBytes } from '../../lib/domain/ids.ts';
import type { ExternalOp } from '../../lib/process/external-op.ts';
import { startTestDatabase, type TestDatabase } from './database.ts';

/** A migrated schema and a pool on it as the apps have it. */
export async function startOutsideDatabase(t: TestContext): Promise<{ database: TestDatabase; pool: Pool }> {
  const database = await startTestDatabase(t);
  const pool = openPool(database.appUrl, { connectionLimit: 4 });
  t.after(() => pool.end());
  return { database, pool };
}

export interface OpRowSketch {
  seq?: number;
  partition?: number;
  /** Milliseconds from now; null for done. */
  dueIn: number | null;
  tries?: number;
  request?: string;
}

/** Stores a request as the transaction that decides it does. */
export async function insertOp(pool: Pool, op: ExternalOp, sketch: OpRowSketch): Promise<void> {
  const { seq = 4, partition = 0, dueIn, tries = 0, request = JSON.stringify(op.request) } = sketch;
  await pool.query('INSERT INTO external_ops SET ?', {
    order_seq: seq,
    kind: op.kind,
    op_no: op.no,
    partition_id: partition,
    due_at: dueIn === null ? null : new Date(Date.now() + dueIn),
    tries,
    request,
    created_at: new Date(),
  });
}

export interface StoredOp {
  kind: string;
  op_no: number;
  tries: number;
  due_at: Date | null;
  last_error: string | null;
}

export async function readOps(pool: Pool): Promise<StoredOp[]> {
  const [rows] = await pool.query<RowDataPacket[]>(
    'SELECT kind, op_no, tries, due_at, last_error FROM external_ops ORDER BY order_seq, kind, op_no',
  );
  return rows as StoredOp[];
}

/** The number of an order in a partition's lane. */
export const seqIn = (partition: number, n: number): number => (n * 1_024 + partition) * 4;

export interface DueOrderSketch {
  seq: number;
  orderId: string;
  status: string;
  dueIn: number | null;
  version?: number;
  synthetic?: boolean;
}

/** An order's row with nothing around it. */
export async function insertOrder(pool: Pool, order: DueOrderSketch): Promise<void> {
  const now = new Date();
  await pool.query('INSERT INTO orders SET ?', {
    order_seq: order.seq,
    order_id: uuidToBytes(order.orderId),
    customer_ref: 'c-1',
    idempotency_key: order.orderId,
    request_hash: Buffer.alloc(16),
    status: order.status,
    reporting_status: 'processing',
    version: order.version ?? 3,
    status_since: now,
    due_at: order.dueIn === null ? null : new Date(Date.now() + order.dueIn),
    channel: 'web',
    currency: 'USD',
    subtotal_minor: 0,
    discount_minor: 0,
    tax_minor: 0,
    shipping_minor: 0,
    total_minor: 0,
    payment_method: 'card',
    stock_policy: 'cancel',
    shipping_method: 'standard',
    ship_country: 'DE',
    ship_city: 'Berlin',
    ship_postcode_prefix: '10',
    synthetic: order.synthetic ? 1 : 0,
    placed_at: now,
    stored_at: now,
  });
}
