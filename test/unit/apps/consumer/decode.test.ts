import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { type DeadLetter, decode } from '../../../../apps/consumer/decode.ts';
import { canaryEvent } from '../../../../lib/domain/canary-event.ts';
import { fact, scan } from '../../../helpers/order-facts.ts';
import { delivery, placedEvent } from '../../../helpers/orders.ts';

const placed = placedEvent({ key: 'k1' });
const { order_id } = placed.data;

function deadLetterOf(body: unknown, properties = {}): DeadLetter {
  const decoded = decode({ ...delivery(body, 1), properties });
  assert.ok('dead' in decoded, 'not a dead letter');
  return decoded.dead;
}

suite('decoding', () => {
  test('events about orders and about goods are told apart', () => {
    const goods = { ...placed, type: 'oms.stock.received.v1', partitionkey: 'A' };
    const data = { sku: 'A', warehouse: 'East', quantity: 1 };
    assert.ok('order' in decode(delivery(scan('delivered', order_id), 1)));
    assert.ok('stock' in decode(delivery({ ...goods, data }, 1)));
  });

  test('a canary is for others, but has to be one', () => {
    const canary = canaryEvent('0a1b2c3d-4e5f-4a6b-9c7d-0e1f2a3b4c5d', 'demo', new Date());
    assert.ok('passed' in decode(delivery(canary, 1)));
    assert.equal(deadLetterOf({ ...canary, data: {} }).reason, 'schema');
    assert.equal(deadLetterOf({ ...canary, type: 'oms.canary.sent.v2' }).reason, 'unsupported_version');
  });

  test('a known type with wrong data says what is wrong and whose it is', () => {
    const wrong = fact('oms.order.cancel_requested.v1', { order_id });
    const { reason, detail, orderId, eventType, eventId } = deadLetterOf({ ...wrong, data: { order_id, reason: 7 } });
    assert.equal(reason, 'schema');
    assert.match(detail, /^\/data\/reason /);
    assert.deepEqual([orderId, eventType, eventId], [order_id, wrong.type, wrong.id]);
  });

  test('what no column takes is refused by the schema, before it could hold its order up', () => {
    const answer = {
      order_id,
      attempt: 1,
      provider: 'sandbox',
      provider_ref: 'ref-1',
      amount_minor: 1,
      currency: 'USD',
    };
    const paid = (provider_ref: string) => fact('oms.payment.captured.v1', { ...answer, provider_ref });
    assert.ok('order' in decode(delivery(paid('pi_3MtwBwLkdIwHu7ix'), 1)));
    assert.equal(deadLetterOf(paid('référence')).reason, 'schema');
    const delivered = scan('delivered', order_id);
    assert.equal(
      deadLetterOf({ ...delivered, data: { ...delivered.data, at: '2026-99-01T00:00:00Z' } }).reason,
      'schema',
    );
    const data = { ...placed.data, idempotency_key: 'clé' };
    assert.equal(deadLetterOf({ ...placed, data }).reason, 'schema');
  });

  test('an event has to travel with the key of its order', () => {
    assert.equal(deadLetterOf({ ...placed, partitionkey: 'elsewhere' }).reason, 'partition_key');
  });

  test('a next major version and what the core says itself are not taken', () => {
    const cancel = fact('oms.order.cancel_requested.v1', { order_id });
    assert.equal(deadLetterOf({ ...cancel, type: 'oms.order.cancel_requested.v2' }).reason, 'unsupported_version');
    assert.equal(deadLetterOf({ ...cancel, type: 'oms.order.status_changed.v1' }).reason, 'unsupported_type');
  });

  test('in binary mode the attributes are properties, with either mark; the whole event is kept', () => {
    const { data, ...attributes } = fact('oms.order.cancel_requested.v1', { order_id });
    for (const mark of ['_', ':']) {
      const named = Object.entries(attributes).map(([name, value]) => [`cloudEvents${mark}${name}`, value]);
      const decoded = decode({ ...delivery(data, 1), properties: Object.fromEntries(named) });
      assert.ok('order' in decoded);
      const { body } = decoded.order.delivery;
      assert.deepEqual(JSON.parse(Buffer.from(body as Uint8Array).toString()), { ...attributes, data });
    }
  });

  test('properties of events that are sent again by hand are numbers, however they are written', () => {
    const sent = (properties: Record<string, unknown>) => {
      const decoded = decode({ ...delivery(placed, 1), properties });
      assert.ok('order' in decoded);
      return [decoded.order.retryOf, decoded.order.releaseOf];
    };
    assert.deepEqual(sent({ 'oms-retry': 7 }), [7, undefined]);
    assert.deepEqual(sent({ 'oms-retry': '7', 'oms-release': '12' }), [7, 12]);
    assert.deepEqual(sent({ 'oms-retry': 'soon' }), [undefined, undefined]);
  });

  test('whatever JSON comes, it is an event or a dead letter with a reason', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        assert.ok(deadLetterOf(Buffer.from(text)).reason);
      }),
    );
  });
});
