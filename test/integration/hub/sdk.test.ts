import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { AmqpAnnotatedMessage } from '@azure/core-amqp';
import {
  type CheckpointStore,
  type EventData,
  EventHubBufferedProducerClient,
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  latestEventPosition,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs';
import { InMemoryCheckpointStore } from '../../helpers/checkpoint-store.ts';
import { connectionString, startTestHub, type TestHub } from '../../helpers/hub.ts';
import { until } from '../../helpers/until.ts';

const HUB = 'orders';
const retryOptions = { maxRetries: 2, retryDelayInMs: 50, timeoutInMs: 3000 };

function producer(t: TestContext, hub: TestHub, name = HUB): EventHubProducerClient {
  const client = new EventHubProducerClient(hub.connectionString, name, { retryOptions });
  t.after(() => client.close());
  return client;
}

interface ConsumerOptions {
  group?: string;
  store?: CheckpointStore;
  loadBalancingOptions?: {
    strategy: 'greedy';
    updateIntervalInMs: number;
    partitionOwnershipExpirationIntervalInMs: number;
  };
}

function consumer(t: TestContext, hub: TestHub, options: ConsumerOptions = {}): EventHubConsumerClient {
  const { group = '$default', store, ...more } = options;
  const settings = { retryOptions, ...more };
  const client =
    store === undefined
      ? new EventHubConsumerClient(group, hub.connectionString, HUB, settings)
      : new EventHubConsumerClient(group, hub.connectionString, HUB, store, settings);
  t.after(() => client.close());
  return client;
}

interface Collected {
  events: Array<ReceivedEventData & { partitionId: string }>;
  errors: Error[];
  close(): Promise<void>;
}

/** Subscribes and keeps everything; without a partition it reads all of them. */
function collect(
  t: TestContext,
  client: EventHubConsumerClient,
  startPosition: EventPosition = earliestEventPosition,
  partitionId?: string,
  options: SubscribeOptions = {},
): Collected {
  const collected: Omit<Collected, 'close'> = { events: [], errors: [] };
  const handlers = {
    processEvents: async (events: ReceivedEventData[], context: { partitionId: string }) => {
      collected.events.push(...events.map((event) => ({ ...event, partitionId: context.partitionId })));
    },
    processError: async (error: Error) => {
      collected.errors.push(error);
    },
  };
  const settings = { startPosition, maxBatchSize: 100, maxWaitTimeInSeconds: 1, ...options };
  const subscription =
    partitionId === undefined
      ? client.subscribe(handlers, settings)
      : client.subscribe(partitionId, handlers, settings);
  t.after(() => subscription.close());
  return Object.assign(collected, { close: () => subscription.close() });
}

const bodies = ({ events }: Collected) => events.map(({ body }) => body as unknown);

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

test('the buffered producer puts keys where the direct one puts them', async (t) => {
  const hub = await startTestHub(t);
  const failures: unknown[] = [];
  const buffered = new EventHubBufferedProducerClient(hub.connectionString, HUB, {
    maxWaitTimeInMs: 20,
    onSendEventsErrorHandler: async ({ error }) => {
      failures.push(error);
    },
  });
  const keys = Array.from({ length: 20 }, (_, i) => `customer-${i}`);
  for (const key of keys) await buffered.enqueueEvent({ body: key }, { partitionKey: key });
  await buffered.close({ flush: true });
  const client = producer(t, hub);
  for (const key of keys) await client.sendBatch([{ body: key }], { partitionKey: key });
  const seen = collect(t, consumer(t, hub));
  await until('events received', () => seen.events.length === 40);
  const places = Map.groupBy(seen.events, ({ body }) => body as string);
  for (const [key, events] of places) assert.equal(new Set(events.map(({ partitionId }) => partitionId)).size, 1, key);
  assert.deepEqual(failures, []);
});

test('reading starts where it is asked to', async (t) => {
  const hub = await startTestHub(t);
  const client = producer(t, hub);
  for (let i = 0; i < 5; i++) await client.sendBatch([{ body: i }], { partitionId: '0' });
  const all = collect(t, consumer(t, hub), earliestEventPosition, '0');
  await until('events received', () => all.events.length === 5);
  const { offset, sequenceNumber } = all.events[2]!;
  const positions: Array<[EventPosition, number[]]> = [
    [{ offset }, [3, 4]],
    [{ offset, isInclusive: true }, [2, 3, 4]],
    [{ sequenceNumber }, [3, 4]],
    [{ sequenceNumber, isInclusive: true }, [2, 3, 4]],
    [{ enqueuedOn: 0 }, [0, 1, 2, 3, 4]],
    [
      { enqueuedOn: all.events[1]!.enqueuedTimeUtc.getTime() - 1 },
      all.events
        .filter((event) => event.enqueuedTimeUtc >= all.events[1]!.enqueuedTimeUtc)
        .map(({ body }) => body as number),
    ],
    [{ offset: all.events[4]!.offset }, []],
    [latestEventPosition, []],
  ];
  await all.close();
  for (const [position, expected] of positions) {
    const seen = collect(t, consumer(t, hub), position, '0');
    // An event sent once the reader is there marks the end of what it should see.
    await until('readers counted', async () => (await readers(hub)) === 1);
    await client.sendBatch([{ body: 'end' }], { partitionId: '0' });
    await until('events received', () => bodies(seen).includes('end'));
    assert.deepEqual(
      bodies(seen).filter((body) => body !== 'end'),
      expected,
      JSON.stringify(position),
    );
    await seen.close();
    await until('readers counted', async () => (await readers(hub)) === 0);
  }
});

async function readers(hub: TestHub): Promise<number> {
  const hubs = (await (await fetch(`http://127.0.0.1:${hub.httpPort}/hubs`)).json()) as [
    { partitions: Array<{ readers: number }> },
  ];
  return hubs[0].partitions.reduce((sum, partition) => sum + partition.readers, 0);
}

test('a position beyond the end is an argument error that names the last offset', async (t) => {
  const hub = await startTestHub(t);
  const seen = collect(t, consumer(t, hub), { offset: '123456789' }, '0');
  await until('reader told', () => seen.errors.length > 0);
  assert.equal((seen.errors[0] as { code?: string }).code, 'ArgumentError');
  assert.match(
    seen.errors[0]!.message,
    /The supplied offset '123456789' is invalid. The last offset in the system is '-1'/,
  );
});

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
  const partition = await client.getPartitionProperties('1');
  assert.deepEqual(
    [partition.beginningSequenceNumber, partition.lastEnqueuedSequenceNumber, partition.isEmpty],
    [0, 1, false],
  );
  assert.ok(Math.abs(partition.lastEnqueuedOnUtc.getTime() - before) < 5000);
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

const codeOf = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

test('a wrong key, an unknown hub and an unknown partition have the names the SDK gives them', async (t) => {
  const hub = await startTestHub(t);
  const none = { retryOptions: { maxRetries: 0, timeoutInMs: 3000 } };
  const clientOf = (text: string, name = HUB) => {
    const client = new EventHubProducerClient(text, name, none);
    t.after(() => client.close());
    return client;
  };
  const wrongKey = clientOf(connectionString(hub.port, { name: 'oms', key: 'wrong' }));
  await assert.rejects(wrongKey.sendBatch([{ body: 1 }]), codeOf('UnauthorizedError'));
  await assert.rejects(wrongKey.getEventHubProperties(), codeOf('UnauthorizedError'));
  const wrongName = clientOf(connectionString(hub.port, { name: 'other', key: 'test-key' }));
  await assert.rejects(wrongName.sendBatch([{ body: 1 }]), codeOf('UnauthorizedError'));
  await assert.rejects(
    clientOf(hub.connectionString, 'nope').sendBatch([{ body: 1 }]),
    codeOf('MessagingEntityNotFoundError'),
  );
  await assert.rejects(
    clientOf(hub.connectionString, 'nope').getEventHubProperties(),
    codeOf('MessagingEntityNotFoundError'),
  );
  await assert.rejects(
    clientOf(hub.connectionString).sendBatch([{ body: 1 }], { partitionId: '99' }),
    codeOf('ArgumentOutOfRangeError'),
  );
});

const signature = (port: number, key: string, expires: number): string => {
  const resource = encodeURIComponent(`sb://localhost:${port}/${HUB}`);
  const sig = encodeURIComponent(createHmac('sha256', key).update(`${resource}\n${expires}`).digest('base64'));
  return `SharedAccessSignature sr=${resource}&sig=${sig}&se=${expires}&skn=oms`;
};

test('a ready-made signature does as well as a key, as long as it is not expired', async (t) => {
  const hub = await startTestHub(t);
  const clientOf = (token: string) => {
    const text = `Endpoint=sb://localhost:${hub.port};SharedAccessSignature=${token};EntityPath=${HUB};UseDevelopmentEmulator=true`;
    const client = new EventHubProducerClient(text, { retryOptions: { maxRetries: 0, timeoutInMs: 3000 } });
    t.after(() => client.close());
    return client;
  };
  const now = Math.floor(Date.now() / 1000);
  await clientOf(signature(hub.port, 'test-key', now + 600)).sendBatch([{ body: 1 }]);
  await assert.rejects(
    clientOf(signature(hub.port, 'test-key', now - 1)).sendBatch([{ body: 1 }]),
    codeOf('UnauthorizedError'),
  );
});

const quick = { strategy: 'greedy', updateIntervalInMs: 200, partitionOwnershipExpirationIntervalInMs: 2000 } as const;

test('two consumers share the partitions; when one leaves, the other takes all; nothing is missed', async (t) => {
  const hub = await startTestHub(t);
  const store = new InMemoryCheckpointStore();
  const client = producer(t, hub);
  const seen = new Map<unknown, number>();
  const owned: Array<Set<string>> = [new Set(), new Set()];
  const join = (who: 0 | 1) =>
    consumer(t, hub, { store, loadBalancingOptions: quick }).subscribe(
      {
        processInitialize: async ({ partitionId }) => {
          owned[who]!.add(partitionId);
        },
        processClose: async (_reason, { partitionId }) => {
          owned[who]!.delete(partitionId);
        },
        processEvents: async (events, context) => {
          for (const { body } of events) seen.set(body, (seen.get(body) ?? 0) + 1);
          if (events.length > 0) await context.updateCheckpoint(events.at(-1)!);
        },
        processError: async () => {},
      },
      { startPosition: earliestEventPosition, maxBatchSize: 10, maxWaitTimeInSeconds: 1 },
    );
  const first = join(0);
  t.after(() => first.close());
  await until('partitions shared', () => owned[0]!.size === 4);
  const second = join(1);
  t.after(() => second.close());
  await until('partitions shared', () => owned[0]!.size === 2 && owned[1]!.size === 2);
  for (let i = 0; i < 40; i++) await client.sendBatch([{ body: i }], { partitionId: String(i % 4) });
  await until('events received', () => seen.size === 40);
  await second.close();
  await until('partitions shared', () => owned[0]!.size === 4);
  for (let i = 40; i < 60; i++) await client.sendBatch([{ body: i }], { partitionId: String(i % 4) });
  await until('events received', () => seen.size === 60);
});

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
