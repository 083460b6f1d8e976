import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type NotifierOptions, startNotifier } from '../../apps/notifier/app.ts';
import { openPool, type Pool, type RowDataPacket } from '../../lib/database/connect.ts';
import { orderIdFor, uuidToBytes } from '../../lib/domain/ids.ts';
import { nextOrderSequence } from '../../lib/domain/order-sequence.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { startTestDatabase, type TestDatabase } from './database.ts';

export interface TellingOrder {
  seq: number;
  orderId: string;
  customer: string;
}

/** A database with products, in which orders have something to tell. */
export interface NotifierDatabase {
  database: TestDatabase;
  pool: Pool;
  newOrder(): Promise<TellingOrder>;
  /** A message that is due now. */
  notify(order: TellingOrder, key: string, template: string): Promise<void>;
  /** A document that is due now, asked for on 15 November 2026. */
  request(order: TellingOrder, kind: string, no?: number): Promise<void>;
  rows(sql: string): Promise<RowDataPacket[]>;
}

async function insertProducts(pool: Pool): Promise<void> {
  const rest = ['Books', 1_000, 500, 'EUR', new Date()];
  await pool.query(
    'INSERT INTO products (product_id, sku, name, category, price_minor, cost_minor, currency, created_at) VALUES ?',
    [
      [
        [1, 'P-1', 'A book', ...rest],
        [2, 'P-2', 'Grüße aus Łódź', ...rest],
      ],
    ],
  );
}

/** Two of P-1 and one of P-2 for 31.99 EUR, paid by card ending in 1111; confirmed. */
async function insertOrder(pool: Pool, count: number): Promise<TellingOrder> {
  const customer = `c-${count}`;
  const now = new Date();
  const seq = nextOrderSequence(0, now.getTime(), 0) + count * 4_096;
  const orderId = orderIdFor(customer, `key-${count}`);
  await pool.query('INSERT INTO orders SET ?', {
    ...{ order_seq: seq, order_id: uuidToBytes(orderId), customer_ref: customer, idempotency_key: `key-${count}` },
    ...{ request_hash: Buffer.alloc(16), status: 'confirmed', reporting_status: 'processing', version: 3 },
    ...{ status_since: now, channel: 'web', currency: 'EUR', subtotal_minor: 3_000, discount_minor: 300 },
    ...{ tax_minor: 0, shipping_minor: 499, total_minor: 3_199, payment_method: 'card', stock_policy: 'cancel' },
    ...{ shipping_method: 'standard', ship_country: 'DE', ship_city: 'Köln', ship_postcode_prefix: '50' },
    ...{ placed_at: now, stored_at: now },
  });
  const columns = 'order_seq, line_no, product_id, quantity, unit_minor, discount_minor, tax_minor';
  const lines = [
    [seq, 1, 1, 2, 1_000, 300, 0],
    [seq, 2, 2, 1, 1_000, 0, 0],
  ];
  await pool.query(`INSERT INTO order_items (${columns}) VALUES ?`, [lines]);
  const choice = { method: 'card', token: `tok_${count}`, brand: 'visa', last4: '1111', one_click: 0 };
  await pool.query('INSERT INTO payment_choices SET ?', { order_seq: seq, ...choice });
  return { seq, orderId, customer };
}

export async function startNotifierDatabase(t: TestContext): Promise<NotifierDatabase> {
  const database = await startTestDatabase(t);
  const pool = openPool(database.appUrl);
  t.after(() => pool.end());
  await insertProducts(pool);
  let count = 0;
  return {
    database,
    pool,
    async newOrder() {
      count += 1;
      return insertOrder(pool, count);
    },
    async notify(order, key, template) {
      const row = { order_seq: order.seq, message_key: key, template, created_at: new Date(), due_at: new Date(0) };
      await pool.query('INSERT INTO notifications SET ?', row);
    },
    async request(order, kind, no = 1) {
      const at = new Date(Date.UTC(2026, 10, 15));
      const row = { order_seq: order.seq, kind, doc_no: no, requested_at: at, due_at: new Date(0) };
      await pool.query('INSERT INTO documents SET ?', row);
    },
    rows: async (sql) => (await pool.query<RowDataPacket[]>(sql))[0],
  };
}

/** A return of the order's first line, with its label at that address. */
export async function insertReturn(pool: Pool, order: TellingOrder, returnId: string, labelUrl: string): Promise<void> {
  const now = new Date();
  const one = { order_seq: order.seq, return_no: 1, return_id: uuidToBytes(returnId), reason: 'too_small' };
  await pool.query('INSERT INTO returns SET ?', { ...one, status: 'approved', refund_minor: 750, requested_at: now });
  const op = { order_seq: order.seq, kind: 'return_label', op_no: 1, partition_id: 0, created_at: now };
  const request = JSON.stringify({ return_id: returnId });
  await pool.query('INSERT INTO external_ops SET ?', { ...op, request, answer: labelUrl });
}

/** Starts the app on a free port; it is stopped when the test ends, or before. */
export async function startTestNotifier(
  t: TestContext,
  { database }: NotifierDatabase,
  options: Partial<NotifierOptions> = {},
) {
  const notifier = await startNotifier(
    {
      databaseUrl: database.appUrl,
      channels: [],
      links: {},
      messagesPerSecond: 1_000,
      http: { host: '127.0.0.1', port: 0 },
      ...options,
    },
    createLogger('notifier', 'silent'),
  );
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= notifier.stop();
    return stopped;
  };
  t.after(stop);
  return { ...notifier, stop };
}

/** Names of the mails in a maildir. */
export const mailsIn = (folder: string): string[] => readdirSync(join(folder, 'new')).sort();
