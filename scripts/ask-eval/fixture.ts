import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { type Connection, connect } from '../../lib/database/connect.ts';
import { migrate } from '../../lib/database/migrate.ts';

type Row = Record<string, string>;
type Value = string | number | Buffer | null;

const BATCH = 2_000;

async function readTable(folder: string, name: string): Promise<Row[]> {
  return parse(gunzipSync(await readFile(join(folder, `${name}.csv.gz`))), { columns: true }) as Row[];
}

async function insert(connection: Connection, table: string, columns: string, rows: Value[][]): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH) {
    await connection.query(`INSERT INTO ${table} (${columns}) VALUES ?`, [rows.slice(at, at + BATCH)]);
  }
}

const minor = (amount: string) => Math.round(Number(amount) * 100);
const orNull = (text: string | undefined) => text || null;

/** The order's number of the fixture, as the last digits of a UUID. */
const orderUuid = (id: string): Buffer => Buffer.from(id.padStart(32, '0'), 'hex');

function numbered(rows: readonly Row[]): Map<string, { row: Row; number: number }> {
  const counts = new Map<string, number>();
  const result = new Map<string, { row: Row; number: number }>();
  for (const row of rows) {
    const number = (counts.get(row.order_id!) ?? 0) + 1;
    counts.set(row.order_id!, number);
    result.set(row.id!, { row, number });
  }
  return result;
}

const DAY_ONE = '2024-11-01 00:00:00';
const STATUS: Record<string, string> = {
  pending_payment: 'received',
  payment_failed: 'cancelled',
  paid: 'confirmed',
  processing: 'fulfilling',
  packed: 'fulfilling',
  out_for_delivery: 'shipped',
};

async function loadCatalogue(db: Connection, folder: string): Promise<void> {
  const names = new Map((await readTable(folder, 'categories')).map((row) => [row.id!, row.name!]));
  const products = await readTable(folder, 'products');
  await insert(
    db,
    'products',
    'product_id, sku, name, category, brand, price_minor, cost_minor, currency, created_at',
    products.map((p) => [
      p.id!,
      p.sku!,
      p.name!,
      names.get(p.category_id!)!,
      p.brand!,
      minor(p.price!),
      minor(p.cost!),
      'USD',
      p.created_at!,
    ]),
  );
  const stock = await readTable(folder, 'inventory');
  await insert(
    db,
    'stock',
    'product_id, warehouse, on_hand, reserved, reorder_point',
    stock.map((s) => [s.product_id!, s.warehouse!, s.on_hand!, s.reserved!, s.reorder_point!]),
  );
}

