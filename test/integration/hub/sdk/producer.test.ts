import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AmqpAnnotatedMessage } from '@azure/core-amqp';
import { type EventData, earliestEventPosition } from '@azure/event-hubs';
import { startTestHub } from '../../../helpers/hub.ts';
import { collect, consumer, producer } from '../../../helpers/hub-sdk.ts';
import { until } from '../../../helpers/until.ts';

test('events go to the partition that is named, by key, or in turn, and come back', async (t) => {
  const hub = await startTestHub(t);
  const client = producer(t, hub);
  await client.sendBatch([{ body: 'a' }, { body: 'b' }], { partitionId: '2' });
  for (let i = 0; i < 3; i++) await client.sendBatch([{ body: `key ${i}` }], { partitionKey: 'customer-7' });
  for (let i = 0; i < 8; i++) await client.sendBatch([{ body: `turn ${i}` }]);
  const seen = collect(t, consumer(t, hub));
  await until('events received', () => seen.events.length === 13);
  const at = (prefix: string) => seen.events.filter(({ body }) => String(body).startsWith(prefix));
  assert.deepEqual(
    seen.events
      .filter(({ partitionId }) => partitionId === '2')
      .map(({ body }) => body)
      .slice(0, 2),
    ['a', 'b'],
  );
  assert.equal(new Set(at('key').map(({ partitionId }) => partitionId)).size, 1);
  assert.deepEqual(
    at('key').map(({ partitionKey }) => partitionKey),
    ['customer-7', 'customer-7', 'customer-7'],
  );
  assert.deepEqual(new Set(at('turn').map(({ partitionId }) => partitionId)), new Set(['0', '1', '2', '3']));
});

test('an event keeps its body, properties and annotations with their types', async (t) => {
  const hub = await startTestHub(t);
  const events: Array<EventData | AmqpAnnotatedMessage> = [
    {
      body: { nested: [1, 'two', null] },
      contentType: 'application/json',
      correlationId: 42,
      messageId: 'id-1',
      properties: { text: 'ü', number: 7, flag: true, at: new Date(1_700_000_000_000) },
    },
    { body: Buffer.from([0, 1, 2]), bodyType: 'data', messageAnnotations: { 'x-opt-mine': 'kept' } },
    { body: ['sequence', 1], bodyType: 'sequence' },
    { body: 'value', bodyType: 'value', header: { priority: 9 } },
  ];
  await producer(t, hub).sendBatch(events as EventData[], { partitionId: '0' });
  const seen = collect(t, consumer(t, hub), earliestEventPosition, '0');
  await until('events received', () => seen.events.length === 4);
  const [first, second, third, fourth] = seen.events;
  assert.deepEqual(first!.body, { nested: [1, 'two', null] });
  assert.deepEqual([first!.contentType, first!.correlationId, first!.messageId], ['application/json', 42, 'id-1']);
  assert.deepEqual(first!.properties, { text: 'ü', number: 7, flag: true, at: 1_700_000_000_000 });
  assert.equal(second!.getRawAmqpMessage().messageAnnotations?.['x-opt-mine'], 'kept');
  assert.deepEqual(third!.getRawAmqpMessage().bodyType, 'sequence');
  assert.equal(fourth!.getRawAmqpMessage().header?.priority, 9);
});

test('an event that was received can be sent on; it gets a place of its own', async (t) => {
  const hub = await startTestHub(t);
  const client = producer(t, hub);
  await client.sendBatch([{ body: 'skip' }, { body: 'original' }], { partitionId: '0' });
  const seen = collect(t, consumer(t, hub), earliestEventPosition, '0');
  await until('events received', () => seen.events.length === 2);
  await client.sendBatch([seen.events[1]!], { partitionId: '1' });
  const again = collect(t, consumer(t, hub), earliestEventPosition, '1');
  await until('events received', () => again.events.length === 1);
  assert.deepEqual([again.events[0]!.body, again.events[0]!.sequenceNumber], ['original', 0]);
});

test('createBatch keeps to the limit and the whole batch arrives', async (t) => {
  const hub = await startTestHub(t);
  const client = producer(t, hub);
  const batch = await client.createBatch({ partitionId: '1' });
  assert.equal(batch.maxSizeInBytes, 1_048_576);
  while (batch.tryAdd({ body: 'x'.repeat(50_000) }));
  await client.sendBatch(batch);
  assert.equal((await client.getPartitionProperties('1')).lastEnqueuedSequenceNumber, batch.count - 1);
});

test('a batch above the limit is refused as too large, the producer goes on', async (t) => {
  const hub = await startTestHub(t);
  const client = producer(t, hub);
  const events = Array.from({ length: 30 }, () => ({ body: 'x'.repeat(40_000) }));
  await assert.rejects(client.sendBatch(events), { code: 'MessageTooLargeError' });
  await client.sendBatch([{ body: 'small' }]);
});
