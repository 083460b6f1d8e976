import { type Connection, connect } from '../../lib/database/connect.ts';
import { migrate } from '../../lib/database/migrate.ts';
import { flag, minor, type Row, readTable, timestamp } from './csv.ts';

type Value = string | number | Buffer | null;

const BATCH = 2_000;
const DAY_ONE = '2000-01-01 00:00:00';
const LAST_DAY = '2100-01-01 00:00:00';
const CURRENCY = 'USD';
/** Our status for a label of the fixture; the label itself is the reporting status. */
const STATUS: Record<string, string> = {
  pending_payment: 'received',
  payment_failed: 'cancelled',
  paid: 'confirmed',
  processing: 'fulfilling',
  packed: 'fulfilling',
  out_for_delivery: 'shipped',
};

/** Rows as objects, so that a value stands beside the name of its column. */
async function insert(db: Connection, table: string, rows: readonly Record<string, Value>[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  for (let at = 0; at < rows.length; at += BATCH) {
    const values = rows.slice(at, at + BATCH).map((row) => columns.map((column) => row[column]!));
    await db.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ?`, [values]);
  }
}

const text = (value: string | undefined, otherwise = ''): string => value || otherwise;
const orNull = (value: string | undefined): string | null => value || null;

/** The order's number of the fixture, as the last digits of a UUID. */
const orderUuid = (id: string): Buffer => Buffer.from(id.padStart(32, '0'), 'hex');

/** Rows of one order are told apart by their place in it. */
function numbered(rows: readonly Row[]): Map<string, { row: Row; number: number }> {
  const counts = new Map<string, number>();
  const result = new Map<string, { row: Row; number: number }>();
  rows.forEach((row, index) => {
    const number = (counts.get(row.order_id!) ?? 0) + 1;
    counts.set(row.order_id!, number);
    result.set(row.id ?? String(index), { row, number });
  });
  return result;
}

async function loadCatalogue(db: Connection, folder: string): Promise<void> {
  const names = new Map((await readTable(folder, 'categories')).map((row) => [row.id, row.name]));
  const products = (await readTable(folder, 'products')).map((row) => ({
    product_id: row.id!,
    sku: text(row.sku, `SKU-${row.id}`),
    name: row.name!,
    category: text(names.get(row.category_id) ?? row.category),
    brand: text(row.brand),
    price_minor: minor(row.price),
    cost_minor: minor(row.cost),
    currency: CURRENCY,
    created_at: timestamp(row.created_at) ?? DAY_ONE,
  }));
  await insert(db, 'products', products);
  // A fixture may promise more than it has; what the shop itself never does is what questions are asked about.
  await db.query('ALTER TABLE stock DROP CONSTRAINT ck_stock_reserved');
  const stock = (await readTable(folder, 'inventory')).map((row) => ({
    product_id: row.product_id!,
    warehouse: text(row.warehouse, 'main'),
    on_hand: Number(row.on_hand ?? 0),
    reserved: Number(row.reserved ?? 0),
    reorder_point: Number(row.reorder_point ?? 0),
  }));
  await insert(db, 'stock', stock);
}

async function loadCustomers(db: Connection, folder: string): Promise<Map<string, Row>> {
  const customers = await readTable(folder, 'customers');
  await insert(
    db,
    'customers',
    customers.map((row) => ({
      customer_ref: row.id!,
      segment: text(row.segment),
      city: text(row.city),
      country: text(row.country),
      signed_up_at: timestamp(row.signed_up_at) ?? DAY_ONE,
    })),
  );
  return new Map(customers.map((row) => [row.id!, row]));
}

interface Sums {
  gross: number;
  discount: number;
}

function sumLines(lines: Iterable<{ row: Row }>): Map<string, Sums> {
  const sums = new Map<string, Sums>();
  for (const { row } of lines) {
    const sum = sums.get(row.order_id!) ?? { gross: 0, discount: 0 };
    sum.gross += Number(row.quantity) * minor(row.unit_price);
    sum.discount += minor(row.line_discount);
    sums.set(row.order_id!, sum);
  }
  return sums;
}

/** Of the payment that succeeded, else of the last attempt. */
async function methodsPaidBy(folder: string): Promise<Map<string, string>> {
  const methods = new Map<string, string>();
  const paid = new Set<string>();
  const payments = await readTable(folder, 'payments');
  payments.sort((a, b) => (a.created_at! < b.created_at! ? -1 : 1));
  for (const { order_id: order, method, status } of payments) {
    if (status === 'succeeded' || !paid.has(order!)) methods.set(order!, text(method));
    if (status === 'succeeded') paid.add(order!);
  }
  return methods;
}

interface About {
  sums: Sums;
  home: Row | undefined;
  since: string | undefined;
  method: string | undefined;
}

function orderRow(row: Row, { sums: { gross, discount }, home, since, method }: About) {
  const [tax, shipping] = [minor(row.tax), minor(row.shipping_fee)];
  const placed = timestamp(row.placed_at)!;
  return {
    order_seq: row.id!,
    order_id: orderUuid(row.id!),
    customer_ref: text(row.customer_id),
    idempotency_key: `k${row.id}`,
    request_hash: orderUuid(row.id!),
    status: STATUS[row.status!] ?? row.status!,
    reporting_status: row.status!,
    version: 1,
    status_since: since ?? placed,
    channel: text(row.channel),
    currency: CURRENCY,
    subtotal_minor: gross,
    discount_minor: discount,
    tax_minor: tax,
    shipping_minor: shipping,
    total_minor: gross - discount + tax + shipping,
    coupon_code: orNull(row.coupon_code),
    payment_method: method ?? '',
    stock_policy: 'cancel',
    shipping_method: 'standard',
    ship_country: text(row.ship_country ?? home?.country),
    ship_city: text(row.ship_city ?? home?.city),
    ship_postcode_prefix: '',
    fraud_score: orNull(row.fraud_score),
    fraud_flag: Number(flag(row.fraud_flag)),
    placed_at: placed,
    stored_at: placed,
    cancelled_at: timestamp(row.cancelled_at),
  };
}

/** When each order came into the status it has: the last line of its history. */
async function lastChanges(folder: string): Promise<Map<string, string>> {
  const since = new Map<string, string>();
  for (const row of await readTable(folder, 'order_status_history')) {
    const at = timestamp(row.at ?? row.created_at)!;
    if (at >= (since.get(row.order_id!) ?? '')) since.set(row.order_id!, at);
  }
  return since;
}

async function loadOrders(db: Connection, folder: string): Promise<void> {
  const home = await loadCustomers(db, folder);
  const orders = await readTable(folder, 'orders');
  const lines = numbered(await readTable(folder, 'order_items'));
  const coupons = [...new Set(orders.map((row) => row.coupon_code).filter((code) => code !== undefined))];
  await insert(
    db,
    'coupons',
    coupons.filter(Boolean).map((code) => ({ code, valid_from: DAY_ONE, valid_until: LAST_DAY })),
  );
  const sums = sumLines(lines.values());
  const since = await lastChanges(folder);
  const methods = await methodsPaidBy(folder);
  const nothing = { gross: 0, discount: 0 };
  await insert(
    db,
    'orders',
    orders.map((row) =>
      orderRow(row, {
        sums: sums.get(row.id!) ?? nothing,
        home: home.get(row.customer_id ?? ''),
        since: since.get(row.id!),
        method: methods.get(row.id!),
      }),
    ),
  );
  await insert(
    db,
    'order_items',
    [...lines.values()].map(({ row, number }) => ({
      order_seq: row.order_id!,
      line_no: number,
      product_id: row.product_id!,
      quantity: row.quantity!,
      unit_minor: minor(row.unit_price),
      discount_minor: minor(row.line_discount),
      tax_minor: 0,
    })),
  );
  await loadRefunds(db, folder, lines);
}

async function loadRefunds(db: Connection, folder: string, lines: ReturnType<typeof numbered>): Promise<void> {
  const refunds = numbered(await readTable(folder, 'refunds'));
  await insert(
    db,
    'refunds',
    [...refunds.values()].map(({ row, number }) => ({
      order_seq: row.order_id!,
      refund_no: number,
      line_no: lines.get(row.order_item_id ?? '')?.number ?? null,
      amount_minor: minor(row.amount),
      reason: text(row.reason),
      status: text(row.status, 'completed'),
      created_at: timestamp(row.created_at)!,
    })),
  );
}

async function loadPayments(db: Connection, folder: string): Promise<void> {
  const payments = numbered(await readTable(folder, 'payments'));
  await insert(
    db,
    'payments',
    [...payments.values()].map(({ row, number }) => ({
      order_seq: row.order_id!,
      attempt: number,
      method: text(row.method),
      status: row.status!,
      amount_minor: minor(row.amount),
      failure_code: orNull(row.failure_code),
      created_at: timestamp(row.created_at)!,
    })),
  );
}

async function loadShipments(db: Connection, folder: string): Promise<void> {
  const shipments = numbered(await readTable(folder, 'shipments'));
  await insert(
    db,
    'shipments',
    [...shipments].map(([id, { row, number }]) => ({
      order_seq: row.order_id!,
      parcel_no: number,
      carrier: text(row.carrier),
      tracking_no: id,
      status: text(row.status),
      cost_minor: minor(row.cost),
      promised_at: timestamp(row.promised_at),
      shipped_at: timestamp(row.shipped_at),
      delivered_at: timestamp(row.delivered_at),
    })),
  );
}

/** Loads the CSV fixture into an empty schema of ours: labels as statuses, amounts as minor units. */
export async function loadFixture(schemaUrl: string, folder: string): Promise<void> {
  await migrate(schemaUrl);
  const db = await connect(schemaUrl);
  try {
    await loadCatalogue(db, folder);
    await loadOrders(db, folder);
    await loadPayments(db, folder);
    await loadShipments(db, folder);
    await db.query('ANALYZE TABLE orders, order_items, payments, shipments, refunds, products, customers, stock');
  } finally {
    await db.end();
  }
}
