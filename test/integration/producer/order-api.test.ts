import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { orderIdFor } from '../../../lib/domain/ids.ts';
import { SendFailedError } from '../../../lib/streaming/send-errors.ts';
import { catalogueSource, ORDER, startTrial } from '../../helpers/producer.ts';
import { until } from '../../helpers/until.ts';

test('an accepted order says where it can be found, what it costs, and that it is accepted', async (t) => {
  const trial = await startTrial(t);
  const answer = await trial.post(ORDER, 'k-1');
  const order_id = orderIdFor('c-1', 'k-1');
  assert.equal(answer.status, 202);
  assert.equal(answer.headers.get('location'), `/api/orders/${order_id}`);
  assert.deepEqual(await answer.json(), {
    order_id,
    status_url: `/api/orders/${order_id}`,
    total_minor: 1_579,
    currency: 'USD',
  });
});

test('of a hundred equal requests at once one is accepted, the others are told to wait', async (t) => {
  const trial = await startTrial(t);
  const held = Promise.withResolvers<void>();
  trial.sender.hold = () => held.promise;
  const answers: Response[] = [];
  const requests = Array.from({ length: 100 }, async () => answers.push(await trial.post(ORDER, 'same')));
  await until('99 have their answer', () => answers.length === 99);
  for (const { status, headers } of answers) assert.deepEqual([status, headers.get('retry-after')], [409, '1']);
  held.resolve();
  await Promise.all(requests);
  const taken = answers.at(-1)!;
  assert.deepEqual([taken.status, taken.headers.get('idempotent-replayed')], [202, null]);
  assert.equal(trial.sender.events.length, 1);

  const again = await trial.post(ORDER, 'same');
  assert.equal(again.status, 202);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.deepEqual(await again.json(), await taken.json());
});

test('no acknowledgement, no 202: the order is refused for now, and accepted once on its retry', async (t) => {
  const trial = await startTrial(t);
  trial.sender.hold = () => Promise.reject(new SendFailedError('the hub did not acknowledge within 2000 ms'));
  const refused = await trial.post(ORDER, 'retry');
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '1');
  const problem = (await refused.json()) as { code: string; type: string };
  assert.equal(problem.code, 'hub_unavailable');
  trial.sender.hold = async () => {};
  const accepted = await trial.post(ORDER, 'retry');
  assert.equal(accepted.status, 202);
  assert.equal(accepted.headers.get('idempotent-replayed'), null);
  const meaning = (await (await fetch(trial.url + problem.type)).json()) as { code: string };
  assert.equal(meaning.code, 'hub_unavailable');
});

test('another body under the same key is refused', async (t) => {
  const trial = await startTrial(t);
  await trial.post(ORDER, 'k');
  const refused = await trial.post({ ...ORDER, note: 'other' }, 'k');
  assert.equal(refused.status, 422);
  assert.equal(((await refused.json()) as { code: string }).code, 'idempotency_key_reused');
});

test('until the catalogue is loaded the API is not ready and takes no order', async (t) => {
  const source = { ...catalogueSource(), coupons: () => Promise.reject(new Error('connection refused')) };
  const trial = await startTrial(t, { source });
  assert.equal((await trial.post(ORDER, 'early')).status, 503);
  assert.equal((await fetch(`${trial.url}/api/products`)).status, 503);
  const ready = await fetch(`${trial.url}/readyz`);
  assert.equal(ready.status, 503);
  assert.match(await ready.text(), /not loaded: connection refused/);
  assert.equal((await fetch(`${trial.url}/livez`)).status, 200);
});

