import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPool, type Pool } from '../../lib/database/connect.ts';
import type { OrderRequest } from '../../lib/domain/order-request.ts';
import type { ManifestEntry } from '../../src/stages/runs/manifest.ts';
import type { VerifyResult } from '../../src/stages/verify/result.ts';
import { verify } from '../../src/stages/verify/verify.ts';
import { startTestDatabase } from './database.ts';
import { quietContext } from './quiet-context.ts';
import { insertProducts, type StoredOrder, storeOrder } from './stored-orders.ts';
import { cancel, complete } from './whole-orders.ts';

const RUN = '20261121T101500-ab12';
export const PREFIX = `sim-${RUN}-`;
const TABLES = [
  'orders',
  'order_items',
  'order_history',
  'order_notes',
  'reservations',
  'stock',
  'stock_moves',
  'products',
  'outbox',
  'dead_letters',
  'consumer_checkpoints',
  'payments',
  'refunds',
  'shipments',
  'shipment_items',
  'tracking_events',
  'returns',
  'return_items',
  'external_ops',
  'ledger_entries',
  'inbox',
  'parked_events',
  'notifications',
];
const ORDERS = 6;

const request = (n: number): OrderRequest => ({
  customer: `c-${n}`,
  channel: 'web',
  currency: 'USD',
  items: [
    { sku: 'P-1', quantity: 2 },
    { sku: `P-${2 + (n % 2)}`, quantity: 1 },
  ],
  ship_to: { country: 'DE', city: 'Berlin' },
  payment: { method: 'card' },
});

export const entryOf = (order: StoredOrder, n: number): ManifestEntry => ({
  n,
  key: order.key,
  customer: order.customer,
  order_id: order.orderId,
  hash: order.hash,
  planned_at: new Date(Date.now() - 1_000).toISOString(),
  outcome: 'accepted',
  total_minor: order.totalMinor,
});

/**
 * Six stored orders: four reserved, the fifth completed, the sixth cancelled after it was paid; their manifest, and a
 * schema without the guards that would not let faults in.
 */
export class Books {
  pool!: Pool;
  appUrl = '';
  folder = '';
  orders: StoredOrder[] = [];
  manifest: ManifestEntry[] = [];

  async open(): Promise<void> {
    const database = await startTestDatabase();
    this.appUrl = database.appUrl;
    this.pool = openPool(database.url, { connectionLimit: 1 });
    this.folder = await mkdtemp(join(tmpdir(), 'oms-verify-'));
    await this.pool.query('ALTER TABLE orders DROP CONSTRAINT ck_orders_total');
    await this.pool.query('ALTER TABLE orders DROP INDEX uq_orders_order_id, ADD INDEX ix_orders_order_id (order_id)');
    await this.pool.query('ALTER TABLE stock DROP CONSTRAINT ck_stock_reserved');
    await this.pool.query('ALTER TABLE payments DROP CONSTRAINT ck_payments_amounts');
  }

  async reset(): Promise<void> {
    // One transaction: a commit for every row would take most of the time of these tests.
    await this.pool.query('START TRANSACTION');
    for (const table of TABLES) await this.pool.query(`DELETE FROM ${table}`);
    const products = await insertProducts(this.pool, 4);
    this.orders = [];
    for (let n = 0; n < ORDERS; n++)
      this.orders.push(await storeOrder(this.pool, products, request(n), `${PREFIX}${n}`));
    await complete(this.pool, this.orders[4]!);
    await cancel(this.pool, this.orders[5]!);
    await this.pool.query('COMMIT');
    this.manifest = this.orders.map(entryOf);
  }

  /** @param options.finished whether the run came to its end; @param options.sandboxUrl a provider with a book */
  async verify({
    finished = true,
    sandboxUrl,
  }: {
    finished?: boolean;
    sandboxUrl?: string;
  } = {}): Promise<VerifyResult> {
    const manifest = join(this.folder, 'manifest.ndjson');
    const summary = join(this.folder, 'summary.json');
    await writeFile(manifest, this.manifest.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    await rm(summary, { force: true });
    if (finished) await writeFile(summary, '{}');
    const options = {
      run: undefined,
      manifest,
      all: false,
      waitMs: 0,
      lateMs: 60_000,
      hubEvents: 0,
      databaseUrl: this.appUrl,
      sandboxUrl,
    };
    return verify(options, quietContext(this.folder));
  }

  async close(): Promise<void> {
    await this.pool?.end();
    await rm(this.folder, { recursive: true });
  }

  sql(text: string, values: unknown[] = []): Promise<unknown> {
    return this.pool.query(text, values);
  }
}

export const violations = (result: VerifyResult) =>
  Object.fromEntries(
    result.checks.filter((check) => check.result === 'violated').map((check) => [check.name, check.detail]),
  );

export interface Fault {
  fault: string;
  plant: (books: Books) => Promise<unknown>;
  /** The checks that have to notice, each with a text of its first offender. No other check may. */
  noticed: (books: Books) => Record<string, string | RegExp>;
}

/** Plants a fault into clean books: exactly the checks it is meant for have to notice. */
export async function plantAndVerify(
  books: Books,
  { plant, noticed }: Fault,
  options: { sandboxUrl?: string } = {},
): Promise<void> {
  await books.reset();
  await plant(books);
  const result = await books.verify(options);
  const found = violations(result);
  const expected = noticed(books);
  assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort(), JSON.stringify(found));
  for (const [name, detail] of Object.entries(expected)) {
    if (typeof detail === 'string') assert.equal(found[name], detail);
    else assert.match(found[name]!, detail);
  }
  assert.equal(result.ok, false);
}
