import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { resolvePosition } from '../../../../../apps/hub/broker/position.ts';
import { LogReader } from '../../../../../apps/hub/storage/log-reader.ts';
import type { PartitionLog } from '../../../../../apps/hub/storage/partition-log.ts';
import { append, openLog, readAll, texts } from '../../../../helpers/hub-log.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const START = 1_000_000;

/** A log with one segment an event, a second between them, read from disk. */
async function secondBySecond(t: TestContext, count: number) {
  t.mock.timers.enable({ apis: ['Date'], now: START });
  const folder = tempFolder(t);
  const log = openLog(folder, { segmentBytes: 1, tailBytes: 1 });
  t.after(() => log.close());
  for (let i = 0; i < count; i++) {
    t.mock.timers.setTime(START + i * 1000);
    await append(log, `${i}`);
  }
  return { folder, log };
}

const segmentFiles = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.log'));

test('events older than the time go, whole segments at once, and the beginning moves', async (t) => {
  const { folder, log } = await secondBySecond(t, 10);
  assert.equal(await log.trim(Date.now()), 0);
  log.retention = { seconds: 4 };
  assert.equal(await log.trim(Date.now()), 4);
  assert.equal(log.firstSequence, 4);
  assert.equal(segmentFiles(folder).length, 6);
  assert.deepEqual(await texts(log), ['4', '5', '6', '7', '8', '9']);
});

test('what is beyond the size goes, the oldest first', async (t) => {
  const { log } = await secondBySecond(t, 10);
  log.retention = { bytes: log.segments.slice(-3).reduce((sum, { size }) => sum + size, 0) };
  assert.equal(await log.trim(Date.now()), 7);
  assert.equal(await log.trim(Date.now()), 0);
  assert.deepEqual(await texts(log), ['7', '8', '9']);
});

test('when all is too old the log is empty and goes on where it was, also after a restart', async (t) => {
  const { folder, log } = await secondBySecond(t, 3);
  const { lastOffset, lastEnqueuedMs } = log;
  log.retention = { seconds: 1 };
  t.mock.timers.setTime(START + 60_000);
  assert.equal(await log.trim(Date.now()), 3);
  const check = (one: PartitionLog) =>
    assert.deepEqual(
      [one.isEmpty, one.firstSequence, one.lastSequence, one.lastOffset, one.lastEnqueuedMs],
      [true, 3, 2, lastOffset, lastEnqueuedMs],
    );
  check(log);
  assert.deepEqual(await readAll(log), []);
  await log.close();
  const again = openLog(folder);
  t.after(() => again.close());
  check(again);
  await append(again, 'next');
  assert.deepEqual(
    (await readAll(again)).map(({ sequence, text }) => [sequence, text]),
    [[3, 'next']],
  );
  assert.ok(again.lastOffset > lastOffset);
});

test('a segment that grows slowly is closed in time, so that its events do not stay for ever', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: START });
  const log = openLog(tempFolder(t));
  t.after(() => log.close());
  log.retention = { seconds: 40 };
  for (let i = 0; i < 100; i++) {
    t.mock.timers.setTime(START + i * 1000);
    await append(log, `${i}`);
    await log.trim(Date.now());
  }
  const kept = log.nextSequence - log.firstSequence;
  assert.ok(kept >= 40 && kept <= 55, `${kept} events of the last 40 seconds`);
});

test('what somebody still has to read stays, whatever its age', async (t) => {
  const { log } = await secondBySecond(t, 5);
  log.retention = { seconds: 1, bytes: 1 };
  log.heldFrom = 2;
  t.mock.timers.setTime(START + 60_000);
  assert.equal(await log.trim(Date.now()), 2);
  log.heldFrom = Number.POSITIVE_INFINITY;
  assert.equal(await log.trim(Date.now()), 3);
});

