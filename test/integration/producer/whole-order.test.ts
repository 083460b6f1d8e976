import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { OrderView } from '../../../apps/producer/orders/order-view-schema.ts';
import { databaseOrders } from '../../../apps/producer/orders/stored-orders.ts';
import { startConsumerWorker } from '../../helpers/consumer-worker.ts';
import { postSigned, scanFact } from '../../helpers/facts.ts';
import { ORDER, SECRETS, startTrial } from '../../helpers/producer.ts';

const CARD = { method: 'card', token: 'tok_ok', brand: 'visa', last4: '1111', one_click: true } as const;

/** The order API and the consumer on one database; what the API sends is delivered on demand. */
async function startShop(t: TestContext) {
  const consumer = await startConsumerWorker(t);
  const trial = await startTrial(t, { orders: databaseOrders(consumer.pool) });
  const settle = async () => {
    await consumer.deliver(...trial.sender.events.splice(0));
    await consumer.answerAll();
  };
  const post = async (path: string, key: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(trial.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
      body: JSON.stringify(body),
    });
    // biome-ignore lint/suspicious/noExplicitAny: the test says what it expects of it
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
  };
  const show = async (id: string) => {
    const text = await (await fetch(`${trial.url}/api/orders/${id}`)).text();
    assert.doesNotMatch(text, /tok_/);
    const view = JSON.parse(text);
    assert.deepEqual(Compile(OrderView).Errors(view), []);
    return view;
  };
  const carrierSays = (...events: ReturnType<typeof scanFact>[]) =>
    postSigned(`${trial.url}/hooks/carrier`, JSON.stringify({ events }), { secret: SECRETS.carrier });
  return { ...consumer, ...trial, settle, post, show, carrierSays };
}

const order = { ...ORDER, items: [{ sku: 'A', quantity: 2 }], payment: CARD };

test('the whole life of an order, as its customer sees it', async (t) => {
  const shop = await startShop(t);
  const { body } = await shop.post('/api/orders', 'k', order);
  const id: string = body.order_id;
  assert.equal((await fetch(`${shop.url}/api/orders/${id}`)).status, 202);
  await shop.settle();

  const shipped = await shop.show(id);
  assert.deepEqual([shipped.status, shipped.actions.return.allowed], ['shipped', false]);
  assert.deepEqual(
    [shipped.payments[0].status, shipped.payments[0].captured_minor, shipped.payments[0].method],
    ['captured', body.total_minor, 'card'],
  );
  const [parcel] = shipped.parcels;
  assert.deepEqual([parcel.status, parcel.lines], ['picked_up', [{ line: 1, quantity: 2 }]]);
  assert.deepEqual(
    parcel.scans.map(({ status }: { status: string }) => status),
    ['picked_up'],
  );
  const refused = await shop.post(`/api/orders/${id}/cancel`, 'c', { customer: 'c-1' });
  assert.deepEqual([refused.status, refused.body.code, refused.body.possible], [409, 'invalid_transition', []]);

  const { carrier, tracking_no } = parcel;
  await shop.carrierSays(scanFact({ data: { order_id: id, carrier, tracking_no, at: new Date().toISOString() } }));
  await shop.settle();
  const delivered = await shop.show(id);
  assert.equal(delivered.status, 'delivered');
  assert.equal(delivered.parcels[0].scans.at(-1).place, 'Reno');
  assert.deepEqual(delivered.actions.return.lines, [{ line: 1, quantity: 2 }]);
  const templates = delivered.notifications.map(({ template }: { template: string }) => template);
  for (const template of ['order_received', 'order_confirmed', 'order_shipped', 'order_delivered'])
    assert.ok(templates.includes(template));
  assert.ok(delivered.documents.some(({ kind }: { kind: string }) => kind === 'invoice'));

  const wish = { customer: 'c-1', reason: 'damaged', lines: [{ line: 1, quantity: 1 }] };
  const announced = await shop.post(`/api/orders/${id}/returns`, 'r', wish);
  assert.equal(announced.status, 202);
  await shop.settle();
  const returning = await shop.show(id);
  assert.deepEqual(
    [returning.returns[0].return_id, returning.returns[0].status],
    [announced.body.return_id, 'approved'],
  );
  const again = await shop.post(`/api/orders/${id}/returns`, 'r2', { ...wish, lines: [{ line: 1, quantity: 2 }] });
  assert.deepEqual([again.status, again.body.code], [422, 'quantity_exceeded']);

  await shop.carrierSays({
    ...scanFact({ type: 'oms.return.received.v1', id: announced.body.return_id }),
    data: {
      ...{ order_id: id, return_id: announced.body.return_id, at: '2026-03-09T12:00:00Z' },
      lines: [{ line: 1, quantity: 1, resalable: true }],
    },
  });
  await shop.settle();
  const returned = await shop.show(id);
  assert.deepEqual([returned.returns[0].status, returned.items[0].returned], ['refunded', 1]);
  assert.deepEqual([returned.refunds[0].status, returned.refunds[0].amount_minor], ['refunded', 1_080]);
  assert.equal(returned.payments[0].refunded_minor, 1_080);
});

