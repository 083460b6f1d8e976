import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import { connect } from '../../../lib/database/connect.ts';
import { placedEvent } from '../../helpers/orders.ts';
import { type Pipeline, startPipeline } from '../../helpers/pipeline.ts';
import { until } from '../../helpers/until.ts';

/** Everything that comes to a hub from its first event on. */
function readHub(t: TestContext, pipeline: Pipeline, hub: string): ReceivedEventData[] {
  const seen: ReceivedEventData[] = [];
  const client = new EventHubConsumerClient('$default', pipeline.hub.connectionString, hub);
  const subscription = client.subscribe(
    {
      processEvents: async (events) => {
        seen.push(...events);
      },
      processError: async () => {},
    },
    { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 0.05 },
  );
  t.after(async () => {
    await subscription.close();
    await client.close();
  });
  return seen;
}

suite('what the consumer publishes beside the steps', () => {
  test('dead letters go to their own hub, with the reason and where they came from', async (t) => {
    const pipeline = await startPipeline(t, { partitions: 1 });
    await pipeline.startConsumer();
    const letters = readHub(t, pipeline, 'orders-dlq');
    const good = placedEvent({ key: 'k1' });
    await pipeline.send([{ ...good, data: { ...good.data, lines: [] } }]);
    const [letter] = await until('published', () => (letters.length > 0 ? letters : undefined));
    const { reason, origin, order_id, event_type, event_id } = letter!.properties ?? {};
    assert.deepEqual(
      { reason, origin, order_id, event_type, event_id },
      {
        reason: 'schema',
        origin: 'orders/0/0',
        order_id: good.data.order_id,
        event_type: good.type,
        event_id: good.id,
      },
    );
    assert.equal(letter!.body.id, good.id);
    await until(
      'noted',
      async () => (await pipeline.count('SELECT COUNT(*) FROM dead_letters WHERE published_at IS NOT NULL')) === 1,
    );
  });

  test('a product that falls to its reorder point is told once, and again after it was above it', async (t) => {
    const pipeline = await startPipeline(t, { partitions: 1, onHand: 10 });
    const admin = await connect(pipeline.database.url);
    t.after(() => admin.end());
    await admin.query('UPDATE stock SET reorder_point = 8 WHERE product_id = 1');
    await pipeline.startConsumer();
    const published = readHub(t, pipeline, 'order-events');
    const alerts = () => published.filter(({ body }) => body.type === 'oms.stock.low.v1');
    const order = (key: string, quantity: number) => placedEvent({ key, items: [{ sku: 'A', quantity }] });
    await pipeline.send([order('k1', 1)]);
    await pipeline.send([order('k2', 1)]);
    await until('told', () => alerts().length === 1);
    await pipeline.send([order('k3', 1)]);
    const { sku, warehouse, available, reorder_point } = alerts()[0]!.body.data;
    assert.deepEqual(
      { sku, warehouse, available, reorder_point },
      { sku: 'A', warehouse: 'East', available: 8, reorder_point: 8 },
    );

    const raised = () => pipeline.count('SELECT COUNT(*) FROM stock_alerts');
    assert.equal(await raised(), 1);
    await admin.query('UPDATE stock SET on_hand = 20 WHERE product_id = 1');
    await pipeline.send([order('k4', 1)]);
    await until('cleared', async () => (await raised()) === 0);
    await pipeline.send([order('k5', 9)]);
    await until('told again', () => alerts().length === 2);
  });
});
