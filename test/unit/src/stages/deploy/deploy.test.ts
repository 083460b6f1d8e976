import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { DeployOptions } from '../../../../../src/config/deploy-options.ts';
import { parseHosts } from '../../../../../src/config/host-list.ts';
import type { Context } from '../../../../../src/context.ts';
import { OmsError } from '../../../../../src/errors.ts';
import { deploy } from '../../../../../src/stages/deploy/deploy.ts';
import { deployReport, wouldBegin } from '../../../../../src/stages/deploy/deploy-view.ts';
import { rollBack } from '../../../../../src/stages/deploy/roll-back.ts';
import { saveSite } from '../../../../../src/stages/deploy/saved-site.ts';
import { plainTerminal } from '../../../../helpers/plain-terminal.ts';
import { rolloutSetting } from '../../../../helpers/rollout.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const everything = (folder: string) => (existsSync(folder) ? readdirSync(folder, { recursive: true }).sort() : []);

function setUp(t: TestContext) {
  const site = rolloutSetting(t);
  const printed: string[] = [];
  const terminal = { ...site.context.terminal, width: 80, print: (text: string) => void printed.push(text) };
  const machine = { ...site.context.machine, imagesFolder: () => site.images() };
  const context: Context = { ...site.context, machine, terminal };
  return { ...site, context, printed };
}

const OPTIONS: DeployOptions = {
  ...{ env: 'demo', skipBase: false, shift: [100], shiftSeconds: 1, errorBudget: 0.01, gateSeconds: 5 },
  ...{ rollback: true, check: true, unlock: false, yes: false },
};

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => assert.fail('it should have been refused'),
    (error: unknown) => {
      assert.ok(error instanceof OmsError, String((error as Error).stack));
      return error;
    },
  );

suite('a check', () => {
  test('of a server that does not answer prints the plan all the same, and keeps nothing', async (t) => {
    const { context, printed, played } = setUp(t);
    const dir = join(tempFolder(t), 'oms');
    const hosts = parseHosts('deploy@127.0.0.1:1');
    const said = { hosts, domains: ['shop.example'], selfSigned: true, events: 'local' } as const;
    const settings = { ...context.settings, dir };
    const result = await deploy({ ...OPTIONS, ...said, domains: ['shop.example'] }, { ...context, settings });
    assert.deepEqual([result.outcome, result.rollout, wouldBegin(result)], ['checked', null, false]);
    assert.match(result.plan.hosts[0]?.unreachable ?? '', /nothing listens on port 1/);
    assert.match(printed.join('\n'), /demo: release r-\w+, the first one/);
    assert.match(printed.join('\n'), /planned as if shop-1 were empty: /);
    assert.match(deployReport(result, 'oms deploy', plainTerminal()), /as it is nothing would be/);
    // SSH has got a folder for the keys of servers; nothing of the site is kept.
    assert.deepEqual([everything(dir), played], [['demo'], []]);
  });

  test('of a site that runs changes nothing there or here, and tells what differs', async (t) => {
    const { context, site, home, paths, change, played, ...rest } = setUp(t);
    await saveSite(site, context);
    await rest.deploy();
    change('another');
    played.length = 0;
    const before = [everything(home), everything(paths.folder)];
    const { plan } = await deploy(OPTIONS, context);
    assert.deepEqual([plan.unchanged, plan.colours.producer], [false, 'b']);
    assert.deepEqual([[everything(home), everything(paths.folder)], played], [before, []]);
  });

  test('names what --only does not know before any server is asked', async (t) => {
    const { context, site, printed } = setUp(t);
    await saveSite(site, context);
    const error = await refusal(deploy({ ...OPTIONS, only: ['web', 'wbe'] }, context));
    assert.deepEqual([error.code, printed], ['usage', []]);
    assert.match(`${error.message}; ${error.why}`, /has no wbe; .*web, app, data and the servers shop-1/);
  });
});

suite('going back', () => {
  test('finds the release of before on the servers, and plans it without a migration', async (t) => {
    const { context, site, change, played, ...rest } = setUp(t);
    await saveSite(site, context);
    const first = await rest.deploy();
    change('another');
    const second = await rest.deploy();
    played.length = 0;
    const { plan, outcome } = await rollBack({ ...OPTIONS }, context);
    assert.deepEqual([outcome, plan.release, plan.running], ['checked', first.release, second.release]);
    assert.deepEqual([plan.migrations, plan.colours.producer, played], [{ expand: [], contract: [] }, 'a', []]);
    const error = await refusal(rollBack({ ...OPTIONS, to: 'r-000000000000' }, context));
    assert.deepEqual([error.code, error.exitCode], ['not_found', 4]);
    assert.match(error.why ?? '', new RegExp(`${first.release} of `));
  });

  test('where nothing ran before says so', async (t) => {
    const { context, site, ...rest } = setUp(t);
    await saveSite(site, context);
    assert.equal((await refusal(rollBack({ ...OPTIONS }, context))).code, 'not_deployed');
    await rest.deploy();
    assert.match((await refusal(rollBack({ ...OPTIONS }, context))).message, /there is no release before/);
  });
});
