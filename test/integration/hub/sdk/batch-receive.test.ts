import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earliestEventPosition } from '@azure/event-hubs';
import { startTestHub } from '../../../helpers/hub.ts';
import { collect, consumer, HUB, producer } from '../../../helpers/hub-sdk.ts';
import { until } from '../../../helpers/until.ts';

test('a backlog larger than what is kept in memory is read to its end', async (t) => {
  const hub = await startTestHub(t, { hubs: [{ name: HUB, partitions: 1 }], tailBytes: 1, segmentBytes: 1 << 20 });
  const client = producer(t, hub);
  const count = 4000;
  for (let i = 0; i < count; i += 200) {
    await client.sendBatch(Array.from({ length: 200 }, (_, n) => ({ body: { n: i + n, filler: 'x'.repeat(1000) } })));
  }
  const seen = collect(t, consumer(t, hub), earliestEventPosition, '0', { maxBatchSize: 500 });
  await until('events received', () => seen.events.length === count);
  assert.ok(seen.events.every(({ body }, i) => (body as { n: number }).n === i));
});

test('batches are no larger than asked for, and come empty when there is nothing', async (t) => {
  const hub = await startTestHub(t);
  const sizes: number[] = [];
  const subscription = consumer(t, hub).subscribe(
    '0',
    {
      processEvents: async (events) => {
        sizes.push(events.length);
      },
      processError: async () => {},
    },
    { startPosition: earliestEventPosition, maxBatchSize: 7, maxWaitTimeInSeconds: 0.2 },
  );
  t.after(() => subscription.close());
  await until('an empty batch', () => sizes.includes(0));
  await producer(t, hub).sendBatch(
    Array.from({ length: 20 }, (_, body) => ({ body })),
    { partitionId: '0' },
  );
  const received = () => sizes.reduce((sum, size) => sum + size, 0);
  await until('events received', () => received() === 20);
  assert.ok(Math.max(...sizes) <= 7);
});
