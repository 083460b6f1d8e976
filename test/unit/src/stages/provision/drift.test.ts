import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { Drift, detectDrift, driftReport } from '../../../../../src/stages/provision/drift.ts';
import { terraformStream } from '../../../../helpers/fake-terraform.ts';
import { provisionSetting } from '../../../../helpers/provision-setting.ts';
import { plan, planned } from '../../../../helpers/terraform-plan.ts';

const NAMESPACE = { name: 'main', module_address: 'module.namespace' };
const named = { name: 'evhns-oms-demo', capacity: 6, minimum_tls_version: '1.2' };

const DRIFT = [
  planned('azurerm_eventhub_namespace', ['update'], { before: named, after: { ...named, capacity: 2 } }, NAMESPACE),
  planned('azurerm_storage_container', ['delete'], { before: { name: 'archive' }, after: null }, { name: 'archive' }),
];

const answers = (drift: typeof DRIFT) => ({
  plan: { stdout: terraformStream('plan-drift'), exitCode: 2 },
  show: { stdout: JSON.stringify(plan([], drift)) },
});

suite('drift', () => {
  test('what somebody changed in Azure, from old to new; no plan is left', async (t) => {
    const { paths, context, terraform } = provisionSetting(t, answers(DRIFT));
    mkdirSync(paths.terraform, { recursive: true });
    const drift = await detectDrift({ paths }, context);
    assert.equal(drift.drifted, true);
    assert.deepEqual(Compile(Drift).Errors(drift), []);
    assert.equal(
      driftReport(drift, 'demo', context.terminal),
      [
        '2 of the resources of demo differ from what oms left:',
        'Event Hubs namespace evhns-oms-demo was changed  module.namespace.azurerm_eventhub_namespace.main',
        '  capacity: 6 -> 2',
        'Blob container archive is gone  azurerm_storage_container.archive',
        '',
        'Next: oms provision --env demo   (shows the plan that sets it right)',
      ].join('\n'),
    );
    assert.ok(terraform.calls()[0]?.args.includes('-refresh-only'));
    assert.deepEqual(readdirSync(paths.terraform), []);
  });

  test('a changed output alone is none, whatever the exit code says', async (t) => {
    const { paths, context } = provisionSetting(t, answers([]));
    mkdirSync(paths.terraform, { recursive: true });
    const drift = await detectDrift({ paths }, context);
    assert.deepEqual(drift, { drifted: false, resources: [] });
    assert.equal(driftReport(drift, 'demo', context.terminal), 'demo is as oms left it.');
  });

  test('looking needs no secret', async (t) => {
    const { paths, context, terraform } = provisionSetting(t, answers([]));
    mkdirSync(paths.terraform, { recursive: true });
    await detectDrift({ paths }, context);
    assert.ok(Object.values(JSON.parse(terraform.secrets()!)).every((value) => value === ''));
  });
});
