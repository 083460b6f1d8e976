import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import { type DestroyOptions, destroy } from '../../../../../src/stages/destroy/destroy.ts';
import { ANSWERS, demoEnvironment } from '../../../../helpers/azure-answers.ts';
import { fakeCloud } from '../../../../helpers/fake-cloud.ts';
import { provisionSetting } from '../../../../helpers/provision-setting.ts';

const NO_STATE = '\nNo state file was found!\n\nState management commands require a state file.\n';
const APPLICATION = { appId: 'app-1', displayName: 'oms-demo', keyCredentials: [] };

/** An environment of which nothing was ever applied; its application may have been made. */
function begun(t: TestContext, applications: object[]) {
  const setting = provisionSetting(t, {
    'state-list': { stderr: NO_STATE, exitCode: 1 },
    show: { stdout: '{"format_version":"1.2"}' },
  });
  const answers = [
    { when: 'ad app list', json: applications },
    { when: 'ad sp list', json: [] },
    { when: 'ad app delete' },
    ANSWERS.account,
    ANSWERS.token,
  ];
  const cloud = fakeCloud(answers, { management: { archive: async () => undefined } });
  const { context, paths } = setting;
  context.cloud = cloud;
  context.terminal = { ...context.terminal, print: () => undefined };
  mkdirSync(paths.folder, { recursive: true });
  context.machine.writeJson(paths.environment, demoEnvironment());
  const deleted = () => cloud.calls.filter((args) => args.includes('delete')).length;
  const run = (options: Partial<DestroyOptions>) =>
    destroy({ env: 'demo', keepArchive: false, planOnly: false, ...options }, context);
  return { paths, run, deleted };
}

suite('an environment of which nothing was applied', () => {
  test('goes with its application, once its name was given, and is forgotten', async (t) => {
    const { paths, run, deleted } = begun(t, [APPLICATION]);
    await assert.rejects(run({}), { code: 'refused', next: ['oms destroy --env demo --confirm demo'] });
    assert.deepEqual([deleted(), existsSync(paths.environment)], [0, true]);
    const { outcome, application } = await run({ confirm: 'demo' });
    assert.deepEqual([outcome, application], ['destroyed', 'oms-demo']);
    assert.deepEqual([deleted(), existsSync(paths.environment)], [1, false]);
  });

  test('is known still after a plan alone, which names the application, and after an archive was kept', async (t) => {
    const { paths, run, deleted } = begun(t, [APPLICATION]);
    assert.equal((await run({ planOnly: true })).application, 'oms-demo');
    assert.deepEqual([deleted(), existsSync(paths.environment)], [0, true]);
    await assert.rejects(run({ keepArchive: true }), {
      next: ['oms destroy --keep-archive --env demo --confirm demo'],
    });
    await run({ keepArchive: true, confirm: 'demo' });
    assert.ok(existsSync(paths.environment));
  });

  test('needs nobody to agree where there is nothing at all', async (t) => {
    const { outcome, stays } = await begun(t, []).run({});
    assert.equal(outcome, 'unchanged');
    assert.deepEqual(
      stays.map(({ what }) => what),
      ["Terraform's state in stomsstateabc123/tfstate/demo"],
    );
  });
});
