import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { READABLE_TABLES } from '../../../../../lib/database/grants.ts';
import { FIELD, FILTER_FIELDS, PERSONAL, RELATIONS, SOURCES } from '../../../../../lib/query/model/index.ts';
import { renderModel } from '../../../../../scripts/ask-model/render.ts';

test('docs/ask-model.md says what the model says; "npm run ask:model" writes it', () => {
  const file = join(import.meta.dirname, '..', '..', '..', '..', '..', 'docs', 'ask-model.md');
  assert.equal(readFileSync(file, 'utf8'), renderModel());
});

test('every filter field and every source is described', () => {
  assert.deepEqual(Object.keys(FIELD).sort(), [...FILTER_FIELDS].sort());
  assert.deepEqual(Object.keys(RELATIONS).sort(), Object.keys(SOURCES).sort());
});

test('the account that questions run as may read every source, and no table with personal data', () => {
  const readable: readonly string[] = READABLE_TABLES;
  const read = Object.values(SOURCES).flatMap((text) =>
    [...text.matchAll(/(?:^|JOIN )(\w+) \w+/g)].map(([, table]) => table!),
  );
  assert.deepEqual(
    read.filter((table) => !readable.includes(table)),
    [],
  );
  assert.deepEqual(
    Object.keys(PERSONAL).filter((table) => readable.includes(table)),
    [],
  );
});
