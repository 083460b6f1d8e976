import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fakeTerraform, type TerraformAnswer, terraformStream } from '../../helpers/fake-terraform.ts';
import { killIfThere } from '../../helpers/kill.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

const COMMAND = join(import.meta.dirname, 'apply-command.ts');
const BEGUN = 'module.namespace.azurerm_eventhub_namespace.main: creating';

type Waiting = NonNullable<TerraformAnswer['waits']>;

/** The command as a process group of its own, as a shell starts it in the foreground; `press` is Ctrl-C. */
function start(t: TestContext, waits: Waiting, args: readonly string[] = []) {
  const stdout = terraformStream('apply-cancel-before');
  const terraform = fakeTerraform(t, { apply: { stdout, waits } });
  const dir = tempFolder(t);
  mkdirSync(join(dir, 'demo', 'terraform'), { recursive: true });
  const env = { PATH: `${terraform.bin}:${process.env.PATH}`, HOME: dir, NO_COLOR: '1', OMS_DIR: dir };
  const child = spawn(process.execPath, [COMMAND, ...args], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (said.stdout += chunk));
  child.stderr.on('data', (chunk) => (said.stderr += chunk));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  t.after(() => {
    if (child.exitCode === null && child.signalCode === null) killIfThere(-child.pid!);
  });
  const press = (signal: NodeJS.Signals = 'SIGINT') => process.kill(-child.pid!, signal);
  const seen = (text: string | RegExp) => until(`"${text}" on stderr`, () => said.stderr.match(text));
  return { terraform, said, ended, press, seen };
}

suite('Ctrl-C on a terminal, which reaches the whole process group', () => {
  test('the first one: terraform gets one signal and is waited for', async (t) => {
    const afterwards = terraformStream('apply-cancel-after');
    const { terraform, said, ended, press, seen } = start(t, { until: 'interrupt', stdout: afterwards, exitCode: 1 });
    await seen(BEGUN);
    press();
    assert.equal(await ended, 130);
    assert.deepEqual(terraform.signals(), ['INT']);
    assert.match(said.stderr, /Terraform is stopping/);
    assert.match(said.stderr, /4 of 14 resources are done; begun and not finished: module\.namespace/);
    assert.match(said.stderr, /next {2}oms provision --env demo/);
  });

  test('a terminal that closes, and says so more than once, takes nothing of that patience', async (t) => {
    const { terraform, said, ended, press, seen } = start(t, { until: 'release', stdout: '', exitCode: 1 });
    await seen(BEGUN);
    press('SIGHUP');
    await seen('Terraform is stopping');
    for (let again = 0; again < 3; again++) press('SIGHUP');
    await until('one signal', () => terraform.signals().length === 1);
    press();
    await seen(/still holds the lock/);
    terraform.release();
    assert.equal(await ended, 130);
    assert.match(said.stderr, /3 of 14 resources are done/);
  });

  test('the second one explains; terraform is neither asked again nor killed', async (t) => {
    const { terraform, said, ended, press, seen } = start(t, { until: 'release', stdout: '', exitCode: 1 });
    await seen(BEGUN);
    press();
    await seen('Terraform is stopping');
    press();
    await seen(/Terraform \(process \d+\) still holds the lock/);
    await seen('oms provision --env demo --unlock ID');
    terraform.release();
    assert.equal(await ended, 130);
    assert.deepEqual(terraform.signals(), ['INT']);
    assert.match(said.stderr, /3 of 14 resources are done/);
  });

  test('the third one leaves oms alone; terraform goes on to its end, and can write what it likes', async (t) => {
    const afterwards = terraformStream('apply-success').repeat(5);
    const { terraform, ended, press, seen } = start(t, { until: 'release', stdout: afterwards, exitCode: 0 });
    await seen(BEGUN);
    press();
    await seen('Terraform is stopping');
    press();
    await seen('still holds the lock');
    press();
    assert.equal(await ended, 130);
    assert.ok(!existsSync(terraform.ended));
    terraform.release();
    await until('terraform to come to its end', () => existsSync(terraform.ended));
    assert.deepEqual(terraform.signals(), ['INT']);
  });

  test('with --json nothing is told on the way, and the envelope says what happened', async (t) => {
    const { terraform, said, ended, press } = start(t, { until: 'interrupt', stdout: '', exitCode: 1 }, ['--json']);
    await until('terraform to wait', () => existsSync(terraform.waiting));
    press();
    assert.equal(await ended, 130);
    assert.equal(said.stderr, '');
    const { status, error } = JSON.parse(said.stdout);
    assert.deepEqual([status, error.code], [130, 'interrupted']);
  });
});
