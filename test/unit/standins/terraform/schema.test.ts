import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { readArguments } from '../../../../scripts/azurerm-schema/arguments.ts';
import type { BlockSchema, ProviderSchema } from '../../../standins/terraform/schema-types.ts';

const FIXTURES = join(import.meta.dirname, '..', '..', '..', 'fixtures', 'azurerm');
const schema = JSON.parse(readFileSync(join(FIXTURES, 'schema.json'), 'utf8')) as ProviderSchema;
const documented = readArguments(join(FIXTURES, 'arguments.json'));

const has = (block: BlockSchema | undefined, name: string) =>
  block !== undefined && (name in block.attributes || name in block.blocks);

/** After arguments.json has changed: node scripts/azurerm-schema.ts */
suite('the schema of the Terraform stand-in', () => {
  test('has every argument of azurerm 5.2 that the template may use', () => {
    const missing = Object.entries(documented.resources).flatMap(([type, { arguments: known }]) =>
      Object.keys(known)
        .filter((name) => !has(schema.resources[type], name))
        .map((name) => `${type}.${name}`),
    );
    assert.deepEqual(missing, []);
  });

  test('has none that 5.0 took away', () => {
    const kept = Object.entries(documented.removed_in_5_0).flatMap(([type, names]) =>
      names
        .filter((name) => has(schema.resources[type], name.replace(' (attribute)', '')))
        .map((name) => `${type}.${name}`),
    );
    assert.deepEqual(kept, []);
  });

  test('knows what may only be written, and what nobody may see', () => {
    const { value_wo: value } = schema.resources.azurerm_key_vault_secret!.attributes;
    assert.deepEqual(value, { type: 'string', optional: true, sensitive: true, writeOnly: true });
    const { primary_access_key: key } = schema.resources.azurerm_storage_account!.attributes;
    assert.equal(key?.sensitive, true);
  });

  test('reaches lists of blocks by index, as the real provider has them', () => {
    assert.equal(schema.resources.azurerm_storage_account!.blocks.identity?.nesting, 'list');
    assert.equal(schema.resources.azurerm_eventhub!.blocks.capture_description?.max, 1);
  });
});
