import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { test } from 'node:test';
import { createRunFolder, findRun, newRunId } from '../../../../../src/stages/runs/run-folder.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

test('the name of a run is its time and something to tell runs of a second apart', () => {
  const now = new Date('2026-11-21T10:15:00.999Z');
  for (let times = 0; times < 1_000; times++) assert.match(newRunId(now), /^20261121T101500-[a-z][a-z0-9]{3}$/);
});

test('the latest run is found without a name, any other by its name', async (t) => {
  const dir = tempFolder(t);
  const first = await createRunFolder(dir, '20261121T101500-aaaa');
  const second = await createRunFolder(dir, '20261121T101600-bbbb');
  assert.ok((await stat(first.folder)).isDirectory());
  assert.deepEqual(await findRun(dir), second);
  assert.deepEqual(await findRun(dir, '20261121T101500-aaaa'), first);
});

test('without any run the way to one is shown', async (t) => {
  const next = ['oms simulate --rate 100 --duration 10s', 'oms verify --all'];
  await assert.rejects(findRun(tempFolder(t)), { code: 'refused', next });
});

test('a name that could lead out of the folder is refused', async (t) => {
  await assert.rejects(findRun(tempFolder(t), '../../etc'), { code: 'usage', message: /^--run: expected/ });
});
