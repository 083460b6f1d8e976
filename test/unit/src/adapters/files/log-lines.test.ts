import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { followLines, tailLines } from '../../../../../src/adapters/files/log-lines.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';
import { until } from '../../../../helpers/until.ts';

const numbered = (count: number) => `${Array.from({ length: count }, (_, index) => `line ${index}`).join('\n')}\n`;

suite('the end of a log', () => {
  test('the last lines, whole, also when the log is longer than one look', async (t) => {
    const file = join(tempFolder(t), 'a.log');
    writeFileSync(file, numbered(50_000));
    assert.deepEqual((await tailLines(file, 2)).lines, ['line 49998', 'line 49999']);
    const { lines } = await tailLines(file, 20_000);
    assert.equal(lines.length, 20_000);
    assert.equal(lines[0], 'line 30000');
  });

  test('with a filter it goes back as far as needed', async (t) => {
    const file = join(tempFolder(t), 'a.log');
    writeFileSync(file, numbered(50_000));
    assert.deepEqual((await tailLines(file, 5, (line) => line === 'line 3')).lines, ['line 3']);
  });

  test('a line that is still being written is left for later', async (t) => {
    const file = join(tempFolder(t), 'a.log');
    writeFileSync(file, 'done\nhälf');
    assert.deepEqual(await tailLines(file, 5), { lines: ['done'], end: 5 });
  });

  test('what is not UTF-8 does not move the place where reading goes on', async (t) => {
    const file = join(tempFolder(t), 'a.log');
    writeFileSync(file, Buffer.from([0x61, 0x0a, 0xff, 0xfe]));
    assert.equal((await tailLines(file, 5)).end, 2);
  });

  test('a log that is not there has no lines', async () => {
    assert.deepEqual(await tailLines('/no/such', 5), { lines: [], end: 0 });
  });
});

test('following hands on new whole lines, starts over when the log is cut, and ends with the signal', async (t) => {
  const file = join(tempFolder(t), 'a.log');
  writeFileSync(file, 'old\nhalf');
  const seen: string[] = [];
  const abort = new AbortController();
  t.after(() => abort.abort());
  const following = followLines(file, 4, (line) => seen.push(line), abort.signal);
  const untilSeen = (line: string) => until(line, () => seen.includes(line));
  appendFileSync(file, ' a line\n');
  // Not UTF-8: shown with a replacement character, which is longer than what it stands for.
  appendFileSync(file, Buffer.from([0xff, 0xfe, 0x0a]));
  appendFileSync(file, 'second\n');
  await untilSeen('second');
  writeFileSync(file, 'new\n');
  await untilSeen('new');
  abort.abort();
  await following;
  assert.deepEqual(seen, ['half a line', '\ufffd\ufffd', 'second', 'new']);
});
