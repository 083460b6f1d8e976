import type { Delivery } from '../../apps/consumer/decode.ts';
import { connect } from '../../lib/database/connect.ts';
import { requestHash } from '../../lib/domain/canonical.ts';
import { orderIdFor, placedEventId } from '../../lib/domain/ids.ts';
import {
  ORDER_PLACED,
  type OrderPlacedData,
  type OrderPlacedEvent,
  orderEvent,
} from '../../lib/domain/order-events.ts';
import { quote } from '../../lib/domain/pricing.ts';

/** What a test says of an order; the rest is filled in. */
export interface OrderSketch {
  key: string;
  customer?: string;
  items?: readonly { sku: string; quantity: number; price?: number }[];
  stockPolicy?: 'amend' | 'cancel';
  data?: Partial<OrderPlacedData>;
}

const PRICE_MINOR = 1_000;

/** A well-formed order.placed event for the products of {@link seedProducts}. */
export function placedEvent({
  key,
  customer = 'c-1',
  items,
  stockPolicy = 'cancel',
  data,
}: OrderSketch): OrderPlacedEvent {
  const wanted = items ?? [{ sku: 'A', quantity: 1 }];
  const products = wanted.map(({ sku, quantity, price }) => ({
    product: { sku, name: `Product ${sku}`, price_minor: price ?? PRICE_MINOR },
    quantity,
  }));
  const { shipping_minor, ...priced } = quote(products, { country: 'DE', shipping: 'standard' });
  const order_id = orderIdFor(customer, key);
  const request_hash = requestHash({ customer, wanted, stockPolicy });
  return orderEvent(
    ORDER_PLACED,
    {
      order_id,
      idempotency_key: key,
      request_hash,
      channel: 'web',
      customer_ref: customer,
      currency: 'USD',
      ...priced,
      shipping: {
        method: 'standard',
        amount_minor: shipping_minor,
        country: 'DE',
        city: 'Berlin',
        postcode_prefix: '10',
      },
      payment: { method: 'card', token: 'tok_ok' },
      stock_policy: stockPolicy,
      ...data,
    },
    { id: placedEventId(order_id, request_hash), source: '/shop/test', time: new Date().toISOString() },
  );
}

/** The event as the hub delivers it. */
export function delivery(event: unknown, sequenceNumber: number): Delivery {
  return {
    sequenceNumber,
    offset: String(sequenceNumber * 100),
    enqueuedTimeUtc: new Date(),
    body: event instanceof Uint8Array ? event : Buffer.from(JSON.stringify(event)),
  };
}

/** Products A, B, C ... at PRICE_MINOR USD with `onHand` pieces each in warehouse East. */
export async function seedProducts(
  url: string,
  onHand: number,
  skus: readonly string[] = ['A', 'B', 'C'],
): Promise<void> {
  const connection = await connect(url);
  for (const [index, sku] of skus.entries()) {
    const id = index + 1;
    await connection.query(
      `INSERT INTO products (product_id, sku, name, category, price_minor, cost_minor, currency, created_at)
       VALUES (?, ?, ?, 'Toys', ?, 600, 'USD', UTC_TIMESTAMP(6))`,
      [id, sku, `Product ${sku}`, PRICE_MINOR],
    );
    await connection.query(`INSERT INTO stock (product_id, warehouse, on_hand) VALUES (?, 'East', ?)`, [id, onHand]);
  }
  await connection.end();
}
