import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ArchiveContainer } from '../../../../../apps/hub/capture/archive-container.ts';
import {
  type CaptureObserver,
  PartitionCapture,
  type PartitionCaptureOptions,
} from '../../../../../apps/hub/capture/partition-capture.ts';
import { forgetPlace, newPlace, readPlace, writePlace } from '../../../../../apps/hub/capture/place.ts';
import type { PartitionLog } from '../../../../../apps/hub/storage/partition-log.ts';
import { readCaptureFile } from '../../../../../lib/archive/capture-file.ts';
import { append, dataEvents, openLog } from '../../../../helpers/hub-log.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';

/** A container in memory that can be away. */
class MemoryContainer implements ArchiveContainer {
  readonly files = new Map<string, Buffer>();
  /** How often a file was closed, by name. */
  readonly closed: string[] = [];
  parts = 0;
  away = false;

  open(name: string) {
    const parts: Buffer[] = [];
    const check = () => {
      if (this.away) throw new Error('nobody answers');
    };
    return {
      write: async (part: Buffer) => {
        check();
        this.parts++;
        parts.push(part);
      },
      close: async (last: Buffer) => {
        check();
        this.closed.push(name);
        this.files.set(name, Buffer.concat([...parts, last]));
      },
    };
  }

  /** Sequence numbers in each file, by the second that its name says. */
  async contents(): Promise<Record<string, number[]>> {
    const contents: Record<string, number[]> = {};
    for (const [name, file] of [...this.files].sort()) {
      contents[name] = [];
      for await (const { sequenceNumber } of readCaptureFile(file)) contents[name].push(sequenceNumber);
    }
    return contents;
  }
}

/** Half past a second, so that windows can be seen to begin at whole ones. */
const NOW = 1_000_500;
/** So shortly before the end of the first window that Capture soon looks at the clock again. */
const LATE = 1_059_990;

interface Setting {
  log: PartitionLog;
  container: MemoryContainer;
  heard: string[];
  start(changes?: Partial<PartitionCaptureOptions>): Promise<() => Promise<void>>;
}

/** A log and a way to capture it in windows of a minute, under a clock that stands still until it is set. */
function setting(t: TestContext): Setting {
  t.mock.timers.enable({ apis: ['Date'], now: NOW });
  const log = openLog(tempFolder(t), { segmentBytes: 2_000, tailBytes: 1 });
  t.after(() => log.close());
  const container = new MemoryContainer();
  const heard: string[] = [];
  const observer: CaptureObserver = {
    written: (file, events) => heard.push(`${file}: ${events}`),
    missed: (events) => heard.push(`missed ${events}`),
    failed: (error, attempt) => heard.push(`failed ${attempt}: ${error.message}`),
    resumed: () => heard.push('resumed'),
    damaged: (error) => heard.push(`damaged: ${error.message}`),
  };
  const options: PartitionCaptureOptions = {
    log,
    container,
    limits: { windowMs: 60_000, sizeBytes: 1_000_000 },
    skipEmpty: true,
    nameOf: (time) => String(time.getTime() / 1000),
    observer,
  };
  const start = async (changes: Partial<PartitionCaptureOptions> = {}) => {
    const controller = new AbortController();
    const capture = await PartitionCapture.open({ ...options, ...changes });
    const run = capture.run(controller.signal);
    const stop = async () => {
      controller.abort();
      await run;
    };
    t.after(stop);
    return stop;
  };
  return { log, container, heard, start };
}

/** Appends one event for each body. */
function appendBodies(log: PartitionLog, ...bodies: string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  log.append(dataEvents(...bodies), (error) => (error === null ? resolve() : reject(error)));
  return promise;
}

const first = newPlace(0, 1_000_000);

test('a window holds what was enqueued before its end and is closed when time has passed', async (t) => {
  const { log, container, heard, start } = setting(t);
  await append(log, 'before Capture was switched on');
  await start();
  t.mock.timers.setTime(LATE);
  await append(log, 'a', 'b');
  await until('the events are read', () => log.heldFrom === 1);
  t.mock.timers.setTime(1_060_000);
  await until('the first window is noted', () => log.heldFrom === 3);
  await append(log, 'c');
  t.mock.timers.setTime(1_120_000);
  await append(log, 'd');
  await until('the second window is noted', () => log.heldFrom === 4);
  assert.deepEqual(await container.contents(), { 1000: [1, 2], 1060: [3] });
  assert.deepEqual(heard, ['1000: 2', '1060: 1']);
  const { salt: _salt, ...place } = readPlace(log.folder)!;
  assert.deepEqual(place, { format: 1, next: 4, windowStart: 1_120_000, fileTime: 1_120_000 });
});

test('a window is closed when it is full, the next one is named by a later second', async (t) => {
  const { log, container, start } = setting(t);
  await start({ limits: { windowMs: 60_000, sizeBytes: 2_000 } });
  for (let i = 0; i < 4; i++) await appendBodies(log, 'x'.repeat(800), 'y'.repeat(800));
  await until('all are captured', () => log.heldFrom === 8);
  const contents = await container.contents();
  assert.deepEqual(contents, { 1000: [0, 1], 1001: [2, 3], 1002: [4, 5], 1003: [6, 7] });
  assert.equal(readPlace(log.folder)?.windowStart, 1_000_000, 'names run ahead, windows do not');
});

