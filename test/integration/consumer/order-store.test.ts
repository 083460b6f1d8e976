import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { type PartitionKey, toBatch } from '../../../apps/consumer/batch.ts';
import { type Decoded, decode } from '../../../apps/consumer/decode.ts';
import { FencedError, OrderStore } from '../../../apps/consumer/order-store.ts';
import { ProductCache } from '../../../apps/consumer/product-cache.ts';
import { openPool, type RowDataPacket } from '../../../lib/database/connect.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { delivery, type OrderSketch, placedEvent, seedProducts } from '../../helpers/orders.ts';

const keyOf = (partitionId: number): PartitionKey => ({
  namespace: 'localhost',
  hub: 'orders',
  consumerGroup: 'oms-core',
  partitionId,
  hubCreatedAt: new Date('2026-01-01T00:00:00Z'),
});

async function openStore(t: TestContext, onHand = 100) {
  const database = await startTestDatabase(t);
  await seedProducts(database.url, onHand);
  const pool = openPool(database.appUrl, { connectionLimit: 3, multipleStatements: true });
  t.after(() => pool.end());
  const store = new OrderStore(pool);
  const products = new ProductCache(pool);
  const position = await store.takeOver(keyOf(0));

  /** Stores orders as one batch of partition 0, numbered from `first`. */
  const storeAll = async (sketches: readonly (OrderSketch | object)[], first = 0, partition = 0, generation = 1) => {
    const events = sketches.map((sketch) => ('key' in sketch ? placedEvent(sketch) : sketch));
    const deliveries = events.map((event, index) => delivery(event, first + index));
    const items = deliveries.map((one) => decode(one));
    await products.refresh(items);
    const result = await store.store({
      key: keyOf(partition),
      generation,
      batch: toBatch(items),
      find: products.lookup,
    });
    return { stored: result.stored, repeated: result.repeated, deadLettered: result.deadLettered };
  };
  const rows = async (sql: string) => (await pool.query<RowDataPacket[]>(sql))[0].map((row) => ({ ...row }));
  return { store, pool, position, storeAll, rows };
}

