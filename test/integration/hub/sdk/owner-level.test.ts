import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earliestEventPosition } from '@azure/event-hubs';
import { startTestHub } from '../../../helpers/hub.ts';
import { collect, consumer, HUB, producer } from '../../../helpers/hub-sdk.ts';
import { until } from '../../../helpers/until.ts';

test('a reader with a higher owner level takes a partition over', async (t) => {
  const hub = await startTestHub(t);
  const client = producer(t, hub);
  const first = collect(t, consumer(t, hub), earliestEventPosition, '0', { ownerLevel: 1 });
  await client.sendBatch([{ body: 1 }], { partitionId: '0' });
  await until('events received', () => first.events.length === 1);
  const second = collect(t, consumer(t, hub), earliestEventPosition, '0', { ownerLevel: 2 });
  await until('reader told', () => second.events.length === 1 && first.errors.length > 0);
  assert.equal((first.errors[0] as { code?: string }).code, 'ReceiverDisconnectedError');
  const late = collect(t, consumer(t, hub), earliestEventPosition, '0', { ownerLevel: 1 });
  await until('reader told', () => late.errors.length > 0);
  assert.equal((late.errors[0] as { code?: string }).code, 'ReceiverDisconnectedError');
  await client.sendBatch([{ body: 2 }], { partitionId: '0' });
  await until('events received', () => second.events.length === 2);
  assert.deepEqual([first.events.length, late.events.length], [1, 0]);
});

test('a sixth reader without an owner level is too many in a consumer group; another group takes it', async (t) => {
  const hub = await startTestHub(t, { hubs: [{ name: HUB, partitions: 1, consumerGroups: ['other'] }] });
  await producer(t, hub).sendBatch([{ body: 1 }]);
  const five = Array.from({ length: 5 }, () => collect(t, consumer(t, hub), earliestEventPosition, '0'));
  await until('five readers', () => five.every(({ events }) => events.length === 1));
  const sixth = collect(t, consumer(t, hub), earliestEventPosition, '0');
  await until('reader told', () => sixth.errors.length > 0);
  assert.equal((sixth.errors[0] as { code?: string }).code, 'QuotaExceededError');
  const other = collect(t, consumer(t, hub, { group: 'other' }), earliestEventPosition, '0');
  await until('events received', () => other.events.length === 1);
});
