import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earliestEventPosition } from '@azure/event-hubs';
import { startTestHub } from '../../../helpers/hub.ts';
import { consumer, HUB, producer } from '../../../helpers/hub-sdk.ts';

test('a hub and its partitions describe themselves', async (t) => {
  const hub = await startTestHub(t, {
    hubs: [
      { name: HUB, partitions: 3 },
      { name: 'other', partitions: 1 },
    ],
  });
  const client = producer(t, hub);
  const properties = await client.getEventHubProperties();
  assert.deepEqual([properties.name, properties.partitionIds], [HUB, ['0', '1', '2']]);
  assert.equal((await client.getPartitionProperties('1')).isEmpty, true);
  const before = Date.now();
  await client.sendBatch([{ body: 1 }, { body: 2 }], { partitionId: '1' });
  const after = Date.now();
  const partition = await client.getPartitionProperties('1');
  assert.deepEqual(
    [partition.beginningSequenceNumber, partition.lastEnqueuedSequenceNumber, partition.isEmpty],
    [0, 1, false],
  );
  const enqueuedAt = partition.lastEnqueuedOnUtc.getTime();
  assert.ok(enqueuedAt >= before && enqueuedAt <= after);
  await assert.rejects(client.getPartitionProperties('9'), { code: 'ArgumentOutOfRangeError' });
  assert.deepEqual(await producer(t, hub, 'OTHER').getPartitionIds(), ['0']);
});

test('last enqueued event properties come with the events', async (t) => {
  const hub = await startTestHub(t);
  await producer(t, hub).sendBatch([{ body: 1 }, { body: 2 }], { partitionId: '0' });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const subscription = consumer(t, hub).subscribe(
    '0',
    {
      processEvents: async (events, context) => {
        if (events.length > 0) resolve(context.lastEnqueuedEventProperties);
      },
      processError: async () => {},
    },
    { startPosition: earliestEventPosition, trackLastEnqueuedEventProperties: true },
  );
  t.after(() => subscription.close());
  const { sequenceNumber, offset, enqueuedOn } = (await promise) as {
    sequenceNumber: number;
    offset: string;
    enqueuedOn: Date;
  };
  assert.equal(sequenceNumber, 1);
  assert.equal(typeof offset, 'string');
  assert.ok(enqueuedOn instanceof Date);
});
