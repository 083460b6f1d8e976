import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { createEngine } from '../../../../../src/adapters/terraform/create-engine.ts';
import type { OmsError } from '../../../../../src/errors.ts';
import type { TerraformMessage } from '../../../../../src/tools/terraform-messages.ts';
import { fakeProgram } from '../../../../helpers/fake-program.ts';
import { fakeTerraform, type TerraformAnswers, terraformStream } from '../../../../helpers/fake-terraform.ts';
import { setEnvironment } from '../../../../helpers/set-environment.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

function setUp(t: TestContext, answers: TerraformAnswers = {}, options: { debug?: boolean } = {}) {
  const terraform = fakeTerraform(t, answers);
  const engine = createEngine({ program: terraform.program, debug: false, ...options });
  const folder = join(tempFolder(t), 'demo', 'terraform');
  mkdirSync(folder, { recursive: true });
  const messages: TerraformMessage[] = [];
  const base = { folder, signal: new AbortController().signal };
  return {
    terraform,
    engine,
    folder,
    messages,
    base,
    onMessage: (message: TerraformMessage) => messages.push(message),
  };
}

suite('calling terraform', () => {
  test('its version, or nothing', async (t) => {
    assert.equal(await setUp(t).engine.version(), '1.16.0');
    assert.equal(await createEngine({ program: '/no/such/terraform' }).version(), undefined);
  });

  test('a version that is asked for in vain is given up on, with what a wrapper has started', async (t) => {
    const program = fakeProgram(join(tempFolder(t), 'terraform'), 'sleep 60; true');
    const engine = createEngine({ program, signal: AbortSignal.timeout(100) });
    assert.equal(await engine.version(), undefined);
  });

  test('init never upgrades, and leaves a lock file that is there as it is', async (t) => {
    const { engine, terraform, base, folder } = setUp(t, { init: { stdout: terraformStream('plan-create') } });
    const lines: string[] = [];
    await engine.init({ ...base, onLine: (line) => lines.push(line) });
    writeFileSync(join(folder, '.terraform.lock.hcl'), '');
    await engine.init(base);
    assert.deepEqual(
      terraform.calls().map(({ args }) => args),
      [
        ['init', '-input=false', '-json', '-reconfigure'],
        ['init', '-input=false', '-json', '-reconfigure', '-lockfile=readonly'],
      ],
    );
    assert.equal(lines[0], 'Terraform 1.16.0');
  });

  test('a plan says whether it changes anything', async (t) => {
    const { engine, terraform, base, messages, onMessage } = setUp(t, {
      plan: { stdout: terraformStream('plan-create'), exitCode: 2 },
    });
    assert.deepEqual(await engine.plan({ ...base, planFile: 'p', onMessage }), { changes: true });
    assert.equal(messages.filter(({ type }) => type === 'planned_change').length, 14);
    terraform.answer('plan', { exitCode: 0 });
    assert.deepEqual(await engine.plan({ ...base, planFile: 'p', mode: 'refresh-only', onMessage }), {
      changes: false,
    });
    assert.deepEqual(
      terraform.calls().map(({ args }) => args.join(' ')),
      [
        'plan -input=false -json -detailed-exitcode -out=p',
        'plan -input=false -json -detailed-exitcode -refresh-only -out=p',
      ],
    );
  });

  test('a plan as data, outputs without secrets, the addresses of the state', async (t) => {
    const { engine, base } = setUp(t, {
      show: { stdout: '{"format_version":"1.2","resource_changes":[]}' },
      output: {
        stdout: '{"hubs": {"sensitive": false, "value": [1]},\n"key": {"sensitive": true, "value": "canary"}}',
      },
      'state-list': { stdout: 'azurerm_resource_group.main\nmodule.vault.azurerm_key_vault.main\n' },
    });
    assert.deepEqual(await engine.showPlan({ ...base, planFile: 'p' }), {
      format_version: '1.2',
      resource_changes: [],
    });
    assert.deepEqual(await engine.outputs(base), { hubs: [1] });
    assert.deepEqual(await engine.resources(base), [
      'azurerm_resource_group.main',
      'module.vault.azurerm_key_vault.main',
    ]);
  });

  test('what is no plan is not taken for one', async (t) => {
    const { engine, base } = setUp(t, { show: { stdout: '{"format_version": 7}' } });
    await assert.rejects(engine.showPlan({ ...base, planFile: 'p' }), {
      code: 'terraform_failed',
      message: 'terraform show answered with something else than expected',
      why: '/format_version must be string',
    });
  });

  test('forgetting and unlocking', async (t) => {
    const { engine, terraform, base } = setUp(t);
    await engine.forget({ ...base, address: 'module.a.b["c"]' });
    await engine.unlock({ ...base, lockId: 'an-id' });
    assert.deepEqual(
      terraform.calls().map(({ args }) => args),
      [
        ['state', 'rm', 'module.a.b["c"]'],
        ['force-unlock', '-force', 'an-id'],
      ],
    );
  });
});

