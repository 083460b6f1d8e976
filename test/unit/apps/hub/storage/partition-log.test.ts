import assert from 'node:assert/strict';
import { fdatasync, ftruncateSync, rmSync, truncateSync, write } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { DiskFailedError, DiskFullError } from '../../../../../apps/hub/storage/errors.ts';
import type { Disk } from '../../../../../apps/hub/storage/flusher.ts';
import { SegmentClosedError } from '../../../../../apps/hub/storage/segment.ts';
import { append, openLog, readAll, textEvents, texts } from '../../../../helpers/hub-log.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

test('a new log is empty', async (t) => {
  const log = openLog(tempFolder(t));
  assert.deepEqual(
    [log.isEmpty, log.firstSequence, log.lastSequence, log.lastOffset, log.lastEnqueuedMs],
    [true, 0, -1, -1, 0],
  );
  assert.deepEqual(await readAll(log), []);
  await log.close();
});

test('events get dense sequence numbers and growing offsets, also over restarts', async (t) => {
  const folder = tempFolder(t);
  let log = openLog(folder);
  await append(log, 'a', 'b');
  await append(log, 'c');
  const before = await readAll(log);
  await log.close();
  log = openLog(folder);
  assert.deepEqual(await readAll(log), before);
  assert.equal(String(log.lastOffset), before.at(-1)?.offset);
  await append(log, 'd');
  const after = await readAll(log);
  assert.deepEqual(
    after.map(({ sequence }) => sequence),
    [0, 1, 2, 3],
  );
  const offsets = after.map(({ offset }) => Number(offset));
  assert.deepEqual(
    offsets,
    offsets.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(offsets).size, 4);
  await log.close();
});

test('appends of one turn share a write and keep their order', async (t) => {
  let writes = 0;
  const disk: Disk = {
    write(...args) {
      writes++;
      write(...args);
    },
    fdatasync,
    ftruncateSync,
  };
  const log = openLog(tempFolder(t), {}, disk);
  await Promise.all(Array.from({ length: 50 }, (_, i) => append(log, `${i}`)));
  assert.equal(writes, 1);
  assert.deepEqual(
    await texts(log),
    Array.from({ length: 50 }, (_, i) => `${i}`),
  );
  await log.close();
});

test('nothing is acknowledged or readable before its sync', async (t) => {
  let letThrough: () => void = () => {};
  const asked = Promise.withResolvers<void>();
  const disk: Disk = {
    write,
    fdatasync(fd, done) {
      letThrough = () => fdatasync(fd, done);
      asked.resolve();
    },
    ftruncateSync,
  };
  const log = openLog(tempFolder(t), {}, disk);
  let acknowledged = false;
  const appended = append(log, 'a').then(() => {
    acknowledged = true;
  });
  await asked.promise;
  assert.equal(acknowledged, false);
  assert.equal(log.nextSequence, 0);
  assert.deepEqual(await readAll(log), []);
  letThrough();
  await appended;
  assert.deepEqual(await texts(log), ['a']);
  await log.close();
});

test('a full segment is followed by another, and readers cross over', async (t) => {
  const folder = tempFolder(t);
  const log = openLog(folder, { segmentBytes: 500, tailBytes: 300 });
  const expected = Array.from({ length: 40 }, (_, i) => `event ${i}`);
  for (const text of expected) await append(log, text);
  assert.ok(log.segments.length > 5);
  assert.deepEqual(await texts(log), expected);
  assert.deepEqual(await texts(log, 17), expected.slice(17));
  await log.close();
  const again = openLog(folder, { segmentBytes: 500, tailBytes: 300 });
  assert.deepEqual(await texts(again), expected);
  assert.deepEqual(await texts(again, 31), expected.slice(31));
  await again.close();
});

test('a roll whose new segment is still empty is found as it was', async (t) => {
  const folder = tempFolder(t);
  const log = openLog(folder, { segmentBytes: 1 });
  await append(log, 'a');
  const { lastOffset, lastEnqueuedMs } = log;
  await append(log, 'b').then(() => log.close());
  rmSync(join(folder, 'durable-end'));
  truncateSync(log.segments.at(-1)!.path, 0);
  const again = openLog(folder, { segmentBytes: 1 });
  assert.deepEqual([again.nextSequence, again.lastOffset, again.lastEnqueuedMs], [1, lastOffset, lastEnqueuedMs]);
  await append(again, 'c');
  assert.deepEqual(await texts(again), ['a', 'c']);
  await again.close();
});

