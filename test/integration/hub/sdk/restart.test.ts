import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InMemoryCheckpointStore } from '../../../helpers/checkpoint-store.ts';
import { startTestHub } from '../../../helpers/hub.ts';
import { bodies, collect, consumer, producer, quick } from '../../../helpers/hub-sdk.ts';
import { until } from '../../../helpers/until.ts';

test('after a restart of the hub producers and consumers go on, with the same events in the same places', async (t) => {
  const hub = await startTestHub(t);
  const client = producer(t, hub);
  await client.sendBatch([{ body: 'before' }], { partitionId: '0' });
  const { createdOn } = await client.getEventHubProperties();
  const store = new InMemoryCheckpointStore();
  const seen = collect(t, consumer(t, hub, { store, loadBalancingOptions: quick }));
  await until('events received', () => seen.events.length === 1);
  await hub.restart();
  await client.sendBatch([{ body: 'after' }], { partitionId: '0' });
  await until('events received', () => bodies(seen).includes('after'));
  assert.deepEqual((await client.getEventHubProperties()).createdOn, createdOn);
  assert.equal(seen.events.find(({ body }) => body === 'after')!.sequenceNumber, 1);
});