suite('what terraform is told beside its arguments', () => {
  test('secrets go through the environment, and nowhere else', async (t) => {
    const { engine, terraform, base, onMessage } = setUp(t);
    await engine.apply({ ...base, planFile: 'p', secrets: { 'admin-token': 'canary-7f' }, onMessage });
    assert.equal(terraform.secrets(), '{"admin-token":"canary-7f"}');
    assert.deepEqual(terraform.calls()[0]?.args, ['apply', '-input=false', '-json', 'p']);
  });

  test('it asks nothing, does not call home, and all its requests bear one id', async (t) => {
    const { engine, terraform, base, onMessage } = setUp(t);
    await engine.apply({ ...base, planFile: 'p', onMessage });
    const { env } = terraform.calls()[0]!;
    const wanted = ['TF_IN_AUTOMATION', 'TF_INPUT', 'CHECKPOINT_DISABLE', 'TF_APPEND_USER_AGENT'];
    assert.deepEqual(
      wanted.filter((name) => !env.includes(name)),
      [],
    );
    assert.ok(env.includes('ARM_CORRELATION_REQUEST_ID'));
    assert.match(engine.correlationId, /^[0-9a-f-]{36}$/);
  });

  test("the shell's own settings do not reach in, its proxy and its configuration do", async (t) => {
    const hindering = { TF_LOG: 'trace', TF_LOG_PATH: '/tmp/x', TF_CLI_ARGS_init: '-upgrade', TF_VAR_location: 'x' };
    setEnvironment(t, {
      ...hindering,
      TF_WORKSPACE: 'other',
      TF_DATA_DIR: '/tmp',
      HTTPS_PROXY: 'http://p',
      TF_PLUGIN_CACHE_DIR: '/c',
    });
    const { engine, terraform, base } = setUp(t);
    await engine.init(base);
    const { env } = terraform.calls()[0]!;
    assert.deepEqual(
      env.filter((name) => /^TF_(LOG|CLI_ARGS|VAR_|WORKSPACE|DATA_DIR)/.test(name)),
      [],
    );
    assert.ok(env.includes('HTTPS_PROXY') && env.includes('TF_PLUGIN_CACHE_DIR'));
  });

  test('it signs in as az does, whatever the shell holds for others', async (t) => {
    const others = ['CLIENT_ID', 'CLIENT_SECRET', 'USE_OIDC', 'OIDC_TOKEN', 'SUBSCRIPTION_ID', 'ACCESS_KEY'];
    setEnvironment(t, Object.fromEntries([...others, 'ENVIRONMENT'].map((name) => [`ARM_${name}`, 'x'])));
    const { engine, terraform, base } = setUp(t);
    await engine.init(base);
    const found = terraform.calls()[0]!.env.filter((name) => name.startsWith('ARM_'));
    assert.deepEqual(found.sort(), ['ARM_CORRELATION_REQUEST_ID', 'ARM_ENVIRONMENT']);
  });

  test('its log, which shows headers, passes where details were asked for', async (t) => {
    setEnvironment(t, { TF_LOG: 'trace' });
    const { engine, terraform, base } = setUp(t, {}, { debug: true });
    await engine.init(base);
    assert.ok(terraform.calls()[0]!.env.includes('TF_LOG'));
  });
});

