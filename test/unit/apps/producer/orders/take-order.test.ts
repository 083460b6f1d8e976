import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { IdempotencyWindow } from '../../../../../apps/producer/http/idempotency-window.ts';
import type { Catalogue, TakenOrder } from '../../../../../apps/producer/orders/take-order.ts';
import { OrderDesk } from '../../../../../apps/producer/orders/take-order.ts';
import { CloudEventEnvelope } from '../../../../../lib/domain/cloud-event.ts';
import { orderIdFor } from '../../../../../lib/domain/ids.ts';
import { OrderPlacedData } from '../../../../../lib/domain/order-events.ts';
import { OrderRequest } from '../../../../../lib/domain/order-request.ts';
import { BusyError, SendFailedError } from '../../../../../lib/streaming/send-errors.ts';
import { FakeSender, ORDER } from '../../../../helpers/producer.ts';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const product = (sku: string, price_minor = 1_000) => ({
  ...{ productId: 1, sku, name: `Product ${sku}`, category: 'Toys', brand: '' },
  ...{ price_minor, currency: 'USD' },
});

function openDesk(changes: Partial<Catalogue> = {}) {
  const sender = new FakeSender();
  const catalogue: Catalogue = {
    loaded: true,
    product: (sku) => (sku.startsWith('X') ? undefined : product(sku)),
    coupon: (code) => ({ code, percent_off: 50, free_shipping: true, valid_from: NOW, valid_until: NOW }),
    lookAgain: async () => {},
    ...changes,
  };
  const desk = new OrderDesk({ catalogue, sender, window: new IdempotencyWindow<TakenOrder>(), now: () => NOW });
  return { sender, take: (order: OrderRequest, key = 'k') => desk.take(order, key, TRACE) };
}

test('an order becomes one order.placed event, priced from the catalogue, at the time of this clock', async () => {
  const { sender, take } = openDesk();
  const { answer, replayed } = await take(ORDER);
  const order_id = orderIdFor('c-1', 'k');
  assert.deepEqual([answer.receipt, replayed], [{ order_id, total_minor: 1_579, currency: 'USD' }, false]);
  const [event] = sender.events;
  assert.equal(event!.type, 'oms.order.placed.v1');
  assert.equal(event!.source, '/shop/web');
  assert.equal(event!.time, NOW.toISOString());
  assert.equal(event!.partitionkey, order_id);
  assert.equal(event!.traceparent, TRACE);
  assert.equal(event!.synthetic, true);
  assert.deepEqual(event!.data.payment, { method: 'card', token: 'tok_ok' });
  assert.equal(event!.data.tax_minor, 80);
});

test('whatever order is accepted, its event keeps the contract with the consumer', async () => {
  const envelope = Compile(CloudEventEnvelope);
  const data = Compile(OrderPlacedData);
  const request = Compile(OrderRequest);
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  const order = fc.record(
    {
      customer: fc.stringMatching(/^[A-Za-z0-9]{1,20}$/),
      channel: fc.constantFrom('web' as const, 'mobile' as const),
      currency: fc.constant('USD'),
      items: fc.array(fc.record({ sku: fc.constantFrom('A', 'B', 'C'), quantity: fc.integer({ min: 1, max: 99 }) }), {
        minLength: 1,
        maxLength: 8,
      }),
      ship_to: fc.record({ country: fc.constantFrom('US', 'DE'), city: text }, { requiredKeys: ['country'] }),
      payment: fc.record({ method: fc.constantFrom('card' as const, 'upi' as const) }),
      coupon: fc.constant('HALF'),
      note: text,
      stock_policy: fc.constantFrom('amend' as const, 'cancel' as const),
      synthetic: fc.boolean(),
    },
    { requiredKeys: ['customer', 'channel', 'currency', 'items', 'ship_to', 'payment'] },
  );
  await fc.assert(
    fc.asyncProperty(order, async (body) => {
      fc.pre(request.Check(body));
      const { sender, take } = openDesk();
      const { answer } = await take(body as OrderRequest);
      const [event] = sender.events;
      assert.ok(envelope.Check(event));
      assert.ok(data.Check(event!.data), JSON.stringify(data.Errors(event!.data)));
      assert.equal(event!.data.total_minor, answer.receipt.total_minor);
    }),
    { seed: 5 },
  );
});

test('the same request again has the same answer, and one event; key order and blanks do not matter', async () => {
  const { sender, take } = openDesk();
  const first = await take(ORDER);
  const { customer, ...rest } = ORDER;
  const second = await take({ ...rest, customer });
  assert.deepEqual(second, { answer: first.answer, replayed: true });
  assert.equal(sender.events.length, 1);
  await assert.rejects(take({ ...ORDER, note: 'other' }), { code: 'idempotency_key_reused' });
  await take({ ...ORDER, customer: 'c-2' });
  assert.equal(sender.events.length, 2);
});

test('while an order is under way the same request has to wait', async () => {
  const { sender, take } = openDesk();
  const held = Promise.withResolvers<void>();
  sender.hold = () => held.promise;
  const first = take(ORDER);
  await assert.rejects(take(ORDER), { code: 'request_in_progress', headers: { 'retry-after': '1' } });
  held.resolve();
  await first;
});

test('after a failed send the same request may try again, another body may not', async () => {
  const { sender, take } = openDesk();
  sender.hold = () => Promise.reject(new SendFailedError('no acknowledgement'));
  await assert.rejects(take(ORDER), { code: 'hub_unavailable', status: 503 });
  sender.hold = async () => {};
  await assert.rejects(take({ ...ORDER, note: 'other' }), { code: 'idempotency_key_reused' });
  assert.equal((await take(ORDER)).replayed, false);
});

test('what was not sent leaves its key free for a corrected order', async () => {
  const { sender, take } = openDesk();
  await assert.rejects(take({ ...ORDER, items: [{ sku: 'X', quantity: 1 }] }), { code: 'unknown_sku' });
  sender.hold = () => Promise.reject(new BusyError('too many'));
  await assert.rejects(take(ORDER), { code: 'hub_busy', headers: { 'retry-after': '1' } });
  sender.hold = async () => {};
  await take({ ...ORDER, note: 'corrected' });
});

test('before an SKU is called unknown the catalogue is looked at again', async () => {
  let looked = 0;
  const { take } = openDesk({
    product: (sku) => (looked > 0 ? product(sku) : undefined),
    lookAgain: async () => {
      looked += 1;
    },
  });
  await take(ORDER);
  assert.equal(looked, 1);
});

test('no order without a catalogue, with a coupon that is not valid, beyond the largest amount, or with digits for a token', async () => {
  await assert.rejects(openDesk({ loaded: false }).take(ORDER), { code: 'catalogue_unavailable' });
  await assert.rejects(openDesk({ coupon: () => undefined }).take({ ...ORDER, coupon: 'NO' }), {
    code: 'coupon_invalid',
  });
  const dear = openDesk({ product: (sku) => product(sku, 1_000_000_000_000) });
  await assert.rejects(dear.take({ ...ORDER, items: [{ sku: 'A', quantity: 2 }] }), { code: 'validation_failed' });
  const digits = openDesk().take({ ...ORDER, payment: { method: 'card', token: '12345' } });
  await assert.rejects(digits, { code: 'validation_failed' });
});
