import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { PartitionKey } from '../../../apps/consumer/batch.ts';
import { consumerMetrics } from '../../../apps/consumer/consumer-metrics.ts';
import { GapWatch, SequenceGapError } from '../../../apps/consumer/gap-watch.ts';
import { FencedError, OrderStore } from '../../../apps/consumer/order-store.ts';
import { PartitionWorker } from '../../../apps/consumer/partition-worker.ts';
import { ProductCache } from '../../../apps/consumer/product-cache.ts';
import { openPool, type RowDataPacket } from '../../../lib/database/connect.ts';
import { canaryEvent } from '../../../lib/domain/canary-event.ts';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { createMetrics } from '../../../lib/runtime/metrics.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { delivery, placedEvent, seedProducts } from '../../helpers/orders.ts';
import { until } from '../../helpers/until.ts';

const key: PartitionKey = {
  namespace: 'localhost',
  hub: 'orders',
  consumerGroup: 'oms-core',
  partitionId: 0,
  hubCreatedAt: new Date('2026-01-01T00:00:00Z'),
};

async function startWorker(t: TestContext) {
  const database = await startTestDatabase(t);
  await seedProducts(database.url, 100);
  const pool = openPool(database.appUrl, { connectionLimit: 3, multipleStatements: true });
  const stopping = new AbortController();
  t.after(async () => {
    stopping.abort();
    await pool.end();
  });
  const store = new OrderStore(pool);
  const registry = createMetrics('consumer');
  const dependencies = {
    store,
    products: new ProductCache(pool),
    metrics: consumerMetrics(registry),
    logger: createLogger('consumer', 'silent'),
    gaps: new GapWatch(),
    signal: stopping.signal,
    onCommit: () => {},
  };
  /** As the SDK does it: who takes the partition over reads from where the database says. */
  const takeOver = async () => {
    const position = await store.takeOver(key);
    return { from: position.sequenceNumber + 1, worker: new PartitionWorker(key, position, dependencies) };
  };
  const { worker } = await takeOver();
  const rows = async (sql: string) => (await pool.query<RowDataPacket[]>(sql))[0].map((row) => ({ ...row }));
  const metric = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values ?? [];
  return { database, pool, store, worker, takeOver, rows, metric, stopping };
}

