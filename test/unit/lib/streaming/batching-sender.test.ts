import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventData } from '@azure/event-hubs';
import fc from 'fast-check';
import {
  type BatchClient,
  BatchingSender,
  type BatchOutcome,
  type SenderOptions,
} from '../../../../lib/streaming/batching-sender.ts';
import { partitionOf } from '../../../../lib/streaming/partition-key.ts';
import { BusyError, SendFailedError } from '../../../../lib/streaming/send-errors.ts';

const PARTITIONS = 4;

interface SentBatch {
  partitionId: string;
  bodies: string[];
  contentTypes: Set<string | undefined>;
  properties: (Record<string, unknown> | undefined)[];
  acknowledge(): void;
  fail(error: Error): void;
}

type Answer = (batch: SentBatch) => void;

/** A hub in memory: `answer` decides what becomes of each batch (nothing at all, if it likes). */
class FakeHub implements BatchClient {
  readonly batches: SentBatch[] = [];
  closed = false;
  reachable = true;
  answer: Answer;

  constructor(answer: Answer = (batch) => batch.acknowledge()) {
    this.answer = answer;
  }

  async getPartitionIds(): Promise<string[]> {
    if (!this.reachable) throw new Error('connection refused');
    return Array.from({ length: PARTITIONS }, (_, index) => String(index));
  }

  sendBatch(events: EventData[], options: { partitionId: string; abortSignal: AbortSignal }): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    options.abortSignal.addEventListener('abort', () => reject(new Error('aborted')));
    const batch: SentBatch = {
      partitionId: options.partitionId,
      bodies: events.map((event) => String(event.body)),
      contentTypes: new Set(events.map((event) => event.contentType)),
      properties: events.map((event) => event.properties),
      acknowledge: resolve,
      fail: reject,
    };
    this.batches.push(batch);
    this.answer(batch);
    return promise;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  bodiesOf(partition: number): string[] {
    return this.batches.filter((batch) => batch.partitionId === String(partition)).flatMap((batch) => batch.bodies);
  }
}

async function openSender(hub: FakeHub, options: Partial<SenderOptions> = {}) {
  const sender = new BatchingSender(hub, { lingerMs: 1, ...options });
  await sender.ready();
  return sender;
}

const event = (key: string, body = key) => ({ partitionKey: key, body: Buffer.from(body) });
const keysOf = (partition: number, count: number): string[] => {
  const all = Array.from({ length: count * PARTITIONS * 8 }, (_, index) => `key-${index}`);
  return all.filter((key) => partitionOf(key, PARTITIONS) === partition).slice(0, count);
};
const silence: Answer = () => {};

test('events of a partition arrive in the order of their sending, each in the partition of its key', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 60 }), async (keys) => {
      const hub = new FakeHub();
      const sender = await openSender(hub, { maxBatchEvents: 7, maxBatchBytes: 40 });
      await Promise.all(keys.map((key, index) => sender.send(event(key, `${index}`))));
      for (let partition = 0; partition < PARTITIONS; partition += 1) {
        const expected = keys.flatMap((key, index) =>
          partitionOf(key, PARTITIONS) === partition ? [String(index)] : [],
        );
        assert.deepEqual(hub.bodiesOf(partition), expected);
      }
      await sender.close();
    }),
    { numRuns: 40, seed: 2 },
  );
});

test('events that arrive together travel as one batch, as CloudEvents with their properties', async () => {
  const hub = new FakeHub();
  const sender = await openSender(hub);
  const keys = keysOf(2, 5);
  await Promise.all(keys.map((key) => sender.send({ ...event(key), properties: { traceparent: key } })));
  assert.equal(hub.batches.length, 1);
  assert.deepEqual(hub.batches[0]!.bodies, keys);
  assert.deepEqual([...hub.batches[0]!.contentTypes], ['application/cloudevents+json']);
  assert.deepEqual(
    hub.batches[0]!.properties.map((properties) => properties?.traceparent),
    keys,
  );
  await sender.close();
});

test('a batch is cut at its limits of events and of bytes', async () => {
  const hub = new FakeHub();
  const sender = await openSender(hub, { maxBatchEvents: 3, maxBatchBytes: 50 });
  const [key] = keysOf(0, 1);
  const bodies = ['a', 'b', 'c', 'd', 'x'.repeat(40), 'y'.repeat(40)];
  await Promise.all(bodies.map((body) => sender.send(event(key!, body))));
  assert.deepEqual(
    hub.batches.map((batch) => batch.bodies),
    [bodies.slice(0, 3), bodies.slice(3, 5), bodies.slice(5)],
  );
  await assert.rejects(sender.send(event(key!, 'z'.repeat(51))), SendFailedError);
  await sender.close();
});

