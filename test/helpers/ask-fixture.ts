import { type Connection, connect } from '../../lib/database/connect.ts';

/** A small shop whose rows are all known, drawn from a seed: 500 orders over 120 days until the fixture's clock. */
export const FIXTURE_NOW = Date.parse('2026-05-20T07:30:00Z');

const DAY = 86_400_000;
const STATUSES = [
  'delivered',
  'delivered',
  'delivered',
  'shipped',
  'processing',
  'paid',
  'packed',
  'cancelled',
  'payment_failed',
  'pending_payment',
];
const INTERNAL: Record<string, string> = {
  paid: 'confirmed',
  processing: 'fulfilling',
  packed: 'fulfilling',
  payment_failed: 'cancelled',
  pending_payment: 'received',
};
const PRODUCTS: [name: string, category: string, brand: string, price: number][] = [
  ['Copper Kettle', 'Garden', 'Halden', 4_900],
  ['Trail Map 7', 'Books & Maps', 'Ostra', 1_250],
  ['Lantern Mini', 'Lighting', 'Ostra', 2_999],
  ['City Bike 3', 'Bikes', 'Mirelle', 89_900],
  ['Garden Hose', 'Garden', 'Mirelle', 3_500],
  ['Unloved Lamp', 'Lighting', 'Halden', 7_700],
];
const PLACES = [
  ['Lisbon', 'PT'],
  ['Oslo', 'NO'],
  ['Madrid', 'ES'],
] as const;

/** Mulberry32: the same numbers on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Row = (string | number | Buffer | null)[];
const time = (at: number) => new Date(at).toISOString().slice(0, 23).replace('T', ' ');

const insert = (db: Connection, table: string, columns: string, rows: Row[]) =>
  db.query(`INSERT INTO ${table} (${columns}) VALUES ?`, [rows]);

async function loadCatalogue(db: Connection): Promise<void> {
  await insert(
    db,
    'products',
    'product_id, sku, name, category, brand, price_minor, cost_minor, currency, created_at',
    PRODUCTS.map(([name, category, brand, price], index) => [
      index + 1,
      `SKU-${index + 1}`,
      name,
      category,
      brand,
      price,
      Math.round(price / 2),
      'EUR',
      '2025-01-01',
    ]),
  );
  const stock = PRODUCTS.flatMap((_, index) =>
    ['North', 'South'].map((name, at) =>
      [index + 1, name, index * 5 + at, index % 3 === 0 ? 0 : 1, 10].map((value, i) =>
        i === 3 ? Math.min(Number(value), index * 5 + at) : value,
      ),
    ),
  );
  await insert(db, 'stock', 'product_id, warehouse, on_hand, reserved, reorder_point', stock);
  await insert(db, 'coupons', 'code, valid_from, valid_until', [['SPRING15', '2025-01-01', '2030-01-01']]);
}

interface Drawn {
  orders: Row[];
  items: Row[];
  payments: Row[];
  refunds: Row[];
  shipments: Row[];
}

function drawOrder(id: number, random: () => number, into: Drawn): void {
  const placed = FIXTURE_NOW - Math.floor(random() * 120 * DAY);
  const status = STATUSES[Math.floor(random() * STATUSES.length)]!;
  const customer = Math.floor(random() * 60);
  const [city, country] = PLACES[customer % 3]!;
  const lines = 1 + Math.floor(random() * 3);
  let subtotal = 0;
  for (let line = 1; line <= lines; line++) {
    const product = Math.floor(random() * (PRODUCTS.length - 1));
    const quantity = 1 + Math.floor(random() * 3);
    subtotal += PRODUCTS[product]![3] * quantity;
    into.items.push([id, line, product + 1, quantity, PRODUCTS[product]![3], 0, 0]);
  }
  const uuid = Buffer.from(id.toString(16).padStart(32, '0'), 'hex');
  const coupon = random() < 0.2 ? 'SPRING15' : null;
  const cancelled = status === 'cancelled' ? time(placed + 3_600_000) : null;
  into.orders.push([
    id,
    uuid,
    `c${customer}`,
    `k${id}`,
    uuid,
    INTERNAL[status] ?? status,
    status,
    1,
    time(placed + 60_000),
    random() < 0.5 ? 'web' : 'mobile',
    'EUR',
    subtotal,
    0,
    0,
    499,
    subtotal + 499,
    coupon,
    'card',
    'cancel',
    'standard',
    country,
    city,
    '',
    Math.round(random() * 10_000) / 100,
    random() < 0.05 ? 1 : 0,
    time(placed),
    time(placed),
    cancelled,
  ]);
  const failed = status === 'payment_failed' || random() < 0.1;
  if (failed) into.payments.push([id, 1, 'card', 'failed', subtotal, 'card_declined', time(placed + 1_000)]);
  if (status !== 'payment_failed')
    into.payments.push([id, 2, random() < 0.5 ? 'card' : 'paypal', 'succeeded', subtotal, null, time(placed + 2_000)]);
  if (status === 'delivered' || status === 'shipped') {
    const arrived = status === 'delivered' ? time(placed + DAY + Math.floor(random() * 4 * DAY)) : null;
    into.shipments.push([
      id,
      1,
      random() < 0.5 ? 'DHL' : 'Correos',
      `T${id}`,
      arrived ? 'delivered' : 'in_transit',
      700,
      time(placed + 3 * DAY),
      time(placed + DAY),
      arrived,
    ]);
  }
  if (status === 'delivered' && random() < 0.2)
    into.refunds.push([id, 1, 1, 1_000, 'damaged', random() < 0.9 ? 'completed' : 'requested', time(placed + 6 * DAY)]);
}

/** Fills an empty, migrated schema. */
export async function loadAskFixture(url: string): Promise<void> {
  const random = randomFrom(7);
  const drawn: Drawn = { orders: [], items: [], payments: [], refunds: [], shipments: [] };
  for (let id = 1; id <= 500; id++) drawOrder(id, random, drawn);
  const db = await connect(url);
  try {
    await loadCatalogue(db);
    await insert(
      db,
      'customers',
      'customer_ref, segment, city, country, signed_up_at',
      Array.from({ length: 62 }, (_, index) => [
        `c${index}`,
        ['consumer', 'business', 'vip'][index % 3]!,
        ...PLACES[index % 3]!,
        time(FIXTURE_NOW - index * 3 * DAY),
      ]),
    );
    await insert(
      db,
      'orders',
      'order_seq, order_id, customer_ref, idempotency_key, request_hash, status, reporting_status, version, status_since, channel, currency, subtotal_minor, discount_minor, tax_minor, shipping_minor, total_minor, coupon_code, payment_method, stock_policy, shipping_method, ship_country, ship_city, ship_postcode_prefix, fraud_score, fraud_flag, placed_at, stored_at, cancelled_at',
      drawn.orders,
    );
    await insert(
      db,
      'order_items',
      'order_seq, line_no, product_id, quantity, unit_minor, discount_minor, tax_minor',
      drawn.items,
    );
    await insert(
      db,
      'payments',
      'order_seq, attempt, method, status, amount_minor, failure_code, created_at',
      drawn.payments,
    );
    await insert(
      db,
      'refunds',
      'order_seq, refund_no, line_no, amount_minor, reason, status, created_at',
      drawn.refunds,
    );
    await insert(
      db,
      'shipments',
      'order_seq, parcel_no, carrier, tracking_no, status, cost_minor, promised_at, shipped_at, delivered_at',
      drawn.shipments,
    );
  } finally {
    await db.end();
  }
}
