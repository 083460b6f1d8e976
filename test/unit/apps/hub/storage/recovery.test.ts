import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { DamagedLogError } from '../../../../../apps/hub/storage/errors.ts';
import type { PartitionLog } from '../../../../../apps/hub/storage/partition-log.ts';
import { append, openLog, readAll, texts } from '../../../../helpers/hub-log.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const TEXTS = ['first', 'second', 'third', 'fourth'];

/** A log of four batches with one event each, as kill -9 leaves it; answers the only segment and where each batch ends. */
async function fourBatches(t: TestContext) {
  const folder = tempFolder(t);
  const log = openLog(folder);
  const ends: number[] = [];
  for (const text of TEXTS) {
    await append(log, text);
    ends.push(log.segments[0]!.size);
  }
  await closeAsKilled(log, folder);
  return { folder, path: log.segments[0]!.path, ends };
}

/** Closes the files but leaves no note of how far the log was durable, as a process that is killed. */
async function closeAsKilled(log: PartitionLog, folder: string): Promise<void> {
  await log.close();
  rmSync(join(folder, 'durable-end'));
}

async function reopened(folder: string): Promise<string[]> {
  const log = openLog(folder);
  try {
    return await texts(log);
  } finally {
    await closeAsKilled(log, folder);
  }
}

test('after an orderly stop nothing may be missing at the end either', async (t) => {
  const folder = tempFolder(t);
  const log = openLog(folder);
  await append(log, 'a');
  await append(log, 'b');
  await log.close();
  const { path, size } = log.segments[0]!;
  const whole = readFileSync(path);
  const flipped = Buffer.from(whole);
  flipped[size - 1]! ^= 1;
  for (const bytes of [flipped, whole.subarray(0, size - 1)]) {
    writeFileSync(path, bytes);
    assert.throws(
      () => openLog(folder),
      /is damaged at byte \d+: events from sequence number 1 up to offset \d+ were acknowledged/,
    );
  }
  writeFileSync(path, whole);
  assert.deepEqual(await reopened(folder), ['a', 'b']);
});

test('a write cut off at any byte is cut back to the last whole batch', async (t) => {
  const { folder, path, ends } = await fourBatches(t);
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    const kept = ends.filter((end) => end <= length).length;
    assert.deepEqual(await reopened(folder), TEXTS.slice(0, kept), `cut at ${length}`);
    assert.equal(readFileSync(path).length, ends[kept - 1] ?? 0);
  }
});

test('after a cut the log goes on where it was', async (t) => {
  const { folder, path, ends } = await fourBatches(t);
  truncateSync(path, ends[3]! - 1);
  const log = openLog(folder);
  assert.equal(log.cutBytes, ends[3]! - 1 - ends[2]!);
  await append(log, 'again');
  assert.deepEqual((await readAll(log)).map(({ sequence, text }) => [sequence, text]).at(-1), [3, 'again']);
  await log.close();
  assert.deepEqual(await reopened(folder), ['first', 'second', 'third', 'again']);
});

test('a last write of which later bytes arrived and earlier ones did not is cut as well', async (t) => {
  const { folder, path, ends } = await fourBatches(t);
  const bytes = readFileSync(path);
  bytes.fill(0, ends[2]!, ends[2]! + 50);
  writeFileSync(path, bytes);
  assert.deepEqual(await reopened(folder), TEXTS.slice(0, 3));
});

test('zeros behind the last write, as some file systems leave them, are cut', async (t) => {
  const { folder, path } = await fourBatches(t);
  writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(5000)]));
  assert.deepEqual(await reopened(folder), TEXTS);
});

test('a bit flipped anywhere before the last write is refused with the file and the place', async (t) => {
  const { folder, path, ends } = await fourBatches(t);
  const whole = readFileSync(path);
  const place = fc.record({ byte: fc.integer({ min: 0, max: ends[2]! - 1 }), bit: fc.integer({ min: 0, max: 7 }) });
  fc.assert(
    fc.property(place, ({ byte, bit }) => {
      const damaged = Buffer.from(whole);
      damaged[byte]! ^= 1 << bit;
      writeFileSync(path, damaged);
      const start = ends.findLast((end) => end <= byte) ?? 0;
      assert.throws(
        () => openLog(folder),
        (error) => error instanceof DamagedLogError && error.message.includes(`${path} is damaged at byte ${start}`),
      );
      assert.deepEqual(readFileSync(path), damaged, 'a damaged file is left as it is');
    }),
    { numRuns: 150 },
  );
});

test('a segment that is missing or shorter than it was is refused', async (t) => {
  const folder = tempFolder(t);
  const log = openLog(folder, { segmentBytes: 1 });
  for (const text of TEXTS) await append(log, text);
  await log.close();
  const [, second] = readdirSync(folder).sort();
  const path = join(folder, second!);
  const bytes = readFileSync(path);
  truncateSync(path, bytes.length - 1);
  assert.throws(() => openLog(folder), DamagedLogError);
  rmSync(path);
  assert.throws(() => openLog(folder), DamagedLogError);
  writeFileSync(path, bytes);
  assert.deepEqual(await reopened(folder), TEXTS);
});

