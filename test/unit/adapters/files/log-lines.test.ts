import assert from 'node:assert/strict';
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { followLines, tailLines } from '../../../../src/adapters/files/log-lines.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { until } from '../../../helpers/until.ts';

const numbered = (count: number) => `${Array.from({ length: count }, (_, index) => `line ${index}`).join('\n')}\n`;

suite('the end of a log', () => {
  test('the last lines, whole, also when the log is longer than one look', async (t) => {
    const file = join(tempFolder(t), 'a.log');
    writeFileSync(file, numbered(50_000));
    assert.deepEqual(await tailLines(file, 2), ['line 49998', 'line 49999']);
    const many = await tailLines(file, 20_000);
    assert.equal(many.length, 20_000);
    assert.equal(many[0], 'line 30000');
  });

  test('with a filter it goes back as far as needed', async (t) => {
    const file = join(tempFolder(t), 'a.log');
    writeFileSync(file, numbered(50_000));
    assert.deepEqual(await tailLines(file, 5, (line) => line === 'line 3'), ['line 3']);
  });

  test('a log that is not there has no lines', async () => assert.deepEqual(await tailLines('/no/such', 5), []));
});

test('following hands on new whole lines, starts over when the log is cut, and ends with the signal', async (t) => {
  const file = join(tempFolder(t), 'a.log');
  writeFileSync(file, 'old\n');
  const seen: string[] = [];
  const abort = new AbortController();
  const following = followLines(file, (line) => seen.push(line), abort.signal);
  const untilSeen = (line: string) => until(line, () => seen.includes(line));
  // The position is taken before the first wait, so one append after it is enough.
  appendFileSync(file, 'half');
  appendFileSync(file, ' a line\nsecond\n');
  await untilSeen('second');
  truncateSync(file, 0);
  appendFileSync(file, 'new\n');
  await untilSeen('new');
  abort.abort();
  await following;
  assert.deepEqual(
    seen.filter((line) => line !== 'old'),
    ['half a line', 'second', 'new'],
  );
});
