import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { AmqpError } from '../../../../../apps/hub/amqp/errors.ts';
import { readEventBatch } from '../../../../../apps/hub/amqp/event-batch.ts';
import { Section } from '../../../../../apps/hub/amqp/message.ts';
import { ProducerKey } from '../../../../../apps/hub/amqp/producer-key.ts';
import { type ProducerStamp, sequenceAfter } from '../../../../../apps/hub/amqp/producer-stamp.ts';
import { Writer } from '../../../../../apps/hub/amqp/writer.ts';
import { ProducerStore } from '../../../../../apps/hub/broker/producer-store.ts';
import { Producers } from '../../../../../apps/hub/broker/producers.ts';
import type { PartitionLog } from '../../../../../apps/hub/storage/partition-log.ts';
import { openLog, texts } from '../../../../helpers/hub-log.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

/** An event that carries its producer's number, as clients send it. */
function stamped(id: number, epoch: number, sequence: number): Buffer {
  const writer = new Writer();
  writer.described(Section.messageAnnotations, (inner) =>
    inner.symbolMap({
      [ProducerKey.id]: (value) => value.long(id),
      [ProducerKey.epoch]: (value) => value.short(epoch),
      [ProducerKey.sequence]: (value) => value.int(sequence),
    }),
  );
  writer.described(Section.value, (inner) => inner.string(`${id}/${epoch}/${sequence}`));
  return Buffer.from(writer.bytes);
}

const numbers = ({ first, last }: ProducerStamp): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** Sends a batch; answers null when it is acknowledged, else the condition. */
function send(producers: Producers, log: PartitionLog, stamp: ProducerStamp): Promise<AmqpError | Error | null> {
  const events = numbers(stamp).flatMap(
    (number) => readEventBatch(stamped(stamp.id, stamp.epoch, number), 0, true).events,
  );
  return new Promise((resolve) => {
    producers.append(stamp, (done) => log.append(events, (error) => done(error as AmqpError | null)), resolve);
  });
}

function opened(t: TestContext, folder = tempFolder(t)) {
  const log = openLog(folder);
  const producers = new Producers(new ProducerStore(folder, log));
  let open = true;
  const close = async (note = true) => {
    if (!open) return;
    open = false;
    if (note) await producers.close();
    await log.close();
  };
  t.after(() => close());
  return { folder, log, producers, close };
}

const NOTHING = { id: null, epoch: null, sequence: null };
const stamp = (id: number, epoch: number, first: number, last = first): ProducerStamp => ({ id, epoch, first, last });

test('a batch that is sent again is acknowledged again and stored once; others out of order are refused', async (t) => {
  const { log, producers } = opened(t);
  const { id, epoch, last } = await producers.register(NOTHING);
  assert.deepEqual([epoch, last], [0, 0]);
  assert.equal(await send(producers, log, stamp(id, 0, 1, 3)), null);
  assert.equal(await send(producers, log, stamp(id, 0, 1, 3)), null);
  const old = (await send(producers, log, stamp(id, 0, 2))) as AmqpError;
  assert.equal(old.condition, 'com.microsoft:out-of-order-sequence');
  assert.match(old.message, /old sequence/);
  const gap = (await send(producers, log, stamp(id, 0, 5))) as AmqpError;
  assert.equal(gap.condition, 'com.microsoft:out-of-order-sequence');
  assert.equal(await send(producers, log, stamp(id, 0, 4)), null);
  assert.deepEqual(
    await texts(log),
    [1, 2, 3, 4].map((number) => `${id}/0/${number}`),
  );
});

test('a repeat that comes while the first is still on its way to the disk waits for it', async (t) => {
  const { log, producers } = opened(t);
  const { id } = await producers.register(NOTHING);
  const outcomes = await Promise.all([1, 1, 2, 2].map((first) => send(producers, log, stamp(id, 0, first))));
  assert.deepEqual(outcomes, [null, null, null, null]);
  assert.equal(log.lastSequence, 1);
});

test('what could not be stored may come again', async (t) => {
  const { log, producers } = opened(t);
  const { id } = await producers.register(NOTHING);
  const refused = new Error('disk full') as AmqpError;
  const failed = await new Promise((resolve) => {
    producers.append(stamp(id, 0, 1), (done) => done(refused), resolve);
  });
  assert.equal(failed, refused);
  assert.equal(await send(producers, log, stamp(id, 0, 1)), null);
});

