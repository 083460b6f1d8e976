import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deliveredOrder, orderState } from '../../helpers/order-state.ts';
import { type ProducerTrial, SECRETS, startTrial } from '../../helpers/producer.ts';

const REVIEWED = '00000000-0000-8000-8000-000000000001';
const DELIVERED = '00000000-0000-8000-8000-000000000002';
const RETURN = '00000000-0000-8000-8000-000000000003';

const STORED = new Map(
  [
    orderState(REVIEWED, { status: 'review' }),
    deliveredOrder(DELIVERED, {
      returns: [
        {
          ...{ returnNo: 1, returnId: RETURN, reason: 'damaged', state: 'requested' },
          ...{ refundMinor: 0, requestedAt: 0, dueAt: null },
          lines: [{ line: 1, quantity: 1, received: 0, resalable: false }],
        },
      ],
    }),
  ].map((order) => [order.orderId, order]),
);

const orders = { state: async (id: string) => STORED.get(id), wasHandled: async () => false };

function post({ url }: ProducerTrial, path: string, body?: object, headers: Record<string, string> = {}) {
  return fetch(`${url}/api/admin${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${SECRETS.admin}`,
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

test('without the token nothing opens, and nothing is read or sent', async (t) => {
  const trial = await startTrial(t, { orders });
  for (const authorization of ['', SECRETS.admin, `Bearer ${SECRETS.admin} `.slice(0, -2), `Basic ${SECRETS.admin}`]) {
    const answer = await post(trial, `/orders/${REVIEWED}/review/approve`, {}, { authorization });
    assert.deepEqual([answer.status, answer.headers.get('www-authenticate')], [401, 'Bearer'], authorization);
    assert.equal((await fetch(`${trial.url}/api/admin/orders`, { headers: { authorization } })).status, 401);
  }
  assert.equal(trial.sender.events.length, 0);
});

test('a decision needs neither body nor key, and is taken once', async (t) => {
  const trial = await startTrial(t, { orders });
  for (const path of [`/orders/${REVIEWED}/review/approve`, `/returns/${DELIVERED}/${RETURN}/approve`]) {
    const before = trial.sender.events.length;
    const [first, again] = [await post(trial, path), await post(trial, path)];
    assert.deepEqual([first.status, again.status, again.headers.get('idempotent-replayed')], [202, 202, 'true'], path);
    assert.equal(trial.sender.events.length, before + 1);
  }
  assert.deepEqual(
    trial.sender.events.map(({ type, source }) => [type, source]),
    [
      ['oms.review.approved.v1', '/admin/staff'],
      ['oms.return.approved.v1', '/admin/staff'],
    ],
  );
  await post(trial, `/orders/${REVIEWED}/cancel`, { by: 'ann' });
  assert.equal(trial.sender.events.at(-1)!.source, '/admin/ann');
});

test('money back needs a key, since twice is twice as much', async (t) => {
  const trial = await startTrial(t, { orders });
  const path = `/orders/${DELIVERED}/refund`;
  const refund = { amount_minor: 100, reason: 'goodwill' };
  assert.deepEqual(await codeOf(await post(trial, path, refund)), [400, 'idempotency_key_required']);
  assert.equal((await post(trial, path, refund, { 'idempotency-key': 'a' })).status, 202);
  assert.equal((await post(trial, path, refund, { 'idempotency-key': 'b' })).status, 202);
  assert.equal(new Set(trial.sender.events.map(({ id }) => id)).size, 2);
});

test('an order or a return that is not there, or is no id, is said to be so', async (t) => {
  const trial = await startTrial(t, { orders });
  assert.deepEqual(await codeOf(await post(trial, `/orders/${RETURN}/cancel`)), [404, 'not_found']);
  assert.deepEqual(await codeOf(await post(trial, `/returns/${DELIVERED}/${REVIEWED}/deny`)), [404, 'not_found']);
  assert.deepEqual(await codeOf(await post(trial, `/returns/${DELIVERED}/x/deny`)), [400, 'malformed_id']);
  assert.deepEqual(await codeOf(await post(trial, '/orders/x/cancel')), [400, 'malformed_id']);
  const cards = await post(trial, `/orders/${REVIEWED}/review/reject`, { note: '4111 1111 1111 1111' });
  assert.deepEqual(await codeOf(cards), [422, 'raw_card_forbidden']);
});

test('stock that came in or was counted becomes an event of its SKU, once for each key', async (t) => {
  const trial = await startTrial(t);
  const body = { sku: 'A', warehouse: 'East', quantity: 5 };
  const key = { 'idempotency-key': 'delivery-1' };
  assert.equal((await post(trial, '/stock/received', body, key)).status, 202);
  assert.equal((await post(trial, '/stock/received', body, key)).headers.get('idempotent-replayed'), 'true');
  const counted = { ...body, quantity: -1, reason: 'stocktake', by: 'ann' };
  assert.equal((await post(trial, '/stock/adjusted', counted, key)).status, 202);
  assert.deepEqual(
    trial.sender.events.map(({ type, partitionkey, subject, source }) => [type, partitionkey, subject, source]),
    [
      ['oms.stock.received.v1', 'A', 'stock/A', '/admin/staff'],
      ['oms.stock.adjusted.v1', 'A', 'stock/A', '/admin/ann'],
    ],
  );
  assert.deepEqual(await codeOf(await post(trial, '/stock/received', { ...body, quantity: 6 }, key)), [
    422,
    'idempotency_key_reused',
  ]);
  const unknown = { ...body, sku: 'NOPE' };
  assert.deepEqual(await codeOf(await post(trial, '/stock/received', unknown, { 'idempotency-key': 'b' })), [
    422,
    'unknown_sku',
  ]);
  assert.equal((await post(trial, '/stock/received', { ...body, quantity: 0 }, key)).status, 422);
});
