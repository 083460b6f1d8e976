import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createEngine } from '../../../src/adapters/terraform/create-engine.ts';
import { applyPlan } from '../../../src/stages/provision/apply/apply.ts';
import { createDiagnosticLog } from '../../../src/stages/provision/apply/diagnostic-log.ts';
import { detectDrift } from '../../../src/stages/provision/drift.ts';
import { openRunReport } from '../../../src/stages/provision/report.ts';
import { VAULT_SECRETS } from '../../../src/stages/provision/topology.ts';
import { prepareWorkspace } from '../../../src/stages/provision/workspace.ts';
import { provisionSetting } from '../../helpers/provision-setting.ts';
import { demoEnvironment } from '../../helpers/provisioned.ts';
import { setEnvironment } from '../../helpers/set-environment.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { hasTerraform } from '../../helpers/terraform-run.ts';
import { installProviders } from '../../standins/terraform/cli-config.ts';

const CANARY = 'canary-of-this-run-c41d';

/** Terraform itself, with the schema stand-ins as its only providers. */
function realTerraform(t: TestContext) {
  const setting = provisionSetting(t);
  setEnvironment(t, installProviders(tempFolder(t)));
  return { ...setting, context: { ...setting.context, terraform: createEngine({ debug: false }) } };
}

const filesWith = (folder: string, text: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));

test('the template goes through Terraform itself: applied, nothing left to do, no drift, no secret on the disk', async (t) => {
  if (!hasTerraform(t)) return;
  const { paths, context, notes } = realTerraform(t);
  const { terraform, signal } = context;
  const secrets = Object.fromEntries(VAULT_SECRETS.map((name) => [name, `${CANARY}-${name}`]));
  const environment = demoEnvironment();
  const log = createDiagnosticLog(context.terminal);
  const call = { folder: paths.terraform, secrets, signal };
  const planning = { ...call, planFile: paths.plan, onMessage: log.onMessage };

  const recorder = await openRunReport(paths, { command: 'oms provision', environment: 'demo' }, context);
  await prepareWorkspace(environment, paths, context, { deployerObjectId: environment.tenantId });
  await terraform.init(call);
  assert.deepEqual(await terraform.plan(planning), { changes: true });
  const { resource_changes: changes = [] } = await terraform.showPlan({ ...call, planFile: paths.plan });
  const summaryCount = changes.filter(({ change }) => change.actions.includes('create')).length;
  const options = { environment: 'demo', paths, planFile: paths.plan, summaryCount, secrets, log };
  const report = await applyPlan({ ...options, onStart: recorder.recordTerraform }, context);
  recorder.recordApply(report);
  recorder.finish();

  assert.equal(report.outcome, 'applied');
  assert.equal(report.resources.filter(({ result }) => result === 'done').length, summaryCount);
  assert.ok((await terraform.resources(call)).includes('module.namespace.azurerm_eventhub_namespace.main'));
  assert.deepEqual(await terraform.plan(planning), { changes: false });
  assert.equal((await detectDrift({ paths }, context)).drifted, false);
  assert.ok(
    notes.some((note) => /stand-in/i.test(note)),
    `the stand-in says that it is one: ${notes.join('\n')}`,
  );
  assert.deepEqual(filesWith(paths.folder, CANARY), []);
  await assert.rejects(terraform.unlock({ ...call, lockId: 'x' }), { message: 'the state has no lock to take away' });
});
