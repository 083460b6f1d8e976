import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { startTimeOf } from '../../../../../lib/runtime/process-identity.ts';
import { buildOnce } from '../../../../../src/adapters/files/build-once.ts';
import { lockHolder, takeLock, withLock } from '../../../../../src/adapters/files/lock.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

/** No process has this id. */
const NOBODY = 2 ** 22 + 1;

suite('building a folder once', () => {
  test('of many that want it at once, one builds and all have it', async (t) => {
    const folder = join(tempFolder(t), 'made');
    let builds = 0;
    const build = async (temporary: string) => {
      builds++;
      writeFileSync(join(temporary, 'content'), 'whole');
    };
    await Promise.all(Array.from({ length: 5 }, () => buildOnce(folder, build)));
    assert.equal(builds, 1);
    assert.equal(readFileSync(join(folder, 'content'), 'utf8'), 'whole');
    assert.deepEqual(readdirSync(join(folder, '..')), ['made']);
  });

  test('a build that fails leaves nothing, and the next one may try', async (t) => {
    const folder = join(tempFolder(t), 'made');
    await assert.rejects(
      buildOnce(folder, () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.deepEqual(readdirSync(join(folder, '..')), []);
    await buildOnce(folder, async () => {});
    assert.ok(existsSync(folder));
  });

  test('what a killed build has left is swept away', async (t) => {
    const parent = tempFolder(t);
    const folder = join(parent, 'made');
    mkdirSync(`${folder}.partial-${NOBODY}`);
    writeFileSync(`${folder}.lock`, String(NOBODY));
    await buildOnce(folder, async () => {});
    assert.deepEqual(readdirSync(parent), ['made']);
  });
});

suite('locks', () => {
  test('a living holder keeps it, a dead one does not', async (t) => {
    const file = join(tempFolder(t), 'lock');
    assert.equal(await takeLock(file), true);
    assert.equal(await lockHolder(file), process.pid);
    assert.equal(await takeLock(file), false);
    writeFileSync(file, String(NOBODY));
    assert.equal(await takeLock(file), true);
  });

  test('a holder whose number another process has by now is a dead one', async (t) => {
    const file = join(tempFolder(t), 'lock');
    assert.equal(await takeLock(file), true);
    writeFileSync(file, readFileSync(file, 'utf8').replace(startTimeOf(process.pid)!, 'another time'));
    assert.equal(await lockHolder(file), undefined);
    assert.equal(await takeLock(file), true);
    assert.equal(await lockHolder(file), process.pid);
  });

  test('of many that find a dead one, one takes it over', async (t) => {
    const folder = tempFolder(t);
    const file = join(folder, 'lock');
    writeFileSync(file, String(NOBODY));
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeLock(file)));
    assert.equal(taken.filter(Boolean).length, 1);
    assert.deepEqual(readdirSync(folder), ['lock']);
  });

  test('a takeover that was killed is in the way only once', async (t) => {
    const folder = tempFolder(t);
    const file = join(folder, 'lock');
    writeFileSync(file, String(NOBODY));
    writeFileSync(`${file}.takeover`, String(NOBODY));
    assert.equal(await takeLock(file), false);
    assert.equal(await takeLock(file), true);
  });

  test('who comes second is told who is at work; afterwards the lock is free again', async (t) => {
    const file = join(tempFolder(t), 'lock');
    await withLock(file, async () => {
      await assert.rejects(
        withLock(file, async () => {}),
        { code: 'refused', why: `process ${process.pid} is at it` },
      );
    });
    await assert.rejects(
      withLock(file, () => Promise.reject(new Error('inside'))),
      /inside/,
    );
    assert.equal(await lockHolder(file), undefined);
  });
});
