import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { EventData } from '@azure/event-hubs';
import fc from 'fast-check';
import { BatchingSender, type BatchOutcome, type SenderOptions } from '../../../../lib/streaming/batching-sender.ts';
import type { BatchClient } from '../../../../lib/streaming/hub-connection.ts';
import { partitionOf } from '../../../../lib/streaming/partition-key.ts';
import { BusyError, SendFailedError } from '../../../../lib/streaming/send-errors.ts';
import { until } from '../../../helpers/until.ts';

interface SentBatch {
  partitionId: string;
  bodies: string[];
  events: EventData[];
  /** Which of the clients opened so far it came over. */
  client: number;
  acknowledge(): void;
  fail(error: Error): void;
}

type Answer = (batch: SentBatch) => void;

/** A hub in memory: `answer` decides what becomes of each batch (nothing at all, if it likes). */
class FakeHub {
  readonly batches: SentBatch[] = [];
  answer: Answer;
  partitions = 4;
  opened = 0;
  closed = 0;
  reachable = true;

  constructor(answer: Answer = (batch) => batch.acknowledge()) {
    this.answer = answer;
  }

  readonly open = async (): Promise<BatchClient> => {
    this.opened += 1;
    const client = this.opened;
    return {
      getPartitionIds: async () => {
        if (!this.reachable) throw new Error('connection refused');
        return Array.from({ length: this.partitions }, (_none, index) => String(index));
      },
      sendBatch: (events, options) => this.#receive(client, events, options),
      close: async () => {
        this.closed += 1;
      },
    };
  };

  #receive(client: number, events: EventData[], options: { partitionId: string; abortSignal: AbortSignal }) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    options.abortSignal.addEventListener('abort', () => reject(new Error('aborted')));
    const bodies = events.map((event) => String(event.body));
    const batch = { partitionId: options.partitionId, bodies, events, client, acknowledge: resolve, fail: reject };
    this.batches.push(batch);
    this.answer(batch);
    return promise;
  }

  bodiesOf(partition: number): string[] {
    return this.batches.filter((batch) => batch.partitionId === String(partition)).flatMap((batch) => batch.bodies);
  }
}

async function openSender(hub: FakeHub, options: Partial<SenderOptions> = {}, t?: TestContext) {
  const sender = new BatchingSender(hub.open, { lingerMs: 1, ...options });
  t?.after(() => sender.close());
  await sender.ready();
  return sender;
}

const event = (key: string, body = key) => ({ partitionKey: key, body: Buffer.from(body) });

/** Keys of one of the four partitions. */
function keysOf(partition: number, count: number): string[] {
  const all = Array.from({ length: count * 40 }, (_none, index) => `key-${index}`);
  return all.filter((key) => partitionOf(key, 4) === partition).slice(0, count);
}

const silence: Answer = () => {};
const failure = (code: string) => Object.assign(new Error(code), { code });

test('events of a partition arrive in the order of their sending, each in the partition of its key', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 60 }), async (keys) => {
      const hub = new FakeHub();
      const sender = await openSender(hub, { maxBatchEvents: 7, maxBatchBytes: 40 });
      await Promise.all(keys.map((key, index) => sender.send(event(key, `${index}`))));
      for (let partition = 0; partition < 4; partition += 1) {
        const expected = keys.flatMap((key, index) => (partitionOf(key, 4) === partition ? [`${index}`] : []));
        assert.deepEqual(hub.bodiesOf(partition), expected);
      }
      await sender.close();
    }),
    { numRuns: 40, seed: 2 },
  );
});

test('events that arrive together travel as one batch, as CloudEvents with their properties', async (t) => {
  const hub = new FakeHub();
  const sender = await openSender(hub, {}, t);
  const keys = keysOf(2, 5);
  await Promise.all(keys.map((key) => sender.send({ ...event(key), properties: { traceparent: key } })));
  assert.equal(hub.batches.length, 1);
  assert.deepEqual(
    hub.batches[0]!.events.map(({ body, contentType, properties }) => [String(body), contentType, properties]),
    keys.map((key) => [key, 'application/cloudevents+json', { traceparent: key }]),
  );
});