async function loadOrders(db: Connection, folder: string): Promise<void> {
  const customers = await readTable(folder, 'customers');
  await insert(
    db,
    'customers',
    'customer_ref, segment, city, country, signed_up_at',
    customers.map((c) => [c.id!, c.segment!, c.city!, c.country!, c.signed_up_at!]),
  );
  const home = new Map(customers.map((c) => [c.id!, c]));
  const orders = await readTable(folder, 'orders');
  const lines = numbered(await readTable(folder, 'order_items'));
  const sums = new Map<string, { gross: number; discount: number }>();
  for (const { row } of lines.values()) {
    const sum = sums.get(row.order_id!) ?? { gross: 0, discount: 0 };
    sum.gross += Number(row.quantity) * minor(row.unit_price!);
    sum.discount += minor(row.line_discount!);
    sums.set(row.order_id!, sum);
  }
  const since = new Map<string, string>();
  for (const row of await readTable(folder, 'order_status_history')) since.set(row.order_id!, row.at!);
  const coupons = [...new Set(orders.map((o) => o.coupon_code!).filter(Boolean))];
  await insert(
    db,
    'coupons',
    'code, valid_from, valid_until',
    coupons.map((code) => [code, DAY_ONE, '2030-01-01']),
  );
  await insert(
    db,
    'orders',
    'order_seq, order_id, customer_ref, idempotency_key, request_hash, status, reporting_status, version, status_since, channel, currency, subtotal_minor, discount_minor, tax_minor, shipping_minor, total_minor, coupon_code, payment_method, stock_policy, shipping_method, ship_country, ship_city, ship_postcode_prefix, fraud_score, fraud_flag, placed_at, stored_at, cancelled_at',
    orders.map((o) => {
      const { gross, discount } = sums.get(o.id!) ?? { gross: 0, discount: 0 };
      const [tax, shipping] = [minor(o.tax!), minor(o.shipping_fee!)];
      const place = home.get(o.customer_id!)!;
      return [
        o.id!,
        orderUuid(o.id!),
        o.customer_id!,
        `k${o.id}`,
        orderUuid(o.id!),
        STATUS[o.status!] ?? o.status!,
        o.status!,
        1,
        since.get(o.id!) ?? o.placed_at!,
        o.channel!,
        'USD',
        gross,
        discount,
        tax,
        shipping,
        gross - discount + tax + shipping,
        orNull(o.coupon_code),
        'card',
        'cancel',
        'standard',
        place.country!,
        place.city!,
        '',
        o.fraud_score!,
        o.fraud_flag!,
        o.placed_at!,
        o.placed_at!,
        orNull(o.cancelled_at),
      ];
    }),
  );
  await insert(
    db,
    'order_items',
    'order_seq, line_no, product_id, quantity, unit_minor, discount_minor, tax_minor',
    [...lines.values()].map(({ row, number }) => [
      row.order_id!,
      number,
      row.product_id!,
      row.quantity!,
      minor(row.unit_price!),
      minor(row.line_discount!),
      0,
    ]),
  );
  await loadRefunds(db, folder, lines);
}

async function loadRefunds(db: Connection, folder: string, lines: ReturnType<typeof numbered>): Promise<void> {
  const refunds = numbered(await readTable(folder, 'refunds'));
  await insert(
    db,
    'refunds',
    'order_seq, refund_no, line_no, amount_minor, reason, status, created_at',
    [...refunds.values()].map(({ row, number }) => [
      row.order_id!,
      number,
      lines.get(row.order_item_id!)?.number ?? null,
      minor(row.amount!),
      row.reason!,
      row.status!,
      row.created_at!,
    ]),
  );
}

async function loadMoneyAndParcels(db: Connection, folder: string): Promise<void> {
  const payments = numbered(await readTable(folder, 'payments'));
  await insert(
    db,
    'payments',
    'order_seq, attempt, method, status, amount_minor, failure_code, created_at',
    [...payments.values()].map(({ row, number }) => [
      row.order_id!,
      number,
      row.method!,
      row.status!,
      minor(row.amount!),
      orNull(row.failure_code),
      row.created_at!,
    ]),
  );
  const shipments = numbered(await readTable(folder, 'shipments'));
  await insert(
    db,
    'shipments',
    'order_seq, parcel_no, carrier, tracking_no, status, cost_minor, promised_at, shipped_at, delivered_at',
    [...shipments.values()].map(({ row, number }) => [
      row.order_id!,
      number,
      row.carrier!,
      row.id!,
      row.status!,
      minor(row.cost!),
      orNull(row.promised_at),
      orNull(row.shipped_at),
      orNull(row.delivered_at),
    ]),
  );
}

/** Makes `schema` anew on the server and loads the CSV fixture into it: statuses as labels, money as minor units. */
export async function loadFixture(serverUrl: string, schema: string, folder: string): Promise<string> {
  const server = await connect(serverUrl);
  await server.query(`DROP DATABASE IF EXISTS \`${schema}\``);
  await server.query(`CREATE DATABASE \`${schema}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await server.end();
  const url = new URL(serverUrl);
  url.pathname = `/${schema}`;
  await migrate(url.href);
  const db = await connect(url.href);
  try {
    await loadCatalogue(db, folder);
    await loadOrders(db, folder);
    await loadMoneyAndParcels(db, folder);
    await db.query('ANALYZE TABLE orders, order_items, payments, shipments, refunds, products, customers, stock');
  } finally {
    await db.end();
  }
  return url.href;
}