suite('order store', () => {
  test('a batch leaves orders, items, history, reservations, customers, outbox and the position', async (t) => {
    const { storeAll, rows } = await openStore(t);
    const items = [
      { sku: 'A', quantity: 2 },
      { sku: 'B', quantity: 1 },
    ];
    assert.deepEqual(await storeAll([{ key: 'k1', items }, { key: 'k2' }]), {
      stored: 2,
      repeated: 0,
      deadLettered: 0,
    });

    assert.deepEqual(await rows('SELECT idempotency_key, status, reporting_status, version FROM orders ORDER BY 1'), [
      { idempotency_key: 'k1', status: 'reserved', reporting_status: 'pending_payment', version: 2 },
      { idempotency_key: 'k2', status: 'reserved', reporting_status: 'pending_payment', version: 2 },
    ]);
    assert.deepEqual(
      await rows('SELECT trigger_name, from_status, to_status FROM order_history ORDER BY order_seq, version LIMIT 2'),
      [
        { trigger_name: 'order.placed', from_status: null, to_status: 'received' },
        { trigger_name: 'decide', from_status: 'received', to_status: 'reserved' },
      ],
    );
    assert.deepEqual(await rows('SELECT product_id, reserved FROM stock WHERE reserved > 0'), [
      { product_id: 1, reserved: 3 },
      { product_id: 2, reserved: 1 },
    ]);
    assert.deepEqual(await rows('SELECT SUM(quantity) AS held FROM reservations'), [{ held: '4' }]);
    assert.deepEqual(await rows('SELECT customer_ref, country FROM customers'), [
      { customer_ref: 'c-1', country: 'DE' },
    ]);
    assert.deepEqual(await rows('SELECT COUNT(*) AS n FROM outbox'), [{ n: 2 }]);
    assert.deepEqual(await rows('SELECT sequence_number, event_offset FROM consumer_checkpoints'), [
      { sequence_number: 1, event_offset: '100' },
    ]);
  });

  test('an order that comes again is not stored again, in the same batch or later', async (t) => {
    const { storeAll, rows } = await openStore(t);
    assert.deepEqual(await storeAll([{ key: 'k1' }, { key: 'k1' }]), { stored: 1, repeated: 1, deadLettered: 0 });
    assert.deepEqual(await storeAll([{ key: 'k1' }], 2), { stored: 0, repeated: 1, deadLettered: 0 });
    assert.deepEqual(await rows('SELECT SUM(reserved) AS reserved FROM stock'), [{ reserved: '1' }]);
  });

  test('another content under the same key is a dead letter, the first one stays', async (t) => {
    const { storeAll, rows } = await openStore(t);
    const other = { key: 'k1', items: [{ sku: 'B', quantity: 9 }] };
    assert.deepEqual(await storeAll([{ key: 'k1' }, other]), { stored: 1, repeated: 0, deadLettered: 1 });
    assert.deepEqual(await storeAll([other], 2), { stored: 0, repeated: 0, deadLettered: 1 });
    assert.deepEqual(await rows('SELECT reason, sequence_number FROM dead_letters ORDER BY 2'), [
      { reason: 'idempotency_conflict', sequence_number: 1 },
      { reason: 'idempotency_conflict', sequence_number: 2 },
    ]);
  });

  test('a batch whose commit was not acknowledged is stored again without harm', async (t) => {
    const { storeAll, rows } = await openStore(t);
    const batch = [{ key: 'k1' }, { hello: 'world' }, { key: 'k1', items: [{ sku: 'B', quantity: 9 }] }];
    await storeAll(batch);
    await storeAll(batch);
    assert.deepEqual(await rows('SELECT COUNT(*) AS n FROM orders'), [{ n: 1 }]);
    assert.deepEqual(await rows('SELECT reason, state FROM dead_letters ORDER BY sequence_number'), [
      { reason: 'envelope', state: 'open' },
      { reason: 'idempotency_conflict', state: 'open' },
    ]);
  });

  test('what contradicts the catalogue or itself is stored as rejected, with its reason', async (t) => {
    const { storeAll, rows } = await openStore(t);
    await storeAll([
      { key: 'k1', items: [{ sku: 'NONE', quantity: 1 }] },
      { key: 'k2', items: [{ sku: 'A', quantity: 1, price: 1 }] },
      { key: 'k3', data: { total_minor: 1 } },
      { key: 'k4', data: { currency: 'EUR' } },
    ]);
    assert.deepEqual(await rows('SELECT idempotency_key AS k, status, reason_code FROM orders ORDER BY 1'), [
      { k: 'k1', status: 'rejected', reason_code: 'unknown_sku' },
      { k: 'k2', status: 'rejected', reason_code: 'price_mismatch' },
      { k: 'k3', status: 'rejected', reason_code: 'total_mismatch' },
      { k: 'k4', status: 'rejected', reason_code: 'currency_mismatch' },
    ]);
    assert.deepEqual(await rows('SELECT SUM(reserved) AS reserved FROM stock'), [{ reserved: '0' }]);
  });

  test('short stock cancels the order or asks the customer, as the order says', async (t) => {
    const { storeAll, rows } = await openStore(t, 5);
    const items = [{ sku: 'A', quantity: 4 }];
    await storeAll([
      { key: 'k1', items },
      { key: 'k2', items },
      { key: 'k3', items, stockPolicy: 'amend' },
      { key: 'k4', items: [{ sku: 'A', quantity: 1 }] },
    ]);
    assert.deepEqual(await rows('SELECT idempotency_key AS k, status, reason_code FROM orders ORDER BY 1'), [
      { k: 'k1', status: 'reserved', reason_code: null },
      { k: 'k2', status: 'cancelled', reason_code: 'out_of_stock' },
      { k: 'k3', status: 'action_required', reason_code: 'stock' },
      { k: 'k4', status: 'reserved', reason_code: null },
    ]);
    assert.deepEqual(await rows('SELECT reserved FROM stock WHERE product_id = 1'), [{ reserved: 5 }]);
  });

  test('many writers on the same few pieces never sell one twice', async (t) => {
    const { store, storeAll, rows } = await openStore(t, 40);
    const partitions = Array.from({ length: 6 }, (_, partition) => partition);
    await Promise.all(partitions.slice(1).map((partition) => store.takeOver(keyOf(partition))));
    const orders = (partition: number, round: number) =>
      Array.from({ length: 10 }, (_, n) => ({
        key: `p${partition}-${round}-${n}`,
        items: [
          { sku: 'B', quantity: 1 },
          { sku: 'A', quantity: 1 },
        ],
      }));
    for (const round of [0, 1]) {
      await Promise.all(partitions.map((partition) => storeAll(orders(partition, round), round * 10, partition)));
    }
    assert.deepEqual(await rows('SELECT product_id, reserved FROM stock ORDER BY 1'), [
      { product_id: 1, reserved: 40 },
      { product_id: 2, reserved: 40 },
      { product_id: 3, reserved: 0 },
    ]);
    assert.deepEqual(await rows('SELECT status, COUNT(*) AS n FROM orders GROUP BY status ORDER BY status'), [
      { status: 'cancelled', n: 80 },
      { status: 'reserved', n: 40 },
    ]);
  });

  test('a partition that was taken over refuses its former owner', async (t) => {
    const { store, storeAll, rows } = await openStore(t);
    await storeAll([{ key: 'k1' }]);
    assert.deepEqual(await store.takeOver(keyOf(0)), { generation: 2, sequenceNumber: 0 });
    await assert.rejects(storeAll([{ key: 'k2' }], 1), FencedError);
    await storeAll([{ key: 'k2' }], 1, 0, 2);
    assert.deepEqual(await rows('SELECT COUNT(*) AS n FROM orders'), [{ n: 2 }]);
  });

  test('a hub made anew is read from its first event', async (t) => {
    const { store, storeAll } = await openStore(t);
    await storeAll([{ key: 'k1' }], 7);
    const remade = { ...keyOf(0), hubCreatedAt: new Date('2026-02-02T00:00:00Z') };
    assert.deepEqual(await store.takeOver(remade), { generation: 2, sequenceNumber: -1 });
  });

  test('a batch that fails in its middle leaves nothing behind', async (t) => {
    const { store, storeAll, rows } = await openStore(t);
    await storeAll([{ key: 'k0' }]);
    const bad = placedEvent({ key: 'k2', data: { note: 'longer than the column'.repeat(50) } });
    const events = [placedEvent({ key: 'k1' }), bad];
    const items = events.map((event, n) => ({ order: { event, delivery: delivery(event, n + 1) } }) as Decoded);
    const products = () => ({
      productId: 1,
      sku: 'A',
      name: '',
      category: '',
      brand: '',
      price_minor: 1_000,
      currency: 'USD',
    });
    await assert.rejects(
      store.store({ key: keyOf(0), generation: 1, batch: toBatch(items), find: products }),
      /Data too long/,
    );
    assert.deepEqual(await rows('SELECT idempotency_key AS k FROM orders'), [{ k: 'k0' }]);
    assert.deepEqual(await rows('SELECT sequence_number FROM consumer_checkpoints'), [{ sequence_number: 0 }]);
    assert.deepEqual(await rows('SELECT SUM(reserved) AS reserved FROM stock'), [{ reserved: '1' }]);
  });
});