test('a batch is cut at its limits of events and of bytes', async (t) => {
  const hub = new FakeHub();
  const sender = await openSender(hub, { maxBatchEvents: 3, maxBatchBytes: 50 }, t);
  const [key] = keysOf(0, 1);
  const bodies = ['a', 'b', 'c', 'd', 'x'.repeat(40), 'y'.repeat(40)];
  await Promise.all(bodies.map((body) => sender.send(event(key!, body))));
  assert.deepEqual(
    hub.batches.map((batch) => batch.bodies),
    [bodies.slice(0, 3), bodies.slice(3, 5), bodies.slice(5)],
  );
  await assert.rejects(sender.send(event(key!, 'z'.repeat(51))), SendFailedError);
});

test('what arrives while a partition is busy travels together afterwards', async (t) => {
  const hub = new FakeHub(silence);
  const sender = await openSender(hub, {}, t);
  const [key] = keysOf(0, 1);
  const sent: Promise<void>[] = [];
  for (const body of ['1', '2', '3', '4', '5', '6']) {
    sent.push(sender.send(event(key!, body)));
    await until('a place is taken or none is left', () => hub.batches.length === Math.min(2, sent.length));
  }
  hub.answer = (batch) => batch.acknowledge();
  for (const batch of hub.batches) batch.acknowledge();
  await Promise.all(sent);
  assert.deepEqual(
    hub.batches.map((batch) => batch.bodies),
    [['1'], ['2'], ['3', '4', '5', '6']],
  );
});

test('an event counts as sent when the hub has acknowledged it, not before', async (t) => {
  const hub = new FakeHub(silence);
  const sender = await openSender(hub, {}, t);
  let done = false;
  const sent = sender.send(event('order')).then(() => {
    done = true;
  });
  await until('the batch was sent', () => hub.batches.length === 1);
  assert.equal(done, false);
  assert.equal(sender.pending, 1);
  hub.batches[0]!.acknowledge();
  await sent;
  assert.equal(sender.pending, 0);
});

test('a hub that does not answer fails the event at its deadline, and other partitions go on', async (t) => {
  const hub = new FakeHub((batch) => batch.partitionId !== '1' && batch.acknowledge());
  const outcomes: BatchOutcome[] = [];
  const sender = await openSender(hub, { deadlineMs: 60, onBatch: (outcome) => outcomes.push(outcome) }, t);
  const failed = assert.rejects(sender.send(event(keysOf(1, 1)[0]!)), /did not acknowledge within 60 ms/);
  await sender.send(event(keysOf(3, 1)[0]!));
  await failed;
  assert.equal(sender.pending, 0);
  assert.deepEqual(
    outcomes.map(({ events, error }) => [events, Boolean(error)]),
    [
      [1, false],
      [1, true],
    ],
  );
});

test('batches that never come back hold up their partition no longer than their deadline', async (t) => {
  const hub = new FakeHub(silence);
  const sender = await openSender(hub, { deadlineMs: 80, maxBatchEvents: 1 }, t);
  const [key] = keysOf(0, 1);
  await Promise.all(Array.from({ length: 30 }, () => assert.rejects(sender.send(event(key!)), SendFailedError)));
  hub.answer = (batch) => batch.acknowledge();
  await sender.send(event(key!, 'after'));
  assert.equal(hub.bodiesOf(0).at(-1), 'after');
});

test('after a broken connection everything under way is sent again over a new client, in its order', async (t) => {
  const hub = new FakeHub(silence);
  const sender = await openSender(hub, { maxBatchEvents: 1 }, t);
  const [key] = keysOf(0, 1);
  const sent = ['1', '2', '3'].map((body) => sender.send(event(key!, body)));
  await until('two batches are under way', () => hub.batches.length === 2);
  hub.answer = (batch) => batch.acknowledge();
  hub.batches[1]!.fail(failure('ConnectionForcedError'));
  await Promise.all(sent);
  assert.deepEqual(
    hub.batches.map(({ client, bodies }) => [client, ...bodies]),
    [
      [1, '1'],
      [1, '2'],
      [2, '1'],
      [2, '2'],
      [2, '3'],
    ],
  );
  assert.equal(hub.closed, 1);
});