test('one click pays with the card that the customer keeps, and the same click is one order', async (t) => {
  const shop = await startShop(t);
  const { payment: _kept, ...click } = order;
  const nothing = await shop.post('/api/orders:one-click', 'k', click);
  assert.deepEqual([nothing.status, nothing.body.code], [409, 'no_stored_token']);
  await shop.post('/api/orders', 'first', order);
  await shop.settle();

  const clicked = await shop.post('/api/orders:one-click', 'k', click);
  assert.equal(clicked.status, 202);
  assert.deepEqual(shop.sender.events[0]!.data.payment, CARD);
  assert.equal((await shop.post('/api/orders:one-click', 'k', click)).headers.get('idempotent-replayed'), 'true');
  await shop.settle();
  assert.equal((await shop.show(clicked.body.order_id)).status, 'shipped');
  const stranger = await shop.post('/api/orders:one-click', 'k', { ...click, customer: 'c-2' });
  assert.equal(stranger.body.code, 'no_stored_token');
  const chosen = await shop.post('/api/orders:one-click', 'k2', order);
  assert.equal(chosen.body.code, 'validation_failed');
});

test('a request sent again to another instance, after its order has changed, is answered as before', async (t) => {
  const shop = await startShop(t);
  const { body } = await shop.post('/api/orders', 'k', order);
  await shop.deliver(...shop.sender.events.splice(0));
  const path = `/api/orders/${body.order_id}/cancel`;
  const first = await shop.post(path, 'c', { customer: 'c-1' });
  await shop.settle();
  assert.equal((await shop.show(body.order_id)).status, 'cancelled');
  const other = await startTrial(t, { orders: databaseOrders(shop.pool) });
  const again = await fetch(other.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'c' },
    body: JSON.stringify({ customer: 'c-1' }),
  });
  assert.deepEqual([again.status, await again.json()], [202, first.body]);
  assert.equal(other.sender.events.length, 0);
});

test('the staff lists the newest orders, or those of one status', async (t) => {
  const shop = await startShop(t);
  const ids: string[] = [];
  for (const key of ['a', 'b', 'c']) ids.unshift((await shop.post('/api/orders', key, order)).body.order_id);
  await shop.settle();
  await shop.post('/api/orders', 'd', order);
  await shop.deliver(...shop.sender.events.splice(0));
  const list = async (query: string) => {
    const headers = { authorization: `Bearer ${SECRETS.admin}` };
    const answer = await fetch(`${shop.url}/api/admin/orders${query}`, { headers });
    return ((await answer.json()) as { items: { order_id: string; customer: string }[] }).items;
  };
  assert.deepEqual(
    (await list('?status=shipped')).map(({ order_id }) => order_id),
    ids,
  );
  assert.equal((await list('')).length, 4);
  assert.equal((await list('?limit=1'))[0]!.customer, 'c-1');
  assert.deepEqual(await list('?status=completed'), []);
  assert.equal((await list('?status=reserved')).length, 1);
});
