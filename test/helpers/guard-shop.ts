import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '../../lib/database/connect.ts';
import type { ReadableTables } from '../../lib/query/guard/index.ts';
import { randomFrom } from './random.ts';

export interface Statement {
  id: string;
  sql: string;
  /** What it is after. */
  what?: string;
}

export function readStatements(file: 'hostile' | 'legitimate'): Statement[] {
  const path = join(import.meta.dirname, '..', 'fixtures', 'guard', `${file}.jsonl`);
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Statement);
}

const words = (text: string) => text.split(' ');

/** A shop with the table names that the statements are written for. */
export const SHOP_TABLES = {
  orders: {
    columns: words(
      'id customer_id channel status placed_at cancelled_at delivered_at coupon_code shipping_fee tax total fraud_score fraud_flag meta',
    ),
  },
  order_items: { columns: words('id order_id product_id quantity unit_price line_discount') },
  products: { columns: words('id sku name category_id brand price cost active created_at') },
  customers: { columns: words('id segment city country signed_up_at') },
  payments: { columns: words('id order_id method status amount failure_code created_at') },
  refunds: { columns: words('id order_id amount reason status created_at') },
  shipments: { columns: words('id order_id carrier status shipped_at delivered_at promised_at cost') },
} as const satisfies ReadableTables;

/** Planted where nobody may look; no answer may hold a part of one. */
export const SECRETS = ['$2b$10$abcSECRET-HASH', 'planted@secret.test', '+15550SECRET', 'tok_SECRET'] as const;

const TYPES: Record<string, string> = {
  total: 'DECIMAL(12,2)',
  tax: 'DECIMAL(12,2)',
  shipping_fee: 'DECIMAL(12,2)',
  amount: 'DECIMAL(12,2)',
  price: 'DECIMAL(12,2)',
  cost: 'DECIMAL(12,2)',
  unit_price: 'DECIMAL(12,2)',
  line_discount: 'DECIMAL(12,2)',
  fraud_score: 'DECIMAL(5,2)',
  fraud_flag: 'TINYINT',
  active: 'TINYINT',
  quantity: 'INT',
  meta: 'JSON',
};

const typeOf = (column: string): string =>
  TYPES[column] ?? (/(^|_)id$/.test(column) ? 'INT' : column.endsWith('_at') ? 'DATETIME' : 'VARCHAR(80)');

const STATUSES = ['delivered', 'shipped', 'paid', 'cancelled'] as const;
const START = Date.UTC(2026, 9, 20);
const time = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

type Value = string | number | null;

function ordersOf(random: () => number): Record<string, Value[][]> {
  const rows: Record<string, Value[][]> = { orders: [], order_items: [], payments: [], refunds: [], shipments: [] };
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  for (let id = 1; id <= 200; id++) {
    const at = START + Math.floor(random() * 30 * 86_400_000);
    const status = pick(STATUSES);
    const total = id * 3 + 1;
    const meta = JSON.stringify({ utm_source: pick(['mail', 'search']) });
    const gone = status === 'cancelled' ? time(at + 5_000_000) : null;
    const there = status === 'delivered' ? time(at + 300_000_000 + id * 1_000) : null;
    const coupon = pick(['SPRING', null]);
    const customer = 1 + (id % 20);
    rows.orders!.push([
      id,
      customer,
      pick(['web', 'app']),
      status,
      time(at),
      gone,
      there,
      coupon,
      5,
      2,
      total,
      id % 90,
      id % 7 ? 0 : 1,
      meta,
    ]);
    rows.order_items!.push([id * 2, id, 1 + (id % 6), 1 + (id % 8), 10, 0], [id * 2 + 1, id, 7, 1, 5, 1]);
    rows.payments!.push([id, id, pick(['card', 'wallet']), id % 9 ? 'succeeded' : 'failed', total, null, time(at)]);
    if (id % 11 === 0) rows.refunds!.push([id, id, 5, 'damaged', 'completed', time(at)]);
    if (there)
      rows.shipments!.push([id, id, pick(['DHL', 'UPS']), 'delivered', time(at + 50_000_000), there, there, 6]);
  }
  return rows;
}

const PRODUCTS = ['Kettle', 'Mug', 'Crème brûlée "XL"', "O'Neill", '50% off box', 'Lamp', 'Chair'];

async function fill(db: Connection, table: string, rows: Value[][]): Promise<void> {
  if (rows.length > 0) await db.query(`INSERT INTO ${table} VALUES ?`, [rows]);
}

/**
 * Makes that shop in the schema of the connection, and beside it what an account of questions must not reach: people,
 * secrets, a table to write into.
 */
export async function makeGuardShop(db: Connection): Promise<void> {
  for (const [name, table] of Object.entries(SHOP_TABLES)) {
    const columns = table.columns.map(
      (column) => `${column} ${typeOf(column)} ${column === 'id' ? 'PRIMARY KEY' : 'NULL'}`,
    );
    await db.query(`CREATE TABLE ${name} (${columns.join(', ')}) CHARSET utf8mb4 COLLATE utf8mb4_bin`);
  }
  const [hash, email, phone, token] = SECRETS;
  await db.query('CREATE TABLE admin_users (id INT PRIMARY KEY, login VARCHAR(80), password_hash VARCHAR(80))');
  await db.query('INSERT INTO admin_users VALUES (1, ?, ?)', [email, hash]);
  await db.query(
    'CREATE TABLE customer_contacts (id INT PRIMARY KEY, email VARCHAR(80), phone VARCHAR(80), token VARCHAR(80))',
  );
  await db.query('INSERT INTO customer_contacts VALUES (1, ?, ?, ?)', [email, phone, token]);
  await db.query('CREATE TABLE probe_write (v VARCHAR(80))');
  const rows = ordersOf(randomFrom(11));
  await fill(
    db,
    'products',
    PRODUCTS.map((name, at) => [at + 1, `S${at}`, name, 1 + (at % 3), 'Acme', 20 + at, 9, 1, time(START)]),
  );
  await fill(
    db,
    'customers',
    Array.from({ length: 20 }, (_, at) => [at + 1, 'vip', 'Denver', 'US', time(START)]),
  );
  for (const [table, all] of Object.entries(rows)) await fill(db, table, all);
}
