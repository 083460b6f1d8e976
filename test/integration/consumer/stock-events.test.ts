import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';
import type { StockEvent } from '../../../lib/domain/event-types.ts';
import { startConsumerWorker } from '../../helpers/consumer-worker.ts';
import { placedEvent } from '../../helpers/orders.ts';

function stockEvent(type: StockEvent['type'], data: { sku: string; [name: string]: unknown }) {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: '/admin/test',
    type,
    subject: `stock/${data.sku}`,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    partitionkey: data.sku,
    data,
  };
}

const received = (sku: string, warehouse: string, quantity: number) =>
  stockEvent('oms.stock.received.v1', { sku, warehouse, quantity });
const adjusted = (sku: string, warehouse: string, quantity: number) =>
  stockEvent('oms.stock.adjusted.v1', { sku, warehouse, quantity, reason: 'count' });

const STOCK = 'SELECT warehouse AS w, on_hand, reserved FROM stock WHERE product_id = 1 ORDER BY warehouse';
const MOVES = 'SELECT warehouse AS w, quantity AS q, reason FROM stock_moves ORDER BY move_id';
const INBOX = 'SELECT order_seq AS seq, type, verdict, detail FROM inbox';

suite('events about goods', () => {
  test('units that came in can be sold, where there were some and where there were none', async (t) => {
    const { deliver, rows } = await startConsumerWorker(t, { onHand: 1 });
    const event = received('A', 'West', 5);
    await deliver(received('A', 'East', 2), event, event);
    await deliver(event);
    assert.deepEqual(await rows(STOCK), [
      { w: 'East', on_hand: 3, reserved: 0 },
      { w: 'West', on_hand: 5, reserved: 0 },
    ]);
    assert.deepEqual(await rows(MOVES), [
      { w: 'East', q: 2, reason: 'received' },
      { w: 'West', q: 5, reason: 'received' },
    ]);
    await deliver(placedEvent({ key: 'k1', items: [{ sku: 'A', quantity: 4 }] }));
    assert.deepEqual(await rows('SELECT status FROM orders'), [{ status: 'reserved' }]);
  });

  test('goods that come in the same batch are there for the orders after them', async (t) => {
    const { deliver, rows } = await startConsumerWorker(t, { onHand: 0 });
    await deliver(received('A', 'East', 1), placedEvent({ key: 'k1' }), placedEvent({ key: 'k2' }));
    assert.deepEqual(await rows('SELECT idempotency_key AS k, status FROM orders ORDER BY 1'), [
      { k: 'k1', status: 'reserved' },
      { k: 'k2', status: 'cancelled' },
    ]);
  });

  test('a count is never taken below what is promised', async (t) => {
    const { deliver, rows } = await startConsumerWorker(t, { onHand: 5 });
    await deliver(placedEvent({ key: 'k1', items: [{ sku: 'A', quantity: 3 }] }));
    await deliver(adjusted('A', 'East', -3));
    await deliver(adjusted('A', 'East', -2));
    assert.deepEqual(await rows(STOCK), [{ w: 'East', on_hand: 3, reserved: 3 }]);
    assert.deepEqual(await rows(MOVES), [{ w: 'East', q: -2, reason: 'adjusted' }]);
    assert.deepEqual((await rows(`${INBOX} WHERE verdict = 'refused'`))[0], {
      seq: 0,
      type: 'oms.stock.adjusted.v1',
      verdict: 'refused',
      detail: '5 - 3 would be less than the 3 promised',
    });
  });

  test('a product is changed, and orders are checked against it at once', async (t) => {
    const { deliver, rows } = await startConsumerWorker(t);
    await deliver(placedEvent({ key: 'k0' }));
    await deliver(stockEvent('oms.product.changed.v1', { sku: 'A', price_minor: 900, name: 'Bear' }));
    assert.deepEqual(await rows('SELECT name, category, price_minor, version FROM products WHERE product_id = 1'), [
      { name: 'Bear', category: 'Toys', price_minor: 900, version: 2 },
    ]);
    await deliver(placedEvent({ key: 'k1' }));
    assert.deepEqual(await rows("SELECT reason_code AS r FROM orders WHERE idempotency_key = 'k1'"), [
      { r: 'price_mismatch' },
    ]);
  });

  test('what is about no product of ours is recorded', async (t) => {
    const { deliver, rows } = await startConsumerWorker(t);
    await deliver(received('NONE', 'East', 1));
    assert.deepEqual(await rows('SELECT verdict, detail FROM inbox'), [
      { verdict: 'refused', detail: 'there is no product NONE' },
    ]);
  });

  test('an event that travels with the key of another product is a dead letter', async (t) => {
    const { deliver, rows } = await startConsumerWorker(t);
    await deliver({ ...received('A', 'East', 1), partitionkey: 'B' });
    assert.deepEqual(await rows('SELECT reason FROM dead_letters'), [{ reason: 'partition_key' }]);
  });
});