test('windows without events give files unless they are skipped', async (t) => {
  const { log, container, start } = setting(t);
  await writePlace(log.folder, first);
  t.mock.timers.setTime(LATE);
  await start({ skipEmpty: false });
  t.mock.timers.setTime(1_119_990);
  await until('an empty window', () => container.files.size === 1);
  t.mock.timers.setTime(1_120_000);
  await until('another one', () => container.files.size === 2);
  assert.deepEqual(await container.contents(), { 1000: [], 1060: [] });
});

test('after a stop it goes on where it was, in the windows that would have been', async (t) => {
  const { log, container, start } = setting(t);
  const stop = await start();
  await append(log, 'a');
  await stop();
  assert.equal(container.files.size, 0);
  t.mock.timers.setTime(1_070_000);
  await append(log, 'b');
  t.mock.timers.setTime(1_500_000);
  await append(log, 'c');
  t.mock.timers.setTime(1_600_000);
  await start();
  await until('all are captured', () => log.heldFrom === 3);
  assert.deepEqual(await container.contents(), { 1000: [0], 1060: [1], 1480: [2] });
});

test('a crash between a file and the note of it writes the same file once more', async (t) => {
  const { log, container, start } = setting(t);
  await writePlace(log.folder, first);
  await append(log, 'a');
  t.mock.timers.setTime(1_060_000);
  const stop = await start();
  await until('the file is noted', () => log.heldFrom === 1);
  await stop();
  const before = container.files.get('1000');
  await writePlace(log.folder, first);
  await append(log, 'b');
  t.mock.timers.setTime(1_120_000);
  await start();
  await until('both are captured', () => log.heldFrom === 2);
  assert.deepEqual(container.closed, ['1000', '1000', '1060']);
  assert.deepEqual(container.files.get('1000'), before);
  assert.deepEqual(await container.contents(), { 1000: [0], 1060: [1] });
});

test('while the archive is away nothing is lost, and what is due is written when it is back', async (t) => {
  const { log, container, heard, start } = setting(t);
  container.away = true;
  await writePlace(log.folder, first);
  await append(log, 'a');
  t.mock.timers.setTime(1_060_000);
  await start();
  await append(log, 'b');
  await until('several attempts', () => heard.length >= 3);
  assert.equal(log.heldFrom, 0);
  assert.deepEqual(heard.slice(0, 2), ['failed 0: nobody answers', 'failed 1: nobody answers']);
  container.away = false;
  t.mock.timers.setTime(1_120_000);
  await until('all are captured', () => log.heldFrom === 2);
  assert.equal(heard.filter((line) => line === 'resumed').length, 1);
  assert.deepEqual(await container.contents(), { 1000: [0], 1060: [1] });
});

test('a large file goes in parts and is there only as a whole', async (t) => {
  const { log, container, start } = setting(t);
  await start({ limits: { windowMs: 60_000, sizeBytes: 100_000_000 } });
  for (let i = 0; i < 5; i++) await appendBodies(log, 'x'.repeat(500_000));
  await until('a part', () => container.parts > 0);
  assert.equal(container.files.size, 0);
  t.mock.timers.setTime(1_060_000);
  await append(log, 'of the next window');
  await until('the file', () => container.files.size === 1);
  assert.deepEqual(await container.contents(), { 1000: [0, 1, 2, 3, 4] });
});

test('retention spares what is in no file yet', async (t) => {
  const { log, container, start } = setting(t);
  await start();
  log.retention = { seconds: 1 };
  await append(log, 'x'.repeat(1_999));
  await append(log, 'y');
  t.mock.timers.setTime(1_100_000);
  assert.equal(await log.trim(Date.now()), 0);
  await append(log, 'z');
  await until('what is due is captured', () => log.heldFrom === 2);
  assert.deepEqual(await container.contents(), { 1000: [0, 1] });
  t.mock.timers.setTime(1_110_000);
  assert.equal(await log.trim(Date.now()), 2);
});

test('events that were gone before are told, the others are captured', async (t) => {
  const { log, container, heard, start } = setting(t);
  await append(log, 'x'.repeat(2_000));
  await append(log, 'a');
  log.retention = { bytes: 1 };
  assert.equal(await log.trim(Date.now()), 1);
  await writePlace(log.folder, first);
  t.mock.timers.setTime(1_060_000);
  await start();
  await until('what is left is captured', () => log.heldFrom === 2);
  assert.deepEqual(await container.contents(), { 1000: [1] });
  assert.deepEqual(heard, ['missed 1', '1000: 1']);
});

test('a note that is damaged is refused with what to do', async (t) => {
  const { log, start } = setting(t);
  writeFileSync(join(log.folder, 'capture.json'), '{"next":');
  await assert.rejects(start(), /capture\.json is not a place of Capture; restore it, or remove it/);
  forgetPlace(log.folder);
  await start();
});
