import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { Outputs } from '../../src/stages/provision/outputs.ts';
import { RunReport } from '../../src/stages/provision/report.ts';
import { AZ_SAYS } from '../helpers/fake-az.ts';
import { terraformStream } from '../helpers/fake-terraform.ts';
import {
  type ProvisionCommand,
  provisionCommand,
  type StandinCloud,
  startCloud,
} from '../helpers/provision-command.ts';
import { RECORDED_FLAGS, RECORDED_RESOURCES } from '../helpers/recorded-terraform.ts';
import { plan, planned } from '../helpers/terraform-plan.ts';
import { until } from '../helpers/until.ts';

const LOCK_ID = '8f2b9a1e-3c4d-4e5f-8a9b-0c1d2e3f4a5b';
const MAKE = ['provision', ...RECORDED_FLAGS, '--yes', '--no-canary'];
const NOTHING = { show: { stdout: JSON.stringify({ ...plan([]), applyable: false }) }, plan: { stdout: '' } };

const WRONG_CALLS: [what: string, args: string[]][] = [
  ['a name of two lines', ['--env', 'demo\nprod']],
  ['a name of 10 kB', ['--env', 'x'.repeat(10_000)]],
  ['a secret as a flag', ['--client-secret', 'hunter2']],
];

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** The report of the latest run. */
function reportOf({ dir }: ProvisionCommand): RunReport {
  const runs = join(dir, 'demo', 'runs');
  return readJson(join(runs, readFileSync(join(runs, 'latest'), 'utf8').trim(), 'report.json'));
}

const commandsOf = ({ terraform }: ProvisionCommand) => terraform.calls().map(({ args }) => args[0]);

let cloud: StandinCloud;
before(async () => {
  cloud = await startCloud();
});
after(() => cloud?.stop());