test('without the database orders are taken, reading them is refused within 2 s, and readiness shows it', async (t) => {
  const trial = await startTrial(t);
  assert.equal((await trial.post(ORDER, 'k')).status, 202);
  const started = performance.now();
  const read = await fetch(`${trial.url}/api/orders/${orderIdFor('c-1', 'k')}`);
  assert.equal(read.status, 503);
  assert.equal(read.headers.get('retry-after'), '1');
  assert.ok(performance.now() - started < 2_000);
  const ready = await fetch(`${trial.url}/readyz`);
  assert.equal(ready.status, 200);
  assert.match(await ready.text(), /"database":\{"ok":true,"detail":"away: ECONNREFUSED"/);
  trial.sender.healthy = false;
  assert.equal((await fetch(`${trial.url}/readyz`)).status, 503);
});

test('products are listed, searched and shown one by one, without what only we should know', async (t) => {
  const shelf = { scarce: async () => new Map([['B', 3]]), bestsellers: async () => ['C'] };
  const trial = await startTrial(t, { shelf });
  const get = async (path: string) => (await fetch(trial.url + path)).json();
  const product = {
    ...{ sku: 'B', name: 'Product B', category: 'Toys', brand: 'Acme' },
    ...{ price_minor: 1_000, currency: 'USD', stock: 'few_left' },
  };
  await until('the stock is known', async () => ((await get('/api/products/B')) as typeof product).stock !== 'unknown');
  const alone = { items: [product], total: 1, offset: 0, next: null, previous: null };
  assert.deepEqual(await get('/api/products?q=product%20b'), alone);
  assert.equal(((await get('/api/products?limit=2')) as { items: unknown[] }).items.length, 2);
  assert.deepEqual(await get('/api/products/B'), product);
  assert.equal((await fetch(`${trial.url}/api/products/NOPE`)).status, 404);
  const skus = async (path: string) => ((await get(path)) as { items: { sku: string }[] }).items.map(({ sku }) => sku);
  assert.deepEqual(await skus('/api/products:selection?sku=C,NOPE,A'), ['C', 'A']);
  assert.deepEqual(await skus('/api/bestsellers?limit=2'), ['C', 'A']);
  assert.deepEqual(await skus('/api/products?limit=2&after=B'), ['C']);
  assert.deepEqual(await skus('/api/products?category=None'), []);
  assert.deepEqual(await get('/api/categories'), { items: [{ name: 'Toys', products: 3 }] });
  for (const bad of ['sort=best', 'after=a%20b', 'limit=0', 'colour=red']) {
    assert.equal((await fetch(`${trial.url}/api/products?${bad}`)).status, 422, bad);
  }
});

test('a thousand requests written at once on one connection are answered in their order', async (t) => {
  const trial = await startTrial(t);
  const request = (index: number) => `GET /api/products/${index === 999 ? 'B' : 'A'} HTTP/1.1\r\nHost: shop\r\n\r\n`;
  const socket = connect(trial.port, '127.0.0.1');
  t.after(() => socket.destroy());
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.write(Array.from({ length: 1_000 }, (_none, index) => request(index)).join(''));
  const skus = await until('a thousand answers', () => {
    const found = received.match(/"sku":"."/g) ?? [];
    return found.length === 1_000 ? found : undefined;
  });
  assert.equal(skus.indexOf('"sku":"B"'), 999);
});

test('a client that writes all of a body that is too large still reads why, and goes on with the connection', async (t) => {
  const trial = await startTrial(t);
  const socket = connect(trial.port, '127.0.0.1');
  t.after(() => socket.destroy());
  const head = 'Host: shop\r\nContent-Type: application/json\r\nIdempotency-Key: k-1\r\n';
  const body = Buffer.alloc(2_097_152, 'x');
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.write(`POST /api/orders HTTP/1.1\r\n${head}Content-Length: ${body.length}\r\n\r\n`);
    socket.write(body);
    socket.write('GET /api/products/A HTTP/1.1\r\nHost: shop\r\n\r\n', (error) => (error ? reject(error) : resolve()));
  });
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  const codes = await until('two answers', () => {
    const found = received.match(/HTTP\/1\.1 \d+/g) ?? [];
    return found.length === 2 ? found : undefined;
  });
  assert.deepEqual(codes, ['HTTP/1.1 413', 'HTTP/1.1 200']);
});

test('requests are counted by route, method, status, and orders by what became of them', async (t) => {
  const trial = await startTrial(t);
  await trial.post(ORDER, 'k');
  await trial.post(ORDER, 'k');
  await trial.post({ ...ORDER, currency: 'usd' }, 'k2');
  await fetch(`${trial.url}/api/orders/4111111111111111`);
  const metrics = await (await fetch(`${trial.url}/metrics`)).text();
  assert.match(metrics, /oms_orders_total\{outcome="accepted",service="producer"\} 1/);
  assert.match(metrics, /oms_orders_total\{outcome="duplicate",service="producer"\} 1/);
  assert.match(metrics, /oms_orders_total\{outcome="rejected",service="producer"\} 1/);
  assert.match(
    metrics,
    /http_server_request_duration_seconds_count\{service="producer",route="\/api\/orders",method="POST",status="202"\} 2/,
  );
  assert.doesNotMatch(metrics, /4111/);
});

test('what the dataschema of an event names is served; its data keeps it', async (t) => {
  const trial = await startTrial(t);
  await trial.post(ORDER, 'k');
  const [event] = trial.sender.events;
  const answer = await fetch(trial.url + event!.dataschema);
  assert.match(answer.headers.get('content-type')!, /^application\/schema\+json/);
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema((await (await fetch(`${trial.url}/schemas/cloud-event.json`)).json()) as object);
  const validate = ajv.compile((await answer.json()) as object);
  assert.equal(validate(event!.data), true);
  assert.equal((await fetch(`${trial.url}/schemas/nothing.json`)).status, 404);
});