test('an answer that is late while others come does not cost the connection', async (t) => {
  const hub = new FakeHub();
  hub.answer = (batch) =>
    hub.batches.length === 2 ? batch.fail(failure('OperationTimeoutError')) : batch.acknowledge();
  const sender = await openSender(hub, {}, t);
  await sender.send(event('first'));
  await sender.send(event('late'));
  assert.deepEqual(
    hub.batches.map(({ client, bodies }) => [client, ...bodies]),
    [
      [1, 'first'],
      [1, 'late'],
      [1, 'late'],
    ],
  );
});

test('a connection on which nothing is heard any more is replaced, and its user is told', async (t) => {
  const hub = new FakeHub(silence);
  const causes: Error[] = [];
  const sender = await openSender(hub, { deadlineMs: 1_050, onLost: (cause) => causes.push(cause) }, t);
  await assert.rejects(sender.send(event('unheard')), SendFailedError);
  hub.answer = (batch) => batch.acknowledge();
  await sender.send(event('heard'));
  assert.equal(hub.batches.at(-1)!.client, 2);
  assert.equal(causes.length, 1);
});

test('a hub that is busy gets the batch again over the same connection', async (t) => {
  const hub = new FakeHub();
  hub.answer = (batch) => (hub.batches.length === 1 ? batch.fail(failure('ServerBusyError')) : batch.acknowledge());
  const sender = await openSender(hub, {}, t);
  await sender.send(event('order'));
  assert.equal(hub.batches.length, 2);
  assert.equal(hub.opened, 1);
});

test('an event that the hub refuses for good fails at once, and the connection stays', async (t) => {
  const refusal = failure('MessageTooLargeError');
  const hub = new FakeHub((batch) => batch.fail(refusal));
  const sender = await openSender(hub, {}, t);
  await assert.rejects(sender.send(event('order')), (error: Error) => {
    assert.ok(error instanceof SendFailedError);
    assert.equal(error.cause, refusal);
    return true;
  });
  assert.equal(hub.batches.length, 1);
  assert.equal(hub.opened, 1);
});

test('over the limit of pending events, the next one is refused at once', async (t) => {
  const hub = new FakeHub(silence);
  const sender = await openSender(hub, { maxPending: 2 }, t);
  const waiting = [sender.send(event('a')), sender.send(event('b'))];
  await assert.rejects(sender.send(event('c')), BusyError);
  await until('both were sent', () => hub.batches.flatMap((batch) => batch.bodies).length === 2);
  for (const batch of hub.batches) batch.acknowledge();
  await Promise.all(waiting);
  hub.answer = (batch) => batch.acknowledge();
  await sender.send(event('c'));
});

test('a hub that comes up later is found; until then sending fails', async (t) => {
  const hub = new FakeHub();
  hub.reachable = false;
  const sender = new BatchingSender(hub.open);
  t.after(() => sender.close());
  await assert.rejects(sender.send(event('early')), /has not been reached yet/);
  await until('the reason is known', () => sender.check(100).catch((error) => error.message === 'connection refused'));
  hub.reachable = true;
  await sender.ready();
  await sender.send(event('late'));
  await sender.check(100);
});

test('a hub that comes back with more partitions gets events on all of them', async (t) => {
  const hub = new FakeHub();
  const sender = await openSender(hub, {}, t);
  hub.partitions = 16;
  hub.answer = (batch) => (batch.client === 1 ? batch.fail(failure('ConnectionForcedError')) : batch.acknowledge());
  await sender.send(event('first'));
  const keys = Array.from({ length: 200 }, (_none, index) => `key-${index}`);
  await Promise.all(keys.map((key) => sender.send(event(key))));
  for (const batch of hub.batches.slice(2)) {
    for (const key of batch.bodies) assert.equal(batch.partitionId, `${partitionOf(key, 16)}`);
  }
});

test('closing sends what was gathered and closes the client', async () => {
  const hub = new FakeHub();
  const sender = await openSender(hub, { lingerMs: 60_000 });
  const sent = sender.send(event('last'));
  await sender.close();
  await sent;
  assert.equal(hub.closed, 1);
});