test('damage in a closed segment is told to its reader, the others are served', async (t) => {
  const folder = tempFolder(t);
  const log = openLog(folder, { segmentBytes: 1 });
  for (const text of TEXTS) await append(log, text);
  await log.close();
  const [first] = readdirSync(folder).sort();
  const path = join(folder, first!);
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
  const again = openLog(folder, { segmentBytes: 1 });
  await assert.rejects(texts(again), (error) => error instanceof DamagedLogError && error.message.includes(path));
  assert.deepEqual(await texts(again, 1), TEXTS.slice(1));
  await again.close();
});

test('a crash in the middle of a recovery leaves something that is recovered the same', async (t) => {
  const { folder, path, ends } = await fourBatches(t);
  truncateSync(path, ends[3]! - 5);
  const copy = tempFolder(t);
  // The only thing a recovery changes is the length: before it, and after it.
  copyFileSync(path, join(copy, path.split('/').at(-1)!));
  assert.deepEqual(await reopened(folder), TEXTS.slice(0, 3));
  assert.deepEqual(await reopened(copy), TEXTS.slice(0, 3));
  assert.deepEqual(await reopened(folder), TEXTS.slice(0, 3));
});

test('files of other kinds in the folder are not touched', async (t) => {
  const { folder } = await fourBatches(t);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  assert.deepEqual(await reopened(folder), TEXTS);
  assert.equal(readFileSync(join(folder, 'notes.txt'), 'utf8'), 'mine');
});

/** A log in several segments, as kill -9 leaves it: its texts, batch by batch, and the files. */
async function severalSegments(t: TestContext, groups: readonly string[][]) {
  const folder = tempFolder(t);
  const log = openLog(folder, { segmentBytes: 400 });
  for (const group of groups) await append(log, ...group);
  await closeAsKilled(log, folder);
  return { folder, paths: log.segments.map(({ path }) => path) };
}

/** What a start and a reader make of a folder: the texts, or that the damage was told. */
async function outcome(folder: string): Promise<string[] | 'refused'> {
  try {
    return await reopened(folder);
  } catch (error) {
    if (error instanceof DamagedLogError) return 'refused';
    throw error;
  }
}

const groups = fc.array(fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 4 }), {
  minLength: 2,
  maxLength: 14,
});
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('wherever the last file is cut, all whole batches before are there, and the next start finds the same', async (t) => {
  await fc.assert(
    fc.asyncProperty(groups, place, async (written, where) => {
      const { folder, paths } = await severalSegments(t, written);
      const last = paths.at(-1)!;
      truncateSync(last, Math.floor(readFileSync(last).length * where));
      const found = await outcome(folder);
      assert.ok(Array.isArray(found), 'a torn tail is no damage');
      const kept = Array.from({ length: written.length + 1 }, (_, count) => written.slice(0, count).flat());
      assert.ok(kept.some((texts) => JSON.stringify(texts) === JSON.stringify(found)));
      assert.deepEqual(await outcome(folder), found);
    }),
    { numRuns: 40 },
  );
});

test('whatever bit is flipped in whatever file, nothing false is ever read and nothing but the last write is lost', async (t) => {
  await fc.assert(
    fc.asyncProperty(groups, place, place, fc.nat({ max: 7 }), async (written, file, where, bit) => {
      const { folder, paths } = await severalSegments(t, written);
      const path = paths[Math.floor(paths.length * file)]!;
      const bytes = readFileSync(path);
      if (bytes.length === 0) return;
      bytes[Math.floor(bytes.length * where)]! ^= 1 << bit;
      writeFileSync(path, bytes);
      const found = await outcome(folder);
      if (found === 'refused') return;
      assert.equal(path, paths.at(-1), 'damage before the last file is told');
      assert.deepEqual(found, written.slice(0, -1).flat());
    }),
    { numRuns: 60 },
  );
});

test('a start that is killed at any step is made up for by the next one', async (t) => {
  await fc.assert(
    fc.asyncProperty(groups, place, fc.boolean(), async (written, where, isRolling) => {
      const { folder, paths } = await severalSegments(t, written);
      const last = paths.at(-1)!;
      const end = readFileSync(last).length;
      const kept = written.slice(0, -1).flat();
      // Killed while the last batch was written, perhaps before that in a new file; then within each step of the recovery.
      if (isRolling) {
        const [name] = last.split('/').slice(-1);
        const base = Number(name!.slice(0, 16)) + end;
        writeFileSync(
          join(folder, `${String(base).padStart(16, '0')}-${String(written.flat().length).padStart(16, '0')}.log`),
          '',
        );
        assert.deepEqual(await outcome(folder), written.flat());
        return;
      }
      truncateSync(last, Math.max(0, end - 1 - Math.floor(20 * where)));
      for (let start = 0; start < 3; start++) {
        const log = openLog(folder, { segmentBytes: 400 });
        for (const segment of log.segments) segment.close();
        assert.deepEqual(await outcome(folder), kept);
      }
    }),
    { numRuns: 25 },
  );
});

test('a note of the end that is damaged is told, an older one without the last event is taken', async (t) => {
  const { folder } = await fourBatches(t);
  writeFileSync(join(folder, 'durable-end'), '12x');
  assert.throws(() => openLog(folder), /durable-end is damaged; restore it, or remove it/);
  writeFileSync(join(folder, 'durable-end'), '12\n');
  assert.deepEqual(await reopened(folder), TEXTS);
});