suite('oms provision, with a recording of Terraform', () => {
  test('applies, reads back, and finds its canary in the archive', async (t) => {
    const command = provisionCommand(t, cloud);
    const { code, stdout, stderr } = await command.apply('provision', ...RECORDED_FLAGS, '--yes');
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^Plan: ${RECORDED_RESOURCES} to create$`, 'm'));
    assert.match(stderr, new RegExp(`applying the plan: ${RECORDED_RESOURCES} of ${RECORDED_RESOURCES} done`));
    assert.match(stdout, /settings read back from Azure: all as expected/);
    assert.match(stdout, /canary {5}back in \d+ ms, in the archive as \S+\.avro$/m);
    const report = reportOf(command);
    assert.ok(Compile(RunReport).Check(report));
    assert.deepEqual([report.outcome, report.summary?.added, report.resources.length], ['done', 57, 57]);
    assert.ok(Compile(Outputs).Check(readJson(join(command.dir, 'demo', 'outputs.json'))));
    assert.ok(!existsSync(join(command.dir, 'demo', 'terraform', 'oms.tfplan')));
  });

  test('what Azure refuses while it applies is told with the next step, and stands in the report', async (t) => {
    const command = provisionCommand(t, cloud, {
      apply: { stdout: terraformStream('apply-linked-access'), exitCode: 1 },
    });
    const { code, stderr } = await command.run(...MAKE);
    assert.equal(code, 5);
    assert.match(stderr, /^error .*\n {2}why {3}.*\n {2}next {2}/m);
    assert.match(stderr, /LinkedAuthorizationFailed|linked/i);
    const { outcome, error, resources, endedAt } = reportOf(command);
    assert.deepEqual([outcome, error?.code], ['failed', 'terraform_failed']);
    assert.ok(endedAt && resources.some(({ result }) => result === 'failed'));
    assert.ok(!existsSync(join(command.dir, 'demo', 'provision.lock')));
  });

  test('a locked state is told with the call that unlocks it, and that call does', async (t) => {
    const command = provisionCommand(t, cloud, { plan: { stdout: terraformStream('plan-locked'), exitCode: 1 } });
    const { code, stderr } = await command.run(...MAKE);
    assert.equal(code, 5);
    const call = stderr.match(/oms (provision --env demo --unlock \S+)/)?.[1];
    assert.equal(call, `provision --env demo --unlock ${LOCK_ID}`);
    const unlocked = await command.run(...call.split(' '), '--yes');
    assert.equal(unlocked.code, 0, unlocked.stderr);
    assert.deepEqual(command.terraform.calls().at(-1)?.args, ['force-unlock', '-force', LOCK_ID]);
  });

  test('Ctrl-C asks Terraform once, and waits; a second one explains the lock', async (t) => {
    const waits = { until: 'release', stdout: terraformStream('apply-cancel-after'), exitCode: 1 } as const;
    const apply = { stdout: terraformStream('apply-cancel-before'), waits };
    const command = provisionCommand(t, cloud, { apply });
    const { said, ended, press, seen } = command.start(...MAKE);
    await seen('module.namespace.azurerm_eventhub_namespace.main: creating');
    press();
    await seen('Terraform is stopping');
    press();
    await seen(/Terraform \(process \d+\) still holds the lock/);
    command.terraform.release();
    assert.equal(await ended, 130);
    assert.deepEqual(command.terraform.signals(), ['INT']);
    assert.match(said.stderr, /next {2}oms provision --env demo/);
    assert.deepEqual([reportOf(command).outcome, reportOf(command).error?.code], ['interrupted', 'interrupted']);
  });

  test('one run at a time; one that was killed is told of by the next', async (t) => {
    const apply = { stdout: '', waits: { until: 'release', stdout: '', exitCode: 0 } } as const;
    const command = provisionCommand(t, cloud, { apply });
    const { terraform } = command;
    const first = command.start(...MAKE);
    await until('the apply to begin', terraform.isWaiting, 60_000);
    const second = await command.run(...MAKE);
    assert.deepEqual([second.code, /another oms command/.test(second.stderr)], [3, true], second.stderr);
    first.kill();
    await first.ended;
    const third = await command.run(...MAKE);
    assert.deepEqual([third.code, /earlier run is still at work/.test(third.stderr)], [5, true], third.stderr);
    terraform.release();
    await until('Terraform to end', () => existsSync(terraform.ended));
    terraform.answer('plan', NOTHING.plan);
    terraform.answer('show', NOTHING.show);
    const { stderr } = await command.run('provision', '--env', 'demo', '--no-canary');
    assert.match(stderr, /did not come to its end: it was killed/);
  });

  test('what somebody changed ends with 2, from old to new', async (t) => {
    const command = provisionCommand(t, cloud);
    assert.equal((await command.apply(...MAKE)).code, 0);
    const [before, after] = [true, false].map((on) => ({ name: 'ns', auto_inflate_enabled: on }));
    const resource = planned('azurerm_eventhub_namespace', ['update'], { before, after });
    command.terraform.answer('show', { stdout: JSON.stringify(plan([], [resource])) });
    const { code, stdout } = await command.run('provision', '--drift');
    assert.equal(code, 2);
    assert.match(stdout, /^ {2}auto_inflate_enabled: true -> false$/m);
    const asJson = await command.run('provision', '--drift', '--json');
    const { status, result } = JSON.parse(asJson.stdout);
    assert.deepEqual([asJson.code, status, result.drifted, asJson.stderr], [2, 2, true, '']);
    command.terraform.answer('show', NOTHING.show);
    assert.equal((await command.run('provision', '--drift')).code, 0);
  });

  test('nothing is made without a yes', async (t) => {
    const command = provisionCommand(t, cloud);
    const { code, stderr } = await command.run('provision', ...RECORDED_FLAGS);
    assert.equal(code, 3);
    assert.match(stderr, /next {2}the same command with --yes/);
    assert.ok(!commandsOf(command).includes('apply'));
  });

  test('an expired login is told before anything is begun', async (t) => {
    const command = provisionCommand(t, cloud);
    command.az.answer([{ when: 'account get-access-token', stderr: AZ_SAYS.expired }, ...command.azAnswers]);
    const { code, stderr } = await command.run(...MAKE);
    assert.deepEqual([code, /az login/.test(stderr)], [4, true], stderr);
    assert.ok(!existsSync(command.dir));
  });

  test('what was remembered of an environment is never passed over when it is damaged', async (t) => {
    const command = provisionCommand(t, cloud);
    mkdirSync(join(command.dir, 'demo'), { recursive: true });
    writeFileSync(join(command.dir, 'demo', 'environment.json'), '{"version": 1, "name"');
    for (const args of [MAKE, ['provision', '--drift'], ['destroy', '--confirm', 'demo']]) {
      const { code, stderr } = await command.run(...args);
      assert.deepEqual([code, /environment\.json cannot be used/.test(stderr)], [2, true], stderr);
    }
    assert.deepEqual(commandsOf(command), []);
  });

  for (const [what, args] of WRONG_CALLS) {
    test(`${what} is a wrong call, and terraform hears nothing of it`, async (t) => {
      const command = provisionCommand(t, cloud);
      const { code, stderr } = await command.run('provision', ...args, '--plan-only', '--rate', '5000');
      assert.deepEqual([code, /^error /.test(stderr), commandsOf(command)], [2, true, []], stderr);
      assert.doesNotMatch(stderr, /hunter2|^ +at /m);
    });
  }

  test('a plan that nobody reads to its end', async (t) => {
    const command = provisionCommand(t, cloud);
    const running = command.start('provision', ...RECORDED_FLAGS, '--plan-only');
    running.closeStdout();
    assert.equal(await running.ended, 0);
    assert.doesNotMatch(running.said.stderr, /EPIPE|^ +at /m);
  });

  test('everything that is missing is named at once', async (t) => {
    const { code, stderr } = await provisionCommand(t, cloud).run('provision', '--no-prompt');
    assert.equal(code, 2);
    assert.match(stderr, /missing: --region NAME, --rate ORDERS-A-SECOND, --certificate FILE/);
  });
});

suite('oms destroy, with a recording of Terraform', () => {
  test('wants the name, then destroys and forgets the outputs', async (t) => {
    const command = provisionCommand(t, cloud);
    assert.equal((await command.apply(...MAKE)).code, 0);
    const resource = planned('azurerm_eventhub_namespace', ['delete'], { before: { name: 'ns' } });
    command.terraform.answer('show', { stdout: JSON.stringify(plan([resource])) });
    command.terraform.answer('apply', { stdout: '' });
    const applies = () => commandsOf(command).filter((name) => name === 'apply').length;
    const refused = await command.run('destroy', '--env', 'demo');
    assert.deepEqual([refused.code, applies()], [3, 1]);
    assert.match(refused.stderr, /oms destroy --env demo --confirm demo/);
    const { code, stdout, stderr } = await command.run('destroy', '--env', 'demo', '--confirm', 'demo');
    assert.deepEqual([code, applies()], [0, 2], stderr);
    assert.match(stdout, /^Destroyed\.$/m);
    assert.ok(command.terraform.calls().some(({ args }) => args.includes('-destroy')));
    assert.ok(!existsSync(join(command.dir, 'demo', 'outputs.json')));
    assert.deepEqual([reportOf(command).command, reportOf(command).outcome], ['oms destroy', 'done']);
  });

  test('knows nothing of an environment that was never made', async (t) => {
    const { code, stderr } = await provisionCommand(t, cloud).run('destroy', '--env', 'demo', '--confirm', 'demo');
    assert.deepEqual([code, /nothing is known of an environment demo/.test(stderr)], [4, true], stderr);
  });
});
