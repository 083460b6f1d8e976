import type { Pool } from '../../lib/database/connect.ts';
import { requestHash } from '../../lib/domain/canonical.ts';
import { orderIdFor, uuidToBytes } from '../../lib/domain/ids.ts';
import type { OrderRequest } from '../../lib/domain/order-request.ts';
import { nextOrderSequence } from '../../lib/domain/order-sequence.ts';
import { quote } from '../../lib/domain/pricing.ts';

export const WAREHOUSE = 'East';
const INITIAL_STOCK = 1_000_000;
/** How long a reserved order waits for its payment. */
const PAYMENT_LIMIT_MS = 15 * 60_000;

export interface TestProduct {
  product_id: number;
  sku: string;
  name: string;
  price_minor: number;
}

/** Products P-1, P-2, ... in USD with stock and its move. */
export async function insertProducts(pool: Pool, count: number): Promise<TestProduct[]> {
  const products = Array.from({ length: count }, (_, index) => ({
    product_id: index + 1,
    sku: `P-${index + 1}`,
    name: `Product ${index + 1}`,
    price_minor: 1_000 + index,
  }));
  const now = new Date();
  await pool.query(
    `INSERT INTO products (product_id, sku, name, category, price_minor, cost_minor, currency, created_at) VALUES ?`,
    [products.map((p) => [p.product_id, p.sku, p.name, 'Books', p.price_minor, 500, 'USD', now])],
  );
  const stock = products.map((p) => [p.product_id, WAREHOUSE, INITIAL_STOCK]);
  await pool.query('INSERT INTO stock (product_id, warehouse, on_hand) VALUES ?', [stock]);
  await pool.query('INSERT INTO stock_moves (product_id, warehouse, quantity, reason, moved_at) VALUES ?', [
    stock.map((row) => [...row, 'initial', now]),
  ]);
  return products;
}

/** What the tests need to know of a stored order. */
export interface StoredOrder {
  seq: number;
  key: string;
  customer: string;
  orderId: string;
  hash: string;
  totalMinor: number;
}

const ITEM_COLUMNS = 'order_seq, line_no, product_id, quantity, unit_minor, discount_minor, tax_minor';

let lastSeq = 0;

/** Stores an order as the consumer would: reserved, with its items, its history and its stock held. */
export async function storeOrder(
  pool: Pool,
  products: readonly TestProduct[],
  request: OrderRequest,
  key: string,
): Promise<StoredOrder> {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const priced = quote(
    request.items.map(({ sku, quantity }) => ({ product: bySku.get(sku)!, quantity })),
    { country: request.ship_to.country, shipping: 'standard' },
  );
  const now = new Date();
  lastSeq = nextOrderSequence(0, now.getTime(), lastSeq);
  const order: StoredOrder = {
    seq: lastSeq,
    key,
    customer: request.customer,
    orderId: orderIdFor(request.customer, key),
    hash: requestHash(request),
    totalMinor: priced.total_minor,
  };
  const id = uuidToBytes(order.orderId);
  const row = {
    order_seq: order.seq,
    order_id: id,
    customer_ref: order.customer,
    idempotency_key: key,
    request_hash: Buffer.from(order.hash, 'hex'),
    status: 'reserved',
    reporting_status: 'processing',
    version: 2,
    status_since: now,
    due_at: new Date(now.getTime() + PAYMENT_LIMIT_MS),
    channel: request.channel,
    currency: request.currency,
    subtotal_minor: priced.subtotal_minor,
    discount_minor: priced.discount_minor,
    tax_minor: priced.tax_minor,
    shipping_minor: priced.shipping_minor,
    total_minor: priced.total_minor,
    payment_method: request.payment.method,
    stock_policy: 'cancel',
    shipping_method: 'standard',
    ship_country: request.ship_to.country,
    ship_city: request.ship_to.city ?? '',
    ship_postcode_prefix: '',
    synthetic: 1,
    placed_at: now,
    stored_at: now,
  };
  await pool.query('INSERT INTO orders SET ?', row);
  await pool.query(`INSERT INTO order_items (${ITEM_COLUMNS}) VALUES ?`, [
    priced.lines.map((line) => [
      order.seq,
      line.line,
      bySku.get(line.sku)!.product_id,
      line.quantity,
      line.unit_minor,
      line.discount_minor,
      line.tax_minor,
    ]),
  ]);
  await pool.query('INSERT INTO order_history VALUES ?', [
    [
      [order.seq, 1, 'order.placed', null, 'received', null, id, now],
      [order.seq, 2, 'decide', 'received', 'reserved', null, id, now],
    ],
  ]);
  await pool.query('INSERT INTO notifications SET ?', [
    { order_seq: order.seq, message_key: 'status-1', template: 'order_received', created_at: now },
  ]);
  for (const { sku, quantity } of request.items) {
    const { product_id } = bySku.get(sku)!;
    await pool.query('INSERT INTO reservations VALUES ?', [[[order.seq, product_id, WAREHOUSE, quantity, 'held']]]);
    await pool.query('UPDATE stock SET reserved = reserved + ? WHERE product_id = ?', [quantity, product_id]);
  }
  return order;
}