test('an event counts as sent when the hub has acknowledged it, not before', async () => {
  const hub = new FakeHub(silence);
  const sender = await openSender(hub);
  let done = false;
  const sent = sender.send(event('order')).then(() => {
    done = true;
  });
  await until(() => hub.batches.length === 1);
  assert.equal(done, false);
  assert.equal(sender.pending, 1);
  hub.batches[0]!.acknowledge();
  await sent;
  assert.equal(sender.pending, 0);
  await sender.close();
});

test('a hub that does not answer fails the event at its deadline, and other partitions go on', async () => {
  const stuck = keysOf(1, 1)[0]!;
  const hub = new FakeHub((batch) => batch.partitionId !== '1' && batch.acknowledge());
  const outcomes: BatchOutcome[] = [];
  const sender = await openSender(hub, { deadlineMs: 60, onBatch: (outcome) => outcomes.push(outcome) });
  const failed = assert.rejects(sender.send(event(stuck)), /did not acknowledge within 60 ms/);
  await sender.send(event(keysOf(3, 1)[0]!));
  await failed;
  assert.equal(sender.pending, 0);
  assert.deepEqual(
    outcomes.map((outcome) => [outcome.events, Boolean(outcome.error)]),
    [
      [1, false],
      [1, true],
    ],
  );
  await sender.close();
});

test('batches that never come back hold up their partition no longer than their deadline', async () => {
  let answering = false;
  const hub = new FakeHub((batch) => answering && batch.acknowledge());
  const sender = await openSender(hub, { deadlineMs: 80, maxBatchEvents: 1 });
  const [key] = keysOf(0, 1);
  const lost = Array.from({ length: 30 }, () => assert.rejects(sender.send(event(key!)), SendFailedError));
  await Promise.all(lost);
  answering = true;
  await sender.send(event(key!, 'after'));
  assert.equal(hub.bodiesOf(0).at(-1), 'after');
  await sender.close();
});

test('a failed attempt is repeated within the deadline', async () => {
  const hub = new FakeHub();
  hub.answer = (batch) => (hub.batches.length < 3 ? batch.fail(new Error('connection lost')) : batch.acknowledge());
  const sender = await openSender(hub);
  await sender.send(event('order'));
  assert.equal(hub.batches.length, 3);
  await sender.close();
});

test('an event that the hub refuses for good fails at once', async () => {
  const refusal = Object.assign(new Error('too large'), { code: 'MessageTooLargeError' });
  const hub = new FakeHub((batch) => batch.fail(refusal));
  const sender = await openSender(hub);
  await assert.rejects(sender.send(event('order')), (error: Error) => {
    assert.ok(error instanceof SendFailedError);
    assert.equal(error.cause, refusal);
    return true;
  });
  assert.equal(hub.batches.length, 1);
  await sender.close();
});

test('over the limit of pending events, the next one is refused at once', async () => {
  const hub = new FakeHub(silence);
  const sender = await openSender(hub, { maxPending: 2 });
  const waiting = [sender.send(event('a')), sender.send(event('b'))];
  await assert.rejects(sender.send(event('c')), BusyError);
  hub.answer = (batch) => batch.acknowledge();
  await until(() => hub.batches.flatMap((batch) => batch.bodies).length === 2);
  for (const batch of hub.batches) batch.acknowledge();
  await Promise.all(waiting);
  await sender.send(event('c'));
  await sender.close();
});

test('a hub that comes up later is found; until then sending fails', async () => {
  const hub = new FakeHub();
  hub.reachable = false;
  const sender = new BatchingSender(hub);
  await assert.rejects(sender.send(event('early')), /has not been reached yet/);
  await assert.rejects(sender.check(100), /connection refused/);
  hub.reachable = true;
  await sender.ready();
  await sender.send(event('late'));
  await sender.check(100);
  await sender.close();
});

test('closing sends what was gathered and closes the client', async () => {
  const hub = new FakeHub();
  const sender = await openSender(hub, { lingerMs: 60_000 });
  const sent = sender.send(event('last'));
  await sender.close();
  await sent;
  assert.equal(hub.closed, true);
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, 'the condition never came true');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
