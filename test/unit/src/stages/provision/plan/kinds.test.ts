import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kindOf } from '../../../../../../src/stages/provision/plan/kinds.ts';

const template = join(import.meta.dirname, '..', '..', '..', '..', '..', '..', 'templates', 'terraform');

test('every type of the template has a title of its own, and what holds data says what is lost with it', () => {
  const text = globSync('**/*.tf', { cwd: template }).map((file) => readFileSync(join(template, file), 'utf8'));
  const types = new Set(text.flatMap((file) => [...file.matchAll(/^resource "(\w+)"/gm)].map((match) => match[1]!)));
  assert.ok(types.size > 15);
  const strange = kindOf('azurerm_unheard_of').loss;
  assert.deepEqual(
    [...types].filter((type) => kindOf(type).loss === strange),
    [],
  );
  const holding = [...types].filter((type) =>
    /^azurerm_(?:eventhub|eventhub_namespace|storage_account|storage_container|key_vault)$/.test(type),
  );
  assert.equal(holding.length, 5);
  assert.deepEqual(
    holding.filter((type) => !kindOf(type).loss),
    [],
  );
});
