import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { appendHistory, readHistory } from '../../../../../../src/stages/ask/session/history.ts';
import { tempFolder } from '../../../../../helpers/temp-folder.ts';

test('lines are kept for their owner alone, the newest comes first, and there is an end to it', async (t) => {
  const dir = tempFolder(t);
  assert.deepEqual(await readHistory(dir), []);
  for (let index = 0; index < 510; index++) await appendHistory(dir, `question ${index}`);
  const lines = await readHistory(dir);
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [500, 'question 509', 'question 10']);
  assert.equal(statSync(join(dir, 'ask', 'history')).mode & 0o777, 0o600);
});

test('a folder that cannot be written is no reason to stop', async (t) => {
  const file = join(tempFolder(t), 'file');
  writeFileSync(file, '');
  await appendHistory(file, 'question');
  assert.deepEqual(await readHistory(file), []);
});