test('whatever is appended and however often it restarts, a reader from any place sees the rest in order', async (t) => {
  const batches = fc.array(fc.array(fc.string({ maxLength: 200 }), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(
      batches,
      fc.integer({ min: 0, max: 80 }),
      fc.integer({ min: 1, max: 4 }),
      async (groups, from, restartEvery) => {
        const folder = tempFolder(t);
        let log = openLog(folder, { segmentBytes: 600, tailBytes: 400 });
        for (const [i, group] of groups.entries()) {
          await append(log, ...group);
          if (i % restartEvery !== 0) continue;
          await log.close();
          log = openLog(folder, { segmentBytes: 600, tailBytes: 400 });
        }
        assert.deepEqual(await texts(log, from), groups.flat().slice(from));
        await log.close();
      },
    ),
    { numRuns: 30 },
  );
});

test('time in the log never runs backwards', async (t) => {
  const log = openLog(tempFolder(t));
  t.mock.timers.enable({ apis: ['Date'], now: 5000 });
  await append(log, 'a');
  t.mock.timers.setTime(1000);
  await append(log, 'b');
  assert.equal(log.lastEnqueuedMs, 5000);
  await log.close();
});

const failing = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`${code}: made up`), { code });

test('a full disk refuses what does not fit, leaves no torn write, and takes events again when there is room', async (t) => {
  const folder = tempFolder(t);
  let full = false;
  const disk: Disk = {
    write(fd, bytes, from, length, position, done) {
      if (!full) return write(fd, bytes, from, length, position, done);
      if (from > 0) return done(failing('ENOSPC'), 0);
      write(fd, bytes, from, Math.floor(length / 2), position, done);
    },
    fdatasync,
    ftruncateSync,
  };
  const log = openLog(folder, {}, disk);
  await append(log, 'a');
  full = true;
  await assert.rejects(append(log, 'lost'), DiskFullError);
  await assert.rejects(append(log, 'lost too'), DiskFullError);
  full = false;
  await append(log, 'b');
  assert.deepEqual(
    (await readAll(log)).map(({ sequence, text }) => [sequence, text]),
    [
      [0, 'a'],
      [1, 'b'],
    ],
  );
  await log.close();
  const again = openLog(folder);
  assert.equal(again.cutBytes, 0);
  assert.deepEqual(await texts(again), ['a', 'b']);
  await again.close();
});

test('after a sync that failed nothing is accepted any more', async (t) => {
  const disk: Disk = { write, fdatasync: (_fd, done) => done(failing('EIO')), ftruncateSync };
  const log = openLog(tempFolder(t), {}, disk);
  const outcomes = await Promise.allSettled([append(log, 'a'), append(log, 'b')]);
  for (const outcome of outcomes) assert.ok(outcome.status === 'rejected' && outcome.reason instanceof DiskFailedError);
  await assert.rejects(append(log, 'c'), DiskFailedError);
  assert.equal(log.nextSequence, 0);
  assert.ok(log.failed instanceof DiskFailedError);
  await log.close();
});

test('a write that fails for another reason than room is the end as well', async (t) => {
  const disk: Disk = { write: (_fd, _b, _f, _l, _p, done) => done(failing('EIO'), 0), fdatasync, ftruncateSync };
  const log = openLog(tempFolder(t), {}, disk);
  await assert.rejects(append(log, 'a'), DiskFailedError);
  await assert.rejects(append(log, 'b'), DiskFailedError);
  await log.close();
});

test('short writes are finished', async (t) => {
  const disk: Disk = {
    write: (fd, bytes, from, length, position, done) => write(fd, bytes, from, Math.min(length, 7), position, done),
    fdatasync,
    ftruncateSync,
  };
  const log = openLog(tempFolder(t), { tailBytes: 1 }, disk);
  await append(log, 'a', 'b');
  await append(log, 'c');
  assert.deepEqual(await texts(log), ['a', 'b', 'c']);
  await log.close();
});

test('listeners hear of new events until they stop', async (t) => {
  const log = openLog(tempFolder(t));
  let heard = 0;
  const stop = log.onAppend(() => heard++);
  await append(log, 'a');
  stop();
  await append(log, 'b');
  assert.equal(heard, 1);
  await log.close();
});

test('a message as large as the limit, between small ones, is read back from disk', async (t) => {
  const log = openLog(tempFolder(t), { tailBytes: 1 });
  const large = 'x'.repeat(1_048_000);
  await append(log, 'a');
  await append(log, large);
  await append(log, 'b');
  assert.deepEqual(await texts(log), ['a', large, 'b']);
  await log.close();
});

test('closing waits for what was appended', async (t) => {
  const folder = tempFolder(t);
  const log = openLog(folder);
  let done = 0;
  for (let i = 0; i < 5; i++) log.append(textEvents(`${i}`), () => done++);
  await log.close();
  assert.equal(done, 5);
});

test('a log that is closed while it is read gives the read its bytes, and none after that', async (t) => {
  const log = openLog(tempFolder(t));
  await append(log, 'a');
  const [segment] = log.segments;
  const reading = segment!.read(0, segment!.size);
  await log.close();
  assert.equal((await reading).length, segment!.size);
  await assert.rejects(segment!.read(0, 1), SegmentClosedError);
});
