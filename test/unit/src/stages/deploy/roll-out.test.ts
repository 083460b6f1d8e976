import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { OmsError } from '../../../../../src/errors.ts';
import { newHolder } from '../../../../../src/stages/deploy/lock-holder.ts';
import { rollOut } from '../../../../../src/stages/deploy/roll-out.ts';
import type { DeployRunReport } from '../../../../../src/stages/deploy/run-report.ts';
import { rolloutSetting } from '../../../../helpers/rollout.ts';

type Setting = ReturnType<typeof rolloutSetting>;

const failure = (call: Promise<unknown>) =>
  call.then(
    () => assert.fail('it should have failed'),
    (error: unknown) => {
      assert.ok(error instanceof OmsError, String((error as Error).stack));
      return error;
    },
  );

/** Whatever happened: no lock, no secret outside its folder, one line more in each audit trail. */
function assertTidy(site: Setting, runs: number): void {
  assert.deepEqual([site.isLocked(), site.hasSecrets()], [false, false]);
  const { server, here } = site.audit();
  assert.deepEqual(server, here);
  assert.equal(server.length, runs);
}

function lastReport({ paths }: Setting): DeployRunReport {
  const last = readFileSync(join(paths.runs, 'latest'), 'utf8').trim();
  return JSON.parse(readFileSync(join(paths.runs, last, 'report.json'), 'utf8'));
}

suite('a release goes out', () => {
  test('first: phase by phase under the lock, with word of how far it has come', async (t) => {
    const site = rolloutSetting(t);
    const { from, changed, phases, shift, report, release } = await site.deploy();
    assert.deepEqual([from, changed, shift], [null, 3, null]);
    assert.deepEqual(site.playbooks(), ['base', 'prepare', 'finish']);
    assert.deepEqual(
      site.played.map(({ word, isLocked, secrets }) => [word?.phase, isLocked, secrets]),
      [
        [undefined, true, true],
        ['prepare', true, true],
        ['finish', true, true],
      ],
    );
    assert.equal(site.word(), undefined);
    assertTidy(site, 1);
    const [line] = site.audit().server;
    assert.deepEqual(
      [line?.action, line?.why, line?.release, line?.from, line?.outcome, line?.detail],
      ['deploy', 'spring offers', release, null, 'done', null],
    );
    const kept = site.report(report);
    assert.deepEqual([kept.outcome, kept.error, kept.phases], ['done', null, phases]);
    assert.ok(kept.endedAt);
  });

  test('again: what changed comes up as the other colour, and customers are moved', async (t) => {
    const site = rolloutSetting(t);
    const first = await site.deploy();
    site.change('another');
    const { from, shift } = await site.deploy();
    assert.equal(from, first.release);
    assert.deepEqual([shift?.outcome, shift?.to], ['shifted', 'b']);
    const { variables } = site.played.at(-1)!;
    assert.deepEqual([variables.oms_previous, variables.oms_colours.producer], [first.release, 'b']);
    const routes = readFileSync(join(site.home, 'traefik', 'dynamic', 'routes.yml'), 'utf8');
    assert.match(routes, /producer-b-1/);
    assert.doesNotMatch(routes, /producer-a-1/);
    assertTidy(site, 2);
  });

  test('that comes back leaves the schema as it is, and says what it was', async (t) => {
    const site = rolloutSetting(t);
    await site.deploy({ action: 'rollback', command: 'oms rollback' });
    assert.ok(site.played.every(({ variables }) => !variables.oms_migrates));
    assert.equal(site.audit().server[0]?.action, 'rollback');
    assert.equal(lastReport(site).command, 'oms rollback');
  });

  test('that changes nothing is called unchanged', async (t) => {
    const site = rolloutSetting(t, { changed: 0 });
    const { report } = await site.deploy();
    assert.equal(site.report(report).outcome, 'unchanged');
    assert.equal(site.audit().server[0]?.outcome, 'unchanged');
  });

  test('without its base, and on the servers of a group', async (t) => {
    const site = rolloutSetting(t);
    await site.deploy({ options: { ...site.options, skipBase: true, only: ['web'] } });
    assert.deepEqual(site.playbooks(), ['prepare', 'finish']);
    assert.deepEqual(site.played[0]?.limit, ['shop-1']);
  });
});

