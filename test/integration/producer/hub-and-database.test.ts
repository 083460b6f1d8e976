import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import { startConsumer } from '../../../apps/consumer/app.ts';
import { startProducer } from '../../../apps/producer/app.ts';
import { connect } from '../../../lib/database/connect.ts';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { postSigned, scanFact } from '../../helpers/facts.ts';
import { startTestHub } from '../../helpers/hub.ts';
import { seedProducts } from '../../helpers/orders.ts';
import { ORDER, SECRETS } from '../../helpers/producer.ts';
import { until } from '../../helpers/until.ts';

const logger = createLogger('test', 'silent');
const HUBS = [
  { name: 'orders', partitions: 4, consumerGroups: ['oms-core'] },
  { name: 'order-events', partitions: 4 },
];

async function startStack(t: TestContext) {
  const [hub, database] = await Promise.all([startTestHub(t, { hubs: HUBS }), startTestDatabase(t)]);
  await seedProducts(database.url, 1_000);
  const namespace = { connectionString: hub.connectionString };
  const http = { host: '127.0.0.1', port: 0 };
  const options = { namespace, ordersHub: 'orders', databaseUrl: database.appUrl, http };
  const producer = await startProducer({ ...options, secrets: SECRETS }, logger);
  t.after(() => producer.stop());
  const url = `http://127.0.0.1:${producer.port}`;
  await until('the producer is ready', async () => (await fetch(`${url}/readyz`)).ok);
  const post = (key: string, order: unknown = ORDER) =>
    fetch(`${url}/api/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(order),
    });
  const consume = async () => {
    const groups = {
      orderEventsHub: 'order-events',
      deadLetterHub: 'orders-dlq',
      carriers: ['swiftpost'],
      consumerGroup: 'oms-core',
    };
    const consumer = await startConsumer({ ...options, ...groups }, logger);
    t.after(() => consumer.stop());
  };
  return { hub, database, url, post, consume };
}

/** Every event of the hub, read over its own protocol until `count` have come. */
async function readEvents(connectionString: string, count: number) {
  const client = new EventHubConsumerClient('$default', connectionString, 'orders');
  const events: { body: { data: { order_id: string; note?: string } }; properties: Record<string, string> }[] = [];
  const subscription = client.subscribe(
    {
      processEvents: async (received) => {
        for (const { body, properties } of received) events.push({ body, properties: properties ?? {} });
      },
      processError: async () => {},
    },
    { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 0.05 },
  );
  await until(`${count} events`, () => events.length >= count);
  await subscription.close();
  await client.close();
  return events;
}

test('what is answered with 202 is in the hub, byte for byte and with its trace', async (t) => {
  const { hub, post } = await startStack(t);
  const note = '\u{1f600} \u202eabc\u202c a\u200bb \u{20bb7}';
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_none, index) => post(`k-${index}`, { ...ORDER, note })),
  );
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
  const receipts = (await Promise.all(answers.map((answer) => answer.json()))) as { order_id: string }[];
  const events = await readEvents(hub.connectionString, 20);
  assert.deepEqual(
    events.map(({ body }) => body.data.order_id).sort(),
    receipts.map(({ order_id }) => order_id).sort(),
  );
  for (const { body, properties } of events) {
    assert.equal(body.data.note, note);
    assert.match(properties.traceparent!, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    assert.equal(properties['Diagnostic-Id'], properties.traceparent);
  }
});

test('without the hub an order gets 503 in time and never 202; its retry after the restart is accepted', async (t) => {
  const { hub, url, post } = await startStack(t);
  await post('before');
  await hub.stop();
  const refused = await post('while-away');
  const { detail } = (await refused.json()) as { detail: string };
  assert.deepEqual([refused.status, detail], [503, 'the hub did not acknowledge within 2000 ms']);
  assert.equal((await fetch(`${url}/readyz`)).status, 503);
  await hub.restart();
  const restarted = performance.now();
  await until('the retry is accepted', async () => (await post('while-away')).status === 202);
  assert.ok(performance.now() - restarted < 3_000);
  const events = await readEvents(hub.connectionString, 2);
  assert.equal(new Set(events.map(({ body }) => body.data.order_id)).size, 2);
  assert.equal((await fetch(`${url}/readyz`)).status, 200);
});

test('a webhook is answered when the hub has every fact, and refused while the hub is away', async (t) => {
  const { hub, url } = await startStack(t);
  const ids = Array.from(
    { length: 500 },
    (_none, index) => `00000000-0000-8000-8000-${String(index).padStart(12, '0')}`,
  );
  const body = JSON.stringify({ events: ids.map((id) => scanFact({ id, data: { order_id: id } })) });
  const post = (at: number) => postSigned(`${url}/hooks/carrier`, body, { secret: SECRETS.carrier, at });
  const now = Date.now();
  assert.deepEqual(await (await post(now)).json(), { received: 500 });
  const events = await readEvents(hub.connectionString, 500);
  assert.deepEqual(events.map(({ body }) => body.data.order_id).sort(), ids);
  await hub.stop();
  const refused = await post(now - 1_000);
  assert.equal(refused.status, 503);
  await hub.restart();
  await until('the same bytes are taken', async () => (await post(now - 1_000)).status === 200);
});

test('an order can be read from the moment it was accepted, first as accepted and then as it is stored', async (t) => {
  const { url, post, consume } = await startStack(t);
  const note = "' OR 1=1 -- \u{1f600}";
  const answer = await post('k', { ...ORDER, items: [{ sku: 'A', quantity: 2 }], note });
  const { order_id, status_url } = (await answer.json()) as { order_id: string; status_url: string };
  const early = await fetch(url + status_url);
  assert.equal(early.status, 202);
  assert.deepEqual(await early.json(), { order_id, status: 'accepted' });
  const unknown = await fetch(`${url}/api/orders/00000000-0000-8000-8000-000000000000`);
  assert.equal(unknown.status, 404);

  await consume();
  const stored = await until('the order is stored', async () => {
    const response = await fetch(url + status_url);
    return response.status === 200 && (await response.json());
  });
  const { items, history, ...order } = stored as { items: unknown[]; history: { to: string }[] } & Record<
    string,
    unknown
  >;
  assert.equal(order.status, 'reserved');
  assert.equal(order.reporting_status, 'pending_payment');
  assert.equal(order.version, 2);
  assert.equal(order.total_minor, 2 * 1_000 + 160 + 499);
  assert.equal(order.note, note);
  assert.equal('order_seq' in order, false);
  assert.deepEqual(items, [
    {
      ...{ line: 1, sku: 'A', name: 'Product A', quantity: 2, unit_minor: 1_000, discount_minor: 0, tax_minor: 160 },
      ...{ shipped: 0, lost: 0, returned: 0 },
    },
  ]);
  assert.deepEqual(
    history.map(({ to }) => to),
    ['received', 'reserved'],
  );
});

test('a product that is added after the start can be ordered at once', async (t) => {
  const { database, post } = await startStack(t);
  const connection = await connect(database.url);
  await connection.query(
    `INSERT INTO products (sku, name, category, price_minor, cost_minor, currency, created_at)
     VALUES ('NEW', 'New', 'Toys', 1000, 600, 'USD', UTC_TIMESTAMP(6))`,
  );
  await connection.end();
  await until('the product is known', async () => {
    const answer = await post('new', { ...ORDER, items: [{ sku: 'NEW', quantity: 1 }] });
    return answer.status === 202;
  });
});
