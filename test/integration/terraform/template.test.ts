import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PlanJson } from '../../../src/tools/terraform-messages.ts';
import {
  hasTerraform,
  releaseProtection,
  SECRET,
  type TerraformFolder,
  templateFolder,
} from '../../helpers/terraform-run.ts';
import { unzip } from '../../helpers/zip.ts';

async function succeed(terraform: TerraformFolder, ...args: string[]): Promise<string> {
  const { code, output } = await terraform.run(...args);
  assert.equal(code, 0, output);
  return output;
}

test('the template goes from nothing to applied and back, with the schema stand-ins', async (t) => {
  if (!hasTerraform(t)) return;
  const terraform = await templateFolder(t);

  await t.test('it is valid', async () => {
    assert.match(await succeed(terraform, 'validate'), /The configuration is valid/);
  });

  await t.test('its own tests pass', async () => {
    assert.match(await succeed(terraform, 'test'), /Success! \d+ passed, 0 failed/);
  });

  await t.test('applied, it says which stand-in it was', async () => {
    const planned = await terraform.run('plan', '-out=oms.tfplan', '-detailed-exitcode');
    assert.equal(planned.code, 2, planned.output);
    const applied = await succeed(terraform, 'apply', 'oms.tfplan');
    assert.match(applied, /schema stand-in for azurerm: nothing reaches Azure/);
    assert.match(applied, /schema stand-in for time: time_sleep does not sleep/);
  });

  await t.test('a second plan changes nothing', async () => {
    const { code, output } = await terraform.run('plan', '-detailed-exitcode');
    assert.equal(code, 0, output);
  });

  await t.test('no secret is in the plan or in the state', () => {
    const plan = unzip(readFileSync(join(terraform.folder, 'oms.tfplan')));
    assert.ok(plan.get('tfplan')?.includes('azurerm_key_vault_secret'));
    for (const [name, content] of plan) assert.ok(!content.includes(SECRET), name);
    const state = readFileSync(join(terraform.folder, 'terraform.tfstate'), 'utf8');
    assert.match(state, /azurerm_key_vault_secret/);
    assert.ok(!state.includes(SECRET));
  });

  await t.test('what cannot be changed is replaced, and what is protected is not', async () => {
    const { code, output } = await terraform.run('plan', '-var=location=northeurope');
    assert.equal(code, 1);
    assert.match(output, /Instance cannot be destroyed/);
    releaseProtection(terraform);
    await succeed(terraform, 'plan', '-var=location=northeurope', '-out=replace.tfplan');
    const plan = JSON.parse(await succeed(terraform, 'show', '-json', 'replace.tfplan')) as PlanJson;
    const namespace = plan.resource_changes?.find(({ type }) => type === 'azurerm_eventhub_namespace');
    assert.deepEqual(namespace?.change.actions, ['delete', 'create']);
    assert.deepEqual(namespace?.change.replace_paths, [['location']]);
  });

  await t.test('destroyed, nothing is left', async () => {
    await succeed(terraform, 'apply', '-destroy', '-auto-approve');
    assert.equal(await succeed(terraform, 'state', 'list'), '');
  });
});
