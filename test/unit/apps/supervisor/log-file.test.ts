import assert from 'node:assert/strict';
import { appendFileSync, closeSync, existsSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { lastErrorIn, openLog, rotateLog } from '../../../../apps/supervisor/log-file.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';

const json = (level: string, msg: string, err?: string) =>
  `${JSON.stringify({ level, msg, ...(err && { err: { message: err } }) })}\n`;

suite('log rotation', () => {
  test('a writer that holds the log open goes on at its new beginning', (t) => {
    const file = join(tempFolder(t), 'deep', 'a.log');
    const handle = openLog(file);
    writeSync(handle, 'first and long\n');
    rotateLog(file, 10);
    writeSync(handle, 'next\n');
    closeSync(handle);
    assert.equal(readFileSync(`${file}.1`, 'utf8'), 'first and long\n');
    assert.equal(readFileSync(file, 'utf8'), 'next\n');
  });

  test('two old logs are kept, the newer first', (t) => {
    const file = join(tempFolder(t), 'a.log');
    for (const content of ['one', 'two', 'three']) {
      writeFileSync(file, content);
      rotateLog(file, 2);
    }
    assert.deepEqual(
      [1, 2].map((index) => readFileSync(`${file}.${index}`, 'utf8')),
      ['three', 'two'],
    );
    assert.equal(existsSync(`${file}.3`), false);
    assert.equal(statSync(file).size, 0);
  });

  test('a small log and one that is not there stay as they are', (t) => {
    const file = join(tempFolder(t), 'a.log');
    rotateLog(file, 2);
    writeFileSync(file, 'ok');
    rotateLog(file, 2);
    assert.equal(existsSync(`${file}.1`), false);
  });

  test('a log is for its owner only', (t) => {
    const file = join(tempFolder(t), 'a.log');
    closeSync(openLog(file));
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });
});

suite('what a process said last', () => {
  test('its last JSON error, with the cause, before any plain text', (t) => {
    const file = join(tempFolder(t), 'a.log');
    writeFileSync(
      file,
      `${json('error', 'early')}${json('fatal', 'stopped', 'no disk')}${json('info', 'bye')}    at x.js:1\n`,
    );
    assert.equal(lastErrorIn(file), 'stopped: no disk');
  });

  test('without one, its last line of plain text; JSON that is no error says nothing', (t) => {
    const file = join(tempFolder(t), 'a.log');
    writeFileSync(file, `${json('info', 'fine')}Segmentation fault\n`);
    assert.equal(lastErrorIn(file), 'Segmentation fault');
    writeFileSync(file, json('info', 'fine'));
    assert.equal(lastErrorIn(file), null);
  });

  test('errors of an earlier run are not taken for this one, also after the log was cut', (t) => {
    const file = join(tempFolder(t), 'a.log');
    writeFileSync(file, json('error', 'of the run before'));
    const { size } = statSync(file);
    assert.equal(lastErrorIn(file, size), null);
    appendFileSync(file, json('error', 'of this run'));
    assert.equal(lastErrorIn(file, size), 'of this run');
    writeFileSync(file, json('error', 'cut'));
    assert.equal(lastErrorIn(file, size), 'cut');
  });

  test('a log that is not there says nothing', () => assert.equal(lastErrorIn('/no/such/file'), null));
});
