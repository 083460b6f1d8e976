import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { createEngine } from '../../../../../../src/adapters/terraform/create-engine.ts';
import { ApplyFailed, applyPlan } from '../../../../../../src/stages/provision/apply/apply.ts';
import { createDiagnosticLog } from '../../../../../../src/stages/provision/apply/diagnostic-log.ts';
import { fakeTerraform, type TerraformAnswer, terraformStream } from '../../../../../helpers/fake-terraform.ts';
import { quietContext } from '../../../../../helpers/quiet-context.ts';
import { tempFolder } from '../../../../../helpers/temp-folder.ts';
import { until } from '../../../../../helpers/until.ts';

const SECRET = 'canary-3a91f0';

function setUp(t: TestContext, apply: TerraformAnswer) {
  const terraform = fakeTerraform(t, { apply });
  const folder = join(tempFolder(t), 'demo', 'terraform');
  mkdirSync(folder, { recursive: true });
  const abort = new AbortController();
  const notes: string[] = [];
  const quiet = quietContext(folder, abort.signal);
  const terminal = { ...quiet.terminal, note: (text: string) => notes.push(text) };
  const engine = createEngine({ program: terraform.program, debug: false });
  const context = { ...quiet, terminal, terraform: engine };
  const options = { environment: 'demo', paths: { terraform: folder }, planFile: 'p', secrets: { token: SECRET } };
  return { terraform, abort, notes, context, options: { ...options, summaryCount: 14 } };
}

/** Applies, and interrupts once all of the stream was seen. */
async function interrupted(setting: ReturnType<typeof setUp>, stream: string) {
  const { context, options, abort } = setting;
  let seen = 0;
  const log = { ...createDiagnosticLog(context.terminal), onMessage: () => void seen++ };
  const applying = applyPlan({ ...options, log }, context);
  const settled = Promise.allSettled([applying]);
  await until('the stream to be read', () => seen === stream.trim().split('\n').length);
  abort.abort();
  await settled;
  return applying;
}

const failed = (check: (error: ApplyFailed) => void) => (error: unknown) => {
  assert.ok(error instanceof ApplyFailed);
  check(error);
  return true;
};

suite('applying a plan', () => {
  test('what it did, as data without a secret', async (t) => {
    const { context, options, terraform } = setUp(t, { stdout: terraformStream('apply-success') });
    const planFile = join(options.paths.terraform, options.planFile);
    writeFileSync(planFile, 'a plan');
    const report = await applyPlan(options, context);
    assert.ok(!existsSync(planFile));
    assert.deepEqual([report.outcome, report.total, report.resources.length], ['applied', 14, 14]);
    assert.doesNotMatch(JSON.stringify(report), new RegExp(SECRET));
    assert.match(terraform.secrets()!, new RegExp(SECRET));
    assert.ok(!terraform.calls().some(({ args }) => args.join(' ').includes(SECRET)));
  });

  test('a failure brings along what was done until then', async (t) => {
    const { context, options } = setUp(t, { stdout: terraformStream('apply-linked-access'), exitCode: 1 });
    await assert.rejects(
      applyPlan(options, context),
      failed(({ code, message, original, report }) => {
        assert.equal(code, 'terraform_failed');
        assert.match(message, /linked access check/);
        assert.match(original!, /SubCode=40000/);
        assert.equal(report.outcome, 'failed');
        assert.equal(report.resources.filter(({ result }) => result === 'done').length, 9);
        assert.equal(report.resources.find(({ result }) => result === 'failed')?.seconds, 12);
        assert.equal(report.diagnostics.length, 1);
      }),
    );
  });

  test('each warning is told once, those of the plan not again', async (t) => {
    const { context, options, notes } = setUp(t, { stdout: terraformStream('apply-warnings') });
    const log = createDiagnosticLog(context.terminal);
    log.onMessage({
      '@level': 'warn',
      '@message': '',
      type: 'diagnostic',
      diagnostic: { severity: 'warning', summary: 'Seen in the plan' },
    });
    log.tell();
    await applyPlan({ ...options, log }, context);
    assert.deepEqual(notes, [
      'warning  Seen in the plan',
      'warning  Not the real provider\n         hashicorp/azurerm is replaced by a schema stand-in: nothing is made in Azure.',
      'warning  azurerm_resource_group.main: Argument is deprecated\n         Use another one.',
    ]);
    assert.equal(log.warnings().length, 3);
  });

  test('being killed is no clean stop, even when a stop was wanted', async (t) => {
    const stdout = terraformStream('apply-cancel-before');
    const setting = setUp(t, { stdout, waits: { until: 'interrupt', stdout: '', exitCode: 137 } });
    await assert.rejects(
      interrupted(setting, stdout),
      failed(({ message, report }) => assert.deepEqual([/killed/.test(message), report.outcome], [true, 'failed'])),
    );
  });
});

suite('stopping an apply', () => {
  test('one interrupt; the report says what is done and what was begun', async (t) => {
    const stdout = terraformStream('apply-cancel-before');
    const afterwards = terraformStream('apply-cancel-after');
    const setting = setUp(t, { stdout, waits: { until: 'interrupt', stdout: afterwards, exitCode: 1 } });
    await assert.rejects(
      interrupted(setting, stdout),
      failed(({ code, why, next, report }) => {
        assert.equal(code, 'interrupted');
        assert.match(why!, /^4 of 14 resources are done; begun and not finished: module\.namespace/);
        assert.match(next[0]!, /^oms provision --env demo/);
        assert.equal(report.outcome, 'interrupted');
        assert.equal(report.resources.filter(({ result }) => result === 'not started').length, 9);
      }),
    );
    assert.deepEqual(setting.terraform.signals(), ['INT']);
  });

  test('terraform may come to its end all the same', async (t) => {
    const stdout = terraformStream('apply-success');
    const setting = setUp(t, { stdout, waits: { until: 'interrupt', stdout: '', exitCode: 0 } });
    assert.equal((await interrupted(setting, stdout)).outcome, 'applied');
  });
});
