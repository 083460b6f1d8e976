import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ManifestEntry, readManifest } from '../../../../../src/stages/runs/manifest.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const entry = (n: number): ManifestEntry => ({
  n,
  key: `sim-20261121T101500-ab12-${n}`,
  customer: 'c1',
  order_id: '3f2504e0-4f89-81d3-9a0c-0305e82c3301',
  hash: 'a'.repeat(32),
  planned_at: '2026-11-21T10:15:00.000Z',
  outcome: 'unknown',
  total_minor: null,
  reason: 'no answer in time',
});
const lines = (count: number) => Array.from({ length: count }, (_, n) => JSON.stringify(entry(n)));

async function read(t: TestContext, content: string, batchSize = 2): Promise<number[][]> {
  const folder = tempFolder(t);
  const file = join(folder, 'manifest.ndjson');
  await writeFile(file, content);
  const batches: number[][] = [];
  for await (const batch of readManifest(file, batchSize)) batches.push(batch.map(({ n }) => n));
  return batches;
}

test('entries come in batches', async (t) => {
  assert.deepEqual(await read(t, `${lines(5).join('\n')}\n`), [[0, 1], [2, 3], [4]]);
  assert.deepEqual(await read(t, ''), []);
});

test('a last line that a killed run left unfinished is left out', async (t) => {
  assert.deepEqual(await read(t, `${lines(3).join('\n')}\n{"n":3,"ke`), [[0, 1], [2]]);
});

test('any other line that is none of a manifest is named', async (t) => {
  const broken = lines(3);
  broken[1] = '{"n":1}';
  await assert.rejects(read(t, broken.join('\n')), { code: 'input_file', message: /manifest\.ndjson:2 is no line/ });
  await assert.rejects(read(t, 'sku,name\n'), { code: 'input_file', message: /manifest\.ndjson:1 is no line/ });
});

test('a manifest that is not there is said to be that', async () => {
  const reading = readManifest('/nonexistent/manifest.ndjson', 10).next();
  await assert.rejects(reading, { code: 'input_file', message: /cannot read the manifest/, why: /ENOENT/ });
});