suite('what terraform answers', () => {
  const applyOf = (name: string): TerraformAnswers => ({ apply: { stdout: terraformStream(name) } });

  test('unknown messages and odd ones pass with their text', async (t) => {
    const { engine, base, messages, onMessage } = setUp(t, applyOf('apply-unknown-types'));
    await engine.apply({ ...base, planFile: 'p', onMessage });
    assert.deepEqual(
      messages.slice(1, 3).map(({ type, '@message': text, hook }) => [type, text, hook]),
      [
        ['weather_report', 'the weather is fine', undefined],
        ['apply_start', 'odd hook', undefined],
      ],
    );
  });

  test('lines that are no messages are told as such and disturb nothing', async (t) => {
    const { engine, base, messages, onMessage } = setUp(t, applyOf('apply-garbage'));
    await engine.apply({ ...base, planFile: 'p', onMessage });
    const unreadable = messages.filter(({ type }) => type === 'unreadable');
    assert.equal(unreadable.length, 3);
    assert.match(unreadable[0]!['@message'], /^panic: runtime error/);
    assert.equal(messages.at(-1)?.type, 'change_summary');
  });

  test('a crash is told by its first line, however long the trace is', async (t) => {
    const trace = Array.from({ length: 200 }, (_, n) => `main.f${n}(0x1)\n\t/build/main.go:${n}`).join('\n');
    const stderr = `panic: runtime error: invalid memory address\n\ngoroutine 1 [running]:\n${trace}\n`;
    const { engine, base } = setUp(t, { 'state-list': { stderr, exitCode: 2 } });
    const error = await engine.resources(base).then(
      () => assert.fail('it went well'),
      (reason: unknown) => reason as OmsError,
    );
    assert.equal(error.message, 'panic: runtime error: invalid memory address');
    assert.equal(error.why?.split('\n').length, 5);
    assert.match(error.original!, /main\.f199/);
  });

  test('a major version of the format that is not known is refused, and terraform asked to stop', async (t) => {
    const { engine, base, terraform, onMessage } = setUp(t, {
      apply: { stdout: terraformStream('ui-2'), waits: { until: 'interrupt', stdout: '', exitCode: 1 } },
    });
    await assert.rejects(engine.apply({ ...base, planFile: 'p', onMessage }), {
      code: 'tool_missing',
      message: 'this Terraform speaks version 2.0 of its machine-readable output',
    });
    assert.deepEqual(terraform.signals(), ['INT']);
  });

  test('a failure is explained from its diagnostics, with the environment in the next step', async (t) => {
    const { engine, base, onMessage } = setUp(t, { plan: { stdout: terraformStream('plan-locked'), exitCode: 1 } });
    await assert.rejects(engine.plan({ ...base, planFile: 'p', onMessage }), (error: Error & { next: string[] }) => {
      assert.match(error.message, /locked/);
      assert.ok(error.next.some((step) => step.startsWith('oms provision --env demo --unlock 8f2b9a1e-')));
      return true;
    });
  });

  test('without diagnostics what it wrote to stderr is the reason', async (t) => {
    const box = '\u001b[31m╷\u001b[0m\n│ Error: No such lock\n│ \n│   on main.tf line 1:\n│ It is gone.\n╵\n';
    const { engine, base } = setUp(t, { 'force-unlock': { stderr: box, exitCode: 1 } });
    await assert.rejects(engine.unlock({ ...base, lockId: 'x' }), {
      code: 'terraform_failed',
      message: 'No such lock',
      original: 'No such lock\non main.tf line 1:\nIt is gone.',
    });
  });

  test('being killed has a name', async (t) => {
    const { engine, base, onMessage } = setUp(t, { apply: { exitCode: 137 } });
    await assert.rejects(engine.apply({ ...base, planFile: 'p', onMessage }), {
      code: 'terraform_failed',
      message: 'Terraform was killed from outside (exit code 137)',
    });
  });

  test('a machine without terraform', async (t) => {
    const { base } = setUp(t);
    await assert.rejects(createEngine({ program: '/no/such/terraform' }).init(base), { code: 'tool_missing' });
  });
});
