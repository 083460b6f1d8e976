import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import type { OrderStatusChangedEvent } from '../../../lib/domain/order-events.ts';
import { placedEvent } from '../../helpers/orders.ts';
import { startPipeline } from '../../helpers/pipeline.ts';
import { until } from '../../helpers/until.ts';

const orders = (count: number, prefix = 'k') =>
  Array.from({ length: count }, (_, n) => placedEvent({ key: `${prefix}${n}`, customer: `c-${n % 50}` }));

suite('consumer', () => {
  test('10,000 orders sent before its first start are all stored, once', async (t) => {
    const pipeline = await startPipeline(t);
    await pipeline.send(orders(10_000));
    await pipeline.startConsumer();
    await until('all stored', async () => (await pipeline.count('SELECT COUNT(*) FROM orders')) === 10_000, 60_000);
    assert.equal(await pipeline.count('SELECT COUNT(DISTINCT order_id) FROM orders'), 10_000);
    assert.equal(await pipeline.count('SELECT SUM(reserved) FROM stock'), 10_000);
    assert.equal(await pipeline.count('SELECT COUNT(*) FROM dead_letters'), 0);
  });

  test('every step is published once it is committed, in order, and the outbox runs empty', async (t) => {
    const pipeline = await startPipeline(t);
    await pipeline.startConsumer();
    await pipeline.send(orders(100));
    await until('all stored', async () => (await pipeline.count('SELECT COUNT(*) FROM orders')) === 100);
    await until('outbox empty', async () => (await pipeline.count('SELECT COUNT(*) FROM outbox')) === 0);

    const seen = new Map<string, OrderStatusChangedEvent[]>();
    const client = new EventHubConsumerClient('$default', pipeline.hub.connectionString, 'order-events');
    const subscription = client.subscribe(
      {
        processEvents: async (events) => {
          for (const { body } of events) {
            seen.set(body.data.order_id, [...(seen.get(body.data.order_id) ?? []), body]);
          }
        },
        processError: async () => {},
      },
      { startPosition: earliestEventPosition, maxBatchSize: 200 },
    );
    t.after(async () => {
      await subscription.close();
      await client.close();
    });
    await until('all published', () => [...seen.values()].flat().length >= 200);
    for (const steps of seen.values()) {
      assert.deepEqual(
        steps.map(({ data }) => [data.version, data.from, data.to]),
        [
          [1, null, 'received'],
          [2, 'received', 'reserved'],
        ],
      );
    }
  });

  test('events that the hub dropped before they were read hold nothing up, and are counted', async (t) => {
    const pipeline = await startPipeline(t, { partitions: 1, segmentBytes: 1 });
    const { hub } = pipeline;
    const stored = () => pipeline.count('SELECT COUNT(*) FROM orders');
    const first = await pipeline.startConsumer();
    await pipeline.send(orders(1, 'before'));
    await until('the first is stored', async () => (await stored()) === 1);
    await first.stop();
    for (let n = 0; n < 4; n++) await pipeline.send(orders(1, `gone${n}-`));
    await hub.stop();
    const files = readdirSync(hub.dataDir, { recursive: true, encoding: 'utf8' });
    const segments = files.filter((path) => /(^|\/)orders\/.*\.log$/.test(path)).sort();
    for (const path of segments.slice(0, 3)) rmSync(join(hub.dataDir, path));
    await hub.restart();
    const second = await pipeline.startConsumer();
    await until('what is left is stored', async () => (await stored()) === 3);
    const metrics = await (await fetch(`http://127.0.0.1:${second.httpPort}/metrics`)).text();
    assert.match(metrics, /^oms_sequence_gap_rereads_total\S* 1$/m);
    assert.match(metrics, /^oms_sequence_gap_total\S* 2$/m);
  });

  test('a second consumer takes its share, and everything when the first stops', async (t) => {
    const pipeline = await startPipeline(t);
    const first = await pipeline.startConsumer();
    await until('first owns all', () => first.owned().length === 4);
    const second = await pipeline.startConsumer();
    await until('shared', () => first.owned().length === 2 && second.owned().length === 2, 20_000);
    await pipeline.send(orders(500, 'a'));
    await first.stop();
    await pipeline.send(orders(500, 'b'));
    await until('second owns all', () => second.owned().length === 4, 20_000);
    await until('all stored', async () => (await pipeline.count('SELECT COUNT(*) FROM orders')) === 1_000);
    assert.equal(await pipeline.count('SELECT SUM(reserved) FROM stock'), 1_000);
  });

  test('goes on by itself after the hub was away', async (t) => {
    const pipeline = await startPipeline(t);
    await pipeline.startConsumer();
    await pipeline.send(orders(50, 'a'));
    await until('stored', async () => (await pipeline.count('SELECT COUNT(*) FROM orders')) === 50);
    await pipeline.hub.restart();
    await until(
      'sent',
      () =>
        pipeline.send(orders(50, 'b')).then(
          () => true,
          () => false,
        ),
      20_000,
    );
    await until('stored again', async () => (await pipeline.count('SELECT COUNT(*) FROM orders')) === 100, 20_000);
    assert.equal(await pipeline.count('SELECT SUM(reserved) FROM stock'), 100);
  });

  test('goes on by itself after the database was away, and says so meanwhile', async (t) => {
    const pipeline = await startPipeline(t);
    const consumer = await pipeline.startConsumer();
    const readiness = async () => (await fetch(`http://127.0.0.1:${consumer.httpPort}/readyz`)).status;
    await until('ready', async () => (await readiness()) === 200);
    await pipeline.database.kill9();
    await pipeline.send(orders(100));
    await until('not ready', async () => (await readiness()) === 503);
    await pipeline.database.restart();
    await until('stored', async () => (await pipeline.count('SELECT COUNT(*) FROM orders')) === 100, 20_000);
    await until('ready', async () => (await readiness()) === 200);
  });
});
