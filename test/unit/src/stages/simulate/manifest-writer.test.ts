import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OmsError } from '../../../../../src/errors.ts';
import type { ManifestEntry } from '../../../../../src/stages/runs/manifest.ts';
import { ManifestWriter } from '../../../../../src/stages/simulate/manifest-writer.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const entry = (n: number): ManifestEntry => ({
  n,
  key: `key-${n}`,
  customer: 'c1',
  order_id: '3f2504e0-4f89-81d3-9a0c-0305e82c3301',
  hash: 'a'.repeat(32),
  planned_at: '2026-11-21T10:15:00.000Z',
  outcome: 'accepted',
  total_minor: 1,
});

test('everything added is in the file when it is closed, a line each', async (t) => {
  const file = join(tempFolder(t), 'manifest.ndjson');
  const writer = new ManifestWriter(file, assert.fail);
  for (let n = 0; n < 2_000; n++) writer.add(entry(n));
  await writer.close();
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  assert.equal(lines.length, 2_000);
  assert.deepEqual(JSON.parse(lines[1_999]!), entry(1_999));
});

test('a file that cannot be written is reported once, and again by close', async (t) => {
  const failed = Promise.withResolvers<OmsError>();
  const writer = new ManifestWriter(join(tempFolder(t), 'no', 'such', 'folder'), failed.resolve);
  assert.equal((await failed.promise).code, 'disk');
  writer.add(entry(1));
  await assert.rejects(writer.close(), { code: 'disk', message: /cannot write the manifest/ });
});

test('the manifest of an earlier run is never written over', async (t) => {
  const file = join(tempFolder(t), 'manifest.ndjson');
  await new ManifestWriter(file, assert.fail).close();
  const failed = Promise.withResolvers<OmsError>();
  const second = new ManifestWriter(file, failed.resolve);
  assert.match((await failed.promise).why ?? '', /EEXIST/);
  await assert.rejects(second.close());
});