suite('a gate that does not open', () => {
  test('in the base takes nothing back: nothing of a release was touched', async (t) => {
    const site = rolloutSetting(t, { fails: { 'base.yml': 'apt is locked' } });
    const error = await failure(site.deploy());
    assert.deepEqual([error.code, error.exitCode], ['deploy_failed', 5]);
    assert.match(`${error.message} ${error.why}`, /Wait for it.*apt is locked/);
    assert.deepEqual(site.playbooks(), ['base']);
    assert.equal(site.word(), undefined);
    assertTidy(site, 1);
    assert.deepEqual([lastReport(site).outcome, lastReport(site).phases[0]?.failed.length], ['failed', 1]);
  });

  for (const playbook of ['prepare', 'finish']) {
    test(`in ${playbook} takes everything back to the release of before`, async (t) => {
      const fails: Record<string, string> = {};
      const site = rolloutSetting(t, { fails });
      const { release } = await site.deploy();
      site.change('bad');
      site.played.length = 0;
      fails[`${playbook}.yml`] = 'oms-producer-b-1 is unhealthy';
      const error = await failure(site.deploy());
      assert.equal(error.exitCode, 5);
      assert.match(error.message, new RegExp(`does not become healthy; release ${release} runs as before`));
      assert.match(error.next.join('\n'), /oms logs --env demo --since 10m/);
      assert.equal(site.playbooks().at(-1), 'rollback');
      const back = site.played.at(-1)!;
      assert.deepEqual([back.variables.oms_previous, back.secrets, back.isLocked], [release, true, true]);
      assert.equal(site.word(), undefined);
      assertTidy(site, 2);
      const { outcome, phases } = lastReport(site);
      assert.deepEqual([outcome, site.audit().server[1]?.outcome], ['rolled-back', 'rolled-back']);
      assert.deepEqual(phases.map((phase) => phase.playbook).slice(-2), [playbook, 'rollback']);
    });
  }

  test('on a first deployment stops what it had started', async (t) => {
    const site = rolloutSetting(t, { fails: { 'prepare.yml': 'is unhealthy' } });
    assert.match((await failure(site.deploy())).message, /what it had started is stopped again/);
    assert.equal(site.played.at(-1)?.variables.oms_previous, null);
  });

  test('among customers: their requests are given back, then everything', async (t) => {
    const behaviour = { failing: 0 };
    const site = rolloutSetting(t, behaviour);
    await site.deploy();
    site.change('fails its customers');
    behaviour.failing = 0.5;
    const error = await failure(site.deploy());
    assert.match(error.message, /did not hold 100 % of the customers; release r-\w+ runs as before/);
    assert.match(error.why ?? '', /error budget/);
    assert.deepEqual(site.playbooks().slice(-2), ['prepare', 'rollback']);
    assert.equal((lastReport(site).shift as { outcome: string }).outcome, 'given-back');
    assertTidy(site, 2);
  });

  test('with --no-rollback leaves everything for a look, and says how to go on', async (t) => {
    const fails: Record<string, string> = {};
    const site = rolloutSetting(t, { fails });
    const { release } = await site.deploy();
    site.change('bad');
    fails['prepare.yml'] = 'is unhealthy';
    const error = await failure(site.deploy({ options: { ...site.options, rollback: false } }));
    assert.match(error.message, /left for a look/);
    assert.ok(error.next.includes(`oms rollback --env demo --to ${release}`));
    assert.equal(site.playbooks().at(-1), 'prepare');
    assert.equal(site.word()?.phase, 'prepare');
    assertTidy(site, 2);
  });

  test('and a way back that fails as well is told, with the word left for the next deployment', async (t) => {
    const site = rolloutSetting(t, { fails: { 'prepare.yml': 'is unhealthy', 'rollback.yml': 'no space' } });
    const error = await failure(site.deploy());
    assert.match(error.message, /and going back failed as well/);
    assert.match(error.why ?? '', /health check failed.*"Wait for it" failed/);
    assert.equal(site.word()?.phase, 'prepare');
    assertTidy(site, 1);
    const { outcome, phases } = lastReport(site);
    assert.deepEqual([outcome, phases.at(-1)?.playbook], ['failed', 'rollback']);
  });

  test('once the new release is written down nothing goes back: it runs', async (t) => {
    const end = new AbortController();
    const site = rolloutSetting(t, {}, end.signal);
    const { play } = site.context.ansible;
    site.context.ansible.play = async (call) => {
      const recap = await play(call);
      if (call.playbook === 'finish.yml') end.abort(new OmsError('interrupted', 'interrupted by SIGINT'));
      return recap;
    };
    const error = await failure(site.deploy());
    assert.deepEqual([error.code, error.exitCode], ['interrupted', 130]);
    assert.match(error.message, /^release r-\w+ runs, but its end was not reached/);
    assert.equal(site.playbooks().at(-1), 'finish');
    assertTidy(site, 1);
  });
});