suite('partition worker', () => {
  test('what cannot be used becomes a dead letter with its reason, the rest is stored', async (t) => {
    const { worker, rows } = await startWorker(t);
    const good = placedEvent({ key: 'k1' });
    const events = [
      Buffer.from('{"specversion":'),
      { hello: 'world' },
      { ...good, type: 'oms.order.exploded.v1' },
      { ...good, type: 'oms.order.placed.v2' },
      { ...good, data: { ...good.data, lines: [] } },
      { ...good, time: '2026-99-01T00:00:00Z' },
      good,
    ];
    const deliveries = events.map((event, index) => delivery(event, index));
    await worker.process([...deliveries, { ...delivery('', 7), body: 'text' }]);
    assert.deepEqual(await rows('SELECT sequence_number AS n, reason FROM dead_letters ORDER BY 1'), [
      { n: 0, reason: 'json_syntax' },
      { n: 1, reason: 'envelope' },
      { n: 2, reason: 'unsupported_type' },
      { n: 3, reason: 'unsupported_version' },
      { n: 4, reason: 'schema' },
      { n: 5, reason: 'envelope' },
      { n: 7, reason: 'body_type' },
    ]);
    assert.deepEqual(await rows('SELECT idempotency_key AS k FROM orders'), [{ k: 'k1' }]);
  });

  test('a canary moves the position on and leaves nothing behind', async (t) => {
    const { worker, rows } = await startWorker(t);
    const canary = canaryEvent('0a1b2c3d-4e5f-4a6b-9c7d-0e1f2a3b4c5d', 'demo', new Date());
    await worker.process([delivery(placedEvent({ key: 'k1' }), 0), delivery(canary, 1)]);
    await worker.process([delivery(canary, 2)]);
    assert.equal(worker.lag, 0);
    assert.deepEqual(await rows('SELECT sequence_number AS n FROM consumer_checkpoints'), [{ n: 2 }]);
    assert.deepEqual(await rows('SELECT COUNT(*) AS n FROM orders'), [{ n: 1 }]);
    assert.deepEqual(await rows('SELECT reason FROM dead_letters UNION ALL SELECT reason FROM parked_events'), []);
  });

  test('card data is kept nowhere, and what it was taken out of cannot be sent again', async (t) => {
    const { worker, rows } = await startWorker(t);
    const card = '4111 1111 1111 1111';
    const { data, ...envelope } = placedEvent({ key: 'k1' });
    const events = [
      { ...envelope, data: { ...data, note: `charge ${card}` } },
      { ...envelope, type: card, id: card, data },
      Buffer.from(`${card} is no JSON`),
    ];
    await worker.process(events.map((event, index) => delivery(event, index)));
    const letters = await rows('SELECT * FROM dead_letters ORDER BY sequence_number');
    assert.deepEqual(
      letters.map(({ reason, detail }) => [reason, detail]),
      [
        ['card_data', '/data/note looks like card data'],
        ['envelope', '/id must match pattern "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"'],
        ['json_syntax', letters[2]!.detail],
      ],
    );
    for (const letter of letters) {
      const kept = JSON.stringify({ ...letter, body: letter.body.toString() });
      assert.doesNotMatch(kept, /1111/);
    }
    assert.deepEqual(await rows('SELECT idempotency_key FROM orders'), []);
    const { dead_letter_id: id, body } = letters[0]!;
    await worker.process([{ ...delivery(body, 3), properties: { 'oms-retry': String(id) } }]);
    assert.deepEqual(
      await rows(`SELECT reason, state, LEFT(detail, 22) AS why FROM dead_letters WHERE dead_letter_id = ${id}`),
      [{ reason: 'card_data', state: 'open', why: 'card data was taken ou' }],
    );
  });

  test('a batch larger than the server takes in one packet is stored in parts', async (t) => {
    const { worker, rows } = await startWorker(t);
    const body = Buffer.alloc(1_000_000, 'x');
    await worker.process(Array.from({ length: 40 }, (_none, number) => delivery(body, number)));
    const bodies = 'SELECT COUNT(*) AS n, SUM(LENGTH(body)) = 40000000 AS whole FROM dead_letters';
    assert.deepEqual(await rows(bodies), [{ n: 40, whole: 1 }]);
  });

  test('an event in AMQP binary mode is understood as well', async (t) => {
    const { worker, rows } = await startWorker(t);
    const { data, ...attributes } = placedEvent({ key: 'k1' });
    const properties = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`cloudEvents_${name}`, value]),
    );
    await worker.process([{ ...delivery(data, 0), properties }]);
    assert.deepEqual(await rows('SELECT idempotency_key AS k FROM orders'), [{ k: 'k1' }]);
  });

  test('events that were stored before are skipped', async (t) => {
    const { worker, rows, metric } = await startWorker(t);
    const deliveries = ['k0', 'k1', 'k2'].map((k, index) => delivery(placedEvent({ key: k }), index));
    await worker.process(deliveries.slice(0, 2));
    await worker.process(deliveries);
    assert.deepEqual(await rows('SELECT COUNT(*) AS n FROM orders'), [{ n: 3 }]);
    assert.equal((await metric('messaging_client_consumed_messages_total'))[0]?.value, 3);
  });

  test('events left out on their way are read again, and none is lost', async (t) => {
    const { takeOver, rows, metric } = await startWorker(t);
    const log = Array.from({ length: 10 }, (_none, n) => delivery(placedEvent({ key: `k${n}` }), n));
    for (const skipped of [4, 8, undefined]) {
      const { from, worker } = await takeOver();
      const came = log.slice(from).filter(({ sequenceNumber }) => sequenceNumber !== skipped);
      const reading = worker.process(came);
      if (skipped === undefined) await reading;
      else await assert.rejects(reading, SequenceGapError);
    }
    assert.deepEqual(await rows('SELECT COUNT(*) AS n FROM orders'), [{ n: 10 }]);
    assert.equal((await metric('oms_sequence_gap_rereads_total'))[0]?.value, 2);
    assert.equal((await metric('oms_sequence_gap_total'))[0]?.value ?? 0, 0);
  });

  test('events that are missing when read again are counted as a gap, and what follows is stored', async (t) => {
    const { takeOver, rows, metric } = await startWorker(t);
    const left = [5, 6, 9].map((n) => delivery(placedEvent({ key: `k${n}` }), n));
    let readings = 0;
    for (let done = false; !done; readings++) {
      const { from, worker } = await takeOver();
      done = await worker.process(left.filter(({ sequenceNumber }) => sequenceNumber >= from)).then(
        () => true,
        () => false,
      );
    }
    assert.equal(readings, 3);
    assert.equal((await metric('oms_sequence_gap_total'))[0]?.value, 5 + 2);
    assert.deepEqual(await rows('SELECT COUNT(*) AS n FROM orders'), [{ n: 3 }]);
  });

  test('one event that the tables refuse is singled out, its neighbours are stored', async (t) => {
    const { worker, rows } = await startWorker(t);
    // Passes every schema, and its sum is no safe integer any more.
    const items = Array.from({ length: 10 }, () => ({ sku: 'A', quantity: 999, price: 1_000_000_000_000 }));
    const sums = { subtotal_minor: 0, discount_minor: 0, tax_minor: 0, total_minor: 0 };
    const { data, ...rest } = placedEvent({ key: 'k2', items });
    const guilty = {
      ...rest,
      data: { ...data, ...sums, lines: data.lines.map((line) => ({ ...line, tax_minor: 0 })) },
    };
    const events = [placedEvent({ key: 'k0' }), placedEvent({ key: 'k1' }), guilty, placedEvent({ key: 'k3' })];
    await worker.process(events.map((event, index) => delivery(event, index)));
    assert.deepEqual(await rows('SELECT idempotency_key AS k FROM orders ORDER BY 1'), [
      { k: 'k0' },
      { k: 'k1' },
      { k: 'k3' },
    ]);
    assert.deepEqual(await rows('SELECT sequence_number AS n, reason FROM dead_letters'), [
      { n: 2, reason: 'handler_error' },
    ]);
  });

  test('while the database is away a batch waits, and is stored when it is back', async (t) => {
    const { worker, database, rows, metric } = await startWorker(t);
    await database.kill9();
    const done = worker.process([delivery(placedEvent({ key: 'k0' }), 0)]);
    await until('a second attempt', async () => ((await metric('oms_store_retries_total'))[0]?.value ?? 0) > 1);
    await database.restart();
    await done;
    assert.deepEqual(await rows('SELECT idempotency_key AS k FROM orders'), [{ k: 'k0' }]);
  });

  test('a stop ends the waiting for a database that is away', async (t) => {
    const { worker, database, rows, stopping } = await startWorker(t);
    await database.kill9();
    const done = worker.process([delivery(placedEvent({ key: 'k0' }), 0)]);
    stopping.abort();
    await done;
    await database.restart();
    assert.deepEqual(await rows('SELECT sequence_number FROM consumer_checkpoints'), [{ sequence_number: -1 }]);
  });

  test('a worker that lost its partition ends the pump, and writes nothing', async (t) => {
    const { worker, store, rows, metric } = await startWorker(t);
    await store.takeOver(key);
    await assert.rejects(worker.process([delivery(placedEvent({ key: 'k0' }), 0)]), FencedError);
    assert.deepEqual(await rows('SELECT COUNT(*) AS n FROM orders'), [{ n: 0 }]);
    assert.equal((await metric('oms_fenced_commits_total'))[0]?.value, 1);
  });

  test('a product that was added after the last look is found before the order is refused', async (t) => {
    const { worker, pool, rows } = await startWorker(t);
    await worker.process([delivery(placedEvent({ key: 'k0' }), 0)]);
    await pool.query("UPDATE products SET price_minor = 2000 WHERE sku = 'A'");
    await worker.process([delivery(placedEvent({ key: 'k1', items: [{ sku: 'A', quantity: 1, price: 2_000 }] }), 1)]);
    assert.deepEqual(await rows('SELECT DISTINCT status FROM orders'), [{ status: 'reserved' }]);
  });
});