test('a reader that retention overtakes goes on with the oldest event there is', async (t) => {
  const { log } = await secondBySecond(t, 6);
  const reader = new LogReader(log, 0);
  await reader.load();
  assert.equal(reader.batch()?.firstSequence, 0);
  reader.advance(1);
  log.retention = { seconds: 1 };
  await log.trim(Date.now());
  assert.equal(log.firstSequence, 3);
  while (reader.batch() === null) await reader.load();
  assert.deepEqual([reader.next, reader.batch()?.firstSequence], [3, 3]);
});

test('a read that is under way while its segment goes ends well', async (t) => {
  const { log } = await secondBySecond(t, 6);
  log.retention = { seconds: 1 };
  for (let from = 0; from < 3; from++) {
    const reader = new LogReader(log, from);
    const loading = reader.load();
    await log.trim(Date.now());
    await loading;
    while (reader.batch() === null) await reader.load();
    assert.ok([from, 3].includes(reader.batch()!.firstSequence));
  }
});

test('positions that were cut off lead to the oldest event there is', async (t) => {
  const { log } = await secondBySecond(t, 6);
  const early = (await readAll(log))[1]!;
  log.retention = { seconds: 1 };
  await log.trim(Date.now());
  for (const position of [
    { by: 'earliest' },
    { by: 'sequence', value: 1, inclusive: true },
    { by: 'sequence', value: 1, inclusive: false },
    { by: 'offset', value: Number(early.offset), inclusive: false },
    { by: 'offset', value: -1, inclusive: false },
    { by: 'time', value: START, inclusive: true },
  ] as const) {
    assert.equal(await resolvePosition(log, position), 3, JSON.stringify(position));
  }
  assert.equal(await resolvePosition(log, { by: 'latest' }), 6);
  assert.equal(await resolvePosition(log, { by: 'time', value: START + 4_500, inclusive: false }), 5);
});

test('a position that is looked for while its segments go is found in what is left', async (t) => {
  const { log } = await secondBySecond(t, 6);
  log.retention = { seconds: 1 };
  const looking = resolvePosition(log, { by: 'offset', value: 1, inclusive: false });
  await log.trim(Date.now());
  assert.ok((await looking) <= 3);
});

test('events that come while old ones go are stored', async (t) => {
  const { folder, log } = await secondBySecond(t, 6);
  log.retention = { seconds: 1 };
  t.mock.timers.setTime(START + 60_000);
  await Promise.all([log.trim(Date.now()), append(log, 'a'), append(log, 'b')]);
  await log.trim(Date.now());
  assert.deepEqual(await texts(log), ['a', 'b']);
  await log.close();
  const again = openLog(folder);
  t.after(() => again.close());
  assert.deepEqual(await texts(again), ['a', 'b']);
});

test('a crash after any of the removals leaves a log that is whole', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.nat({ max: 8 }), async (count, removed) => {
      const folder = tempFolder(t);
      const log = openLog(folder, { segmentBytes: 1 });
      for (let i = 0; i < count; i++) await append(log, `${i}`);
      await log.close();
      for (const name of segmentFiles(folder)
        .sort()
        .slice(0, Math.min(removed, count - 1)))
        rmSync(join(folder, name));
      const again = openLog(folder, { segmentBytes: 1 });
      const expected = Array.from({ length: count }, (_, i) => `${i}`).slice(Math.min(removed, count - 1));
      assert.deepEqual(await texts(again), expected);
      await again.close();
    }),
    { numRuns: 20 },
  );
});

test('a segment that cannot be removed stays in the log', async (t) => {
  const { log } = await secondBySecond(t, 4);
  const { path } = log.segments[0]!;
  rmSync(path);
  mkdirSync(path);
  writeFileSync(join(path, 'in the way'), '');
  log.retention = { seconds: 1 };
  await assert.rejects(log.trim(Date.now()), /directory/i);
  assert.equal(log.firstSequence, 0);
  rmSync(path, { recursive: true });
  assert.ok(!existsSync(path));
});
