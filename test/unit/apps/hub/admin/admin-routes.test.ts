import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { Attach, Detach, Disposition } from '../../../../../apps/hub/amqp/performatives.ts';
import type { HubStatus } from '../../../../../apps/hub/hub-status.ts';
import { AmqpClient, errorOf } from '../../../../helpers/amqp-client.ts';
import { startTestHub, type TestHub } from '../../../../helpers/hub.ts';
import { textMessage } from '../../../../helpers/hub-log.ts';

const KEY = { authorization: `Basic ${Buffer.from('oms:test-key').toString('base64')}` };

interface Call {
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

async function call(hub: TestHub, { method, path, body, headers = KEY }: Call) {
  const response = await fetch(`http://127.0.0.1:${hub.httpPort}${path}`, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

const put = (hub: TestHub, path: string, body?: unknown) => call(hub, { method: 'PUT', path, body });
const remove = (hub: TestHub, path: string) => call(hub, { method: 'DELETE', path });
const names = async (hub: TestHub) =>
  ((await call(hub, { method: 'GET', path: '/hubs' })).body as HubStatus[]).map(({ name }) => name);

/** The same data on other ports: a client that keeps connections would try a closed one. */
async function startedAgain(t: TestContext, hub: TestHub): Promise<TestHub> {
  await hub.stop();
  return startTestHub(t, { dataDir: hub.dataDir });
}

/** A hub that lets every AMQP client in. */
const openHub = (t: TestContext) => startTestHub(t, { accessKey: null });

test('the health page of the official emulator', async (t) => {
  const { status, body } = await call(await startTestHub(t), { method: 'GET', path: '/health' });
  assert.equal(status, 200);
  assert.deepEqual(body, { status: 'healthy', message: 'Service is healthy.' });
});

test('a hub made while it runs takes events at once, and is there after a restart', async (t) => {
  const hub = await openHub(t);
  const { status, body } = await put(hub, '/hubs/Returns', {
    partitions: 2,
    consumerGroups: ['desk'],
    retention: { seconds: 86_400 },
  });
  assert.equal(status, 201);
  assert.deepEqual(body.retention, { seconds: 86_400 });
  assert.deepEqual([body.name, body.partitions.length, body.consumerGroups], ['Returns', 2, ['$default', 'desk']]);
  const client = await AmqpClient.ready(t, hub.port);
  client.attachSender('returns/Partitions/1', 0);
  client.transfer(0, textMessage('a'));
  assert.ok(await client.next(Disposition));
  const again = await startedAgain(t, hub);
  assert.deepEqual(await names(again), ['orders', 'Returns']);
  const { body: after } = await call(again, { method: 'GET', path: '/hubs/RETURNS' });
  assert.equal(after.partitions[1].lastSequence, 0);
  assert.equal(after.createdAt, body.createdAt);
});

test('made again it stays as it is; with other partitions it is refused', async (t) => {
  const hub = await startTestHub(t);
  const again = await put(hub, '/hubs/orders', { partitions: 4, consumerGroups: ['late'] });
  assert.equal(again.status, 200);
  assert.deepEqual(again.body.consumerGroups, ['$default', 'late']);
  const other = await put(hub, '/hubs/orders', { partitions: 8 });
  assert.equal(other.status, 409);
  assert.match(other.body.message, /has 4 partitions but 8 are asked for/);
});

test('a hub that is removed: its links end with the reason, its events are gone', async (t) => {
  const hub = await openHub(t);
  const client = await AmqpClient.ready(t, hub.port);
  client.attachSender('orders/Partitions/0', 0);
  client.attachReceiver('orders/ConsumerGroups/$default/Partitions/0', 1);
  client.transfer(0, textMessage('a'));
  await client.next(Disposition);
  assert.equal((await remove(hub, '/hubs/ORDERS')).status, 204);
  for (const _link of [0, 1]) {
    const [condition, description] = errorOf((await client.next(Detach)).fields[2]!) as string[];
    assert.equal(condition, 'amqp:not-found');
    assert.match(description!, /The messaging entity 'orders' could not be found/);
  }
  assert.equal((await remove(hub, '/hubs/orders')).status, 404);
  await put(hub, '/hubs/orders', { partitions: 1 });
  const { body } = await call(hub, { method: 'GET', path: '/hubs/orders' });
  assert.equal(body.partitions[0].lastSequence, -1);
});

test('a consumer group comes and goes with its readers; other groups are not disturbed', async (t) => {
  const hub = await openHub(t);
  assert.equal((await put(hub, '/hubs/orders/groups/desk')).status, 200);
  const client = await AmqpClient.ready(t, hub.port);
  client.attachReceiver('orders/ConsumerGroups/desk/Partitions/0', 0);
  client.attachReceiver('orders/ConsumerGroups/$default/Partitions/0', 1);
  await client.next(Attach);
  await client.next(Attach);
  assert.equal((await remove(hub, '/hubs/orders/groups/DESK')).status, 204);
  assert.equal((await client.next(Detach)).fields[0], 0);
  const { body } = await call(hub, { method: 'GET', path: '/hubs/orders' });
  assert.deepEqual(
    body.partitions[0].links.map(({ group }: { group: string }) => group),
    ['$default'],
  );
  assert.equal((await remove(hub, '/hubs/orders/groups/desk')).status, 404);
  assert.equal((await remove(hub, '/hubs/orders/groups/$Default')).status, 409);
  assert.equal((await put(hub, '/hubs/nope/groups/desk')).status, 404);
});

test('what is sent at once is done one after the other', async (t) => {
  const hub = await startTestHub(t);
  const results = await Promise.all([
    put(hub, '/hubs/x', { partitions: 2 }),
    remove(hub, '/hubs/x'),
    put(hub, '/hubs/x', { partitions: 3 }),
  ]);
  const { body } = await call(hub, { method: 'GET', path: '/hubs/x' });
  // On three connections they may arrive in any order: 2, gone, 3 are the numbers of partitions.
  const orders = {
    '2, gone, 3': [201, 204, 201, 3],
    '2, 3, gone': [201, 204, 409, undefined],
    'gone, 2, 3': [201, 404, 409, 2],
    'gone, 3, 2': [409, 404, 201, 3],
    '3, gone, 2': [201, 204, 201, 2],
    '3, 2, gone': [409, 204, 201, undefined],
  };
  const outcome = [...results.map(({ status }) => status), body.partitions?.length];
  assert.ok(
    Object.values(orders).some((one) => isDeepStrictEqual(one, outcome)),
    `${outcome}`,
  );
});

test('changes need the key and come from no browser; looking needs nothing', async (t) => {
  const hub = await startTestHub(t);
  const change = { method: 'PUT', path: '/hubs/x', body: { partitions: 1 } };
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  for (const headers of [{}, basic('oms:wrong'), basic('other:test-key'), basic('oms'), { authorization: 'Basic !' }]) {
    assert.equal((await call(hub, { ...change, headers })).status, 401);
  }
  assert.equal((await call(hub, { ...change, headers: { ...KEY, origin: 'http://evil.test' } })).status, 403);
  assert.equal((await call(hub, { method: 'DELETE', path: '/hubs/orders', headers: {} })).status, 401);
  assert.equal((await call(hub, { method: 'PUT', path: '/faults', body: { rules: [] }, headers: {} })).status, 401);
  assert.deepEqual(await names(hub), ['orders']);
});

const wrong: Array<[string, unknown]> = [
  ['/hubs/x', {}],
  ['/hubs/x', { partitions: 0 }],
  ['/hubs/x', { partitions: 1, colour: 'red' }],
  ['/hubs/..%2Fx', { partitions: 1 }],
  ['/hubs/x/groups/a%2Fb', undefined],
  ['/faults', { rules: [{ fault: 'fire', rate: 1 }] }],
  ['/faults', { rules: [{ fault: 'drop', rate: 2 }] }],
];

for (const [path, body] of wrong) {
  test(`PUT ${path} with ${JSON.stringify(body) ?? 'nothing'} is refused`, async (t) => {
    assert.equal((await put(await startTestHub(t), path, body)).status, 400);
  });
}

test('fault switches are set, shown and taken back', async (t) => {
  const hub = await startTestHub(t, { faults: { rules: [{ fault: 'drop', rate: 0.5 }] } });
  const path = '/faults';
  assert.deepEqual((await call(hub, { method: 'GET', path })).body, { seed: 1, rules: [{ fault: 'drop', rate: 0.5 }] });
  const rules = [{ fault: 'delay', rate: 0.25, delayMs: 20 }];
  assert.deepEqual((await put(hub, path, { seed: 9, rules })).body, { seed: 9, rules });
  assert.equal((await remove(hub, path)).status, 204);
  assert.deepEqual((await call(hub, { method: 'GET', path })).body, { seed: 1, rules: [] });
});

test('settings that cannot be followed are refused and change nothing', async (t) => {
  const hub = await startTestHub(t);
  const capture = { storage: 'nonsense', container: 'archive' };
  assert.equal((await put(hub, '/hubs/x', { partitions: 1, capture })).status, 400);
  assert.equal((await put(hub, '/hubs/orders', { partitions: 4, capture })).status, 400);
  assert.deepEqual(await names(await startedAgain(t, hub)), ['orders']);
});
