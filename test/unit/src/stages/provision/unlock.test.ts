import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import { openRunReport } from '../../../../../src/stages/provision/report.ts';
import { unlock } from '../../../../../src/stages/provision/unlock.ts';
import { provisionSetting } from '../../../../helpers/provision-setting.ts';

const LOCK = '8f2b9a1e-3c4d-4e5f-8a9b-0c1d2e3f4a5b';

function setUp(t: TestContext) {
  const setting = provisionSetting(t);
  mkdirSync(setting.paths.terraform, { recursive: true });
  writeFileSync(setting.paths.backend, '{}');
  const options = { environment: 'demo', paths: setting.paths, lockId: LOCK, yes: true };
  const commands = () => setting.terraform.calls().map(({ args }) => args.slice(0, 3).join(' '));
  return { ...setting, options, commands };
}

suite('taking a lock away', () => {
  test('with a yes', async (t) => {
    const { options, context, commands, notes } = setUp(t);
    await unlock(options, context);
    assert.deepEqual(commands(), ['init -input=false -json', `force-unlock -force ${LOCK}`]);
    assert.deepEqual(notes, [`The lock ${LOCK} is gone.`]);
  });

  test('nobody to ask, no yes: the call that says it', async (t) => {
    const { options, context, commands } = setUp(t);
    await assert.rejects(unlock({ ...options, yes: false }, context), {
      code: 'refused',
      next: [`oms provision --env demo --unlock ${LOCK} --yes`],
    });
    assert.deepEqual(commands(), []);
  });

  test('not while an oms of this machine is at work', async (t) => {
    const { options, context, commands } = setUp(t);
    writeFileSync(options.paths.lock, String(process.ppid));
    await assert.rejects(unlock(options, context), { code: 'refused', why: `process ${process.ppid} is at it` });
    assert.deepEqual(commands(), []);
  });

  test('not while Terraform of an earlier run is at work', async (t) => {
    const { options, context, commands } = setUp(t);
    const recorder = await openRunReport(options.paths, { command: 'oms provision', environment: 'demo' }, context);
    recorder.recordTerraform(process.pid);
    await assert.rejects(unlock(options, context), { code: 'state_locked' });
    assert.deepEqual(commands(), []);
  });

  test('what is no id does not reach terraform', async (t) => {
    const { options, context } = setUp(t);
    for (const lockId of ['-help', '', 'x; rm -rf /']) {
      await assert.rejects(unlock({ ...options, lockId }, context), { code: 'usage' });
    }
  });

  test('a machine that knows nothing of the environment', async (t) => {
    const { options, context } = setUp(t);
    const elsewhere = { ...options.paths, backend: '/no/such/file' };
    await assert.rejects(unlock({ ...options, paths: elsewhere }, context), { code: 'not_provisioned' });
  });
});