suite('a run that is cut short', () => {
  for (const [playbook, back] of [
    ['base', false],
    ['prepare', true],
    ['finish', true],
  ] as const) {
    test(`by Ctrl-C in ${playbook} ${back ? 'goes back by itself' : 'just ends'}`, async (t) => {
      const stop = new AbortController();
      const during = ({ playbook: name }: { playbook: string }) => {
        if (name === `${playbook}.yml`) stop.abort(new OmsError('interrupted', 'interrupted by SIGINT'));
      };
      const site = rolloutSetting(t, { during }, stop.signal);
      const error = await failure(site.deploy());
      assert.deepEqual([error.code, error.exitCode], ['interrupted', 130]);
      assert.equal(site.playbooks().at(-1), back ? 'rollback' : 'base');
      if (back) assert.match(error.message, /interrupted by SIGINT; what it had started is stopped again/);
      assert.equal(site.word(), undefined);
      assertTidy(site, 1);
      assert.equal(site.audit().server[0]?.outcome, back ? 'rolled-back' : 'interrupted');
      assert.match(site.audit().server[0]?.detail ?? '', /interrupted by SIGINT/);
    });
  }

  test('by the lock of another one touches nothing and writes into no trail', async (t) => {
    const site = rolloutSetting(t);
    const call = await site.plan();
    mkdirSync(join(site.home, 'lock'));
    const holder = newHolder('20261121T120000-ab12', 'mine', new Date('2026-11-21T12:00:00Z'));
    writeFileSync(join(site.home, 'lock', 'holder.json'), JSON.stringify(holder));
    const error = await failure(rollOut(call, site.context));
    assert.deepEqual([error.code, error.exitCode], ['deploy_locked', 3]);
    assert.deepEqual([site.playbooks(), site.audit().server, site.hasSecrets()], [[], [], false]);
    assert.equal(lastReport(site).outcome, 'failed');
    assert.ok(lastReport(site).endedAt);
  });

  test('by a deployment that came and went since it was planned is refused: colours would be mixed up', async (t) => {
    const site = rolloutSetting(t);
    const stale = await site.plan();
    const { release } = await site.deploy();
    site.played.length = 0;
    const error = await failure(rollOut(stale, site.context));
    assert.deepEqual([error.code, error.exitCode, site.playbooks()], ['refused', 3, []]);
    assert.equal(error.why, `shop-1 has ${release} by me@here`);
    assertTidy(site, 2);
  });
});