test('a higher epoch takes over and says where it goes on; the lower one is told by whom', async (t) => {
  const { log, producers } = opened(t);
  const { id } = await producers.register(NOTHING);
  await send(producers, log, stamp(id, 0, 1, 5));
  assert.deepEqual(await producers.register({ id, epoch: 1, sequence: null }), { id, epoch: 1, first: null, last: 5 });
  assert.equal(await send(producers, log, stamp(id, 1, 6)), null);
  const stolen = (await send(producers, log, stamp(id, 0, 6))) as AmqpError;
  assert.equal(stolen.condition, 'com.microsoft:producer-epoch-stolen');
  assert.match(stolen.message, /Received:0 Current:1/);
  await assert.rejects(producers.register({ id, epoch: 0, sequence: 5 }), {
    condition: 'com.microsoft:producer-epoch-stolen',
  });
  const unannounced = (await send(producers, log, stamp(id, 7, 7))) as AmqpError;
  assert.equal(unannounced.condition, 'com.microsoft:argument-error');
});

test('a producer that comes back is told what it said last, so that it repeats what was not acknowledged', async (t) => {
  const { log, producers } = opened(t);
  const { id } = await producers.register(NOTHING);
  await send(producers, log, stamp(id, 0, 1, 2));
  assert.equal((await producers.register({ id, epoch: 0, sequence: 0 })).last, 0);
  assert.equal(await send(producers, log, stamp(id, 0, 1, 2)), null);
  assert.equal(log.lastSequence, 1);
});

for (const note of [true, false]) {
  test(`after ${note ? 'a stop' : 'a crash'} a repeat is known, and so is who took over`, async (t) => {
    const before = opened(t);
    const { id } = await before.producers.register(NOTHING);
    await send(before.producers, before.log, stamp(id, 0, 1, 2));
    await send(before.producers, before.log, stamp(id, 0, 3, 4));
    const other = await before.producers.register({ id: 77, epoch: 3, sequence: 10 });
    await before.close(note);
    const { log, producers } = opened(t, before.folder);
    await assert.rejects(producers.register({ id: other.id, epoch: 2, sequence: 10 }), /Received:2 Current:3/);
    await producers.register({ id, epoch: 0, sequence: 2 });
    assert.equal(await send(producers, log, stamp(id, 0, 3, 4)), null);
    assert.equal(await send(producers, log, stamp(id, 0, 5)), null);
    assert.equal(log.lastSequence, 4);
  });
}

test('numbers start over after the largest int', async (t) => {
  const { log, producers } = opened(t);
  const largest = 2 ** 31 - 1;
  const { id } = await producers.register({ id: 5, epoch: 0, sequence: largest });
  assert.equal(sequenceAfter(largest), 0);
  assert.equal(await send(producers, log, stamp(id, 0, 0)), null);
});

test('a damaged note is refused, and what to do is said', async (t) => {
  const before = opened(t);
  await before.producers.register(NOTHING);
  await before.close();
  const path = join(before.folder, 'producers.json');
  writeFileSync(path, readFileSync(path).subarray(0, 9));
  const { producers } = opened(t, before.folder);
  await assert.rejects(producers.register(NOTHING), /producers\.json is damaged; restore it, or remove it/);
});

test('whatever is sent how often and with whichever failures: each number is stored once, in order', async (t) => {
  const { log, producers } = opened(t);
  const attempt = fc.record({ length: fc.integer({ min: 1, max: 4 }), copies: fc.integer({ min: 1, max: 3 }) });
  let wanted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { maxLength: 12 }), async (attempts) => {
      const { id } = await producers.register(NOTHING);
      const before = log.nextSequence;
      let last = 0;
      for (const { length, copies } of attempts) {
        const batch = stamp(id, 0, last + 1, last + length);
        const sent = Array.from({ length: copies }, () => send(producers, log, batch));
        assert.deepEqual(
          await Promise.all(sent),
          sent.map(() => null),
        );
        last += length;
      }
      wanted += last;
      const stored = await texts(log, before);
      assert.deepEqual(stored, last === 0 ? [] : numbers(stamp(id, 0, 1, last)).map((number) => `${id}/0/${number}`));
    }),
    { numRuns: 40 },
  );
  assert.equal(log.nextSequence, wanted);
});
