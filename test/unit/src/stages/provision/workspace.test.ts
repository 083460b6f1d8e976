import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { openRunReport } from '../../../../../src/stages/provision/report.ts';
import { prepareWorkspace } from '../../../../../src/stages/provision/workspace.ts';
import { provisionSetting } from '../../../../helpers/provision-setting.ts';
import { demoEnvironment } from '../../../../helpers/provisioned.ts';

const TEMPLATE = join(import.meta.dirname, '../../../../../templates/terraform');
const NEVER_A_PID = 2 ** 22 + 1;

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** Everything below a folder with its permissions. */
const modes = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => ({
    folder: entry.isDirectory(),
    mode: statSync(join(entry.parentPath, entry.name)).mode & 0o777,
  }));

suite('the working folder', () => {
  test('the template, the values and the backend, for their owner alone', async (t) => {
    const { paths, context, notes } = provisionSetting(t);
    await prepareWorkspace(demoEnvironment(), paths, context);
    assert.equal(
      readFileSync(join(paths.terraform, 'main.tf'), 'utf8'),
      readFileSync(join(TEMPLATE, 'main.tf'), 'utf8'),
    );
    assert.ok(existsSync(join(paths.terraform, 'modules/namespace/main.tf')));
    assert.equal(json(paths.variables).names.namespace, 'evhns-oms-demo');
    assert.equal(json(paths.backend).terraform.backend.local.path, paths.localState);
    assert.deepEqual(notes, []);
    assert.equal(statSync(paths.folder).mode & 0o777, 0o700);
    for (const { folder, mode } of modes(paths.folder)) assert.equal(mode, folder ? 0o700 : 0o600);
  });

  test("providers, their lock file and the state stay; the template's former files go", async (t) => {
    const { paths, context } = provisionSetting(t);
    const file = (name: string) => join(paths.terraform, name);
    await prepareWorkspace(demoEnvironment(), paths, context);
    const kept = ['.terraform.lock.hcl', 'terraform.tfstate', 'terraform.tfstate.backup', '.terraform/providers/x'];
    mkdirSync(file('.terraform/providers'), { recursive: true });
    for (const name of kept) writeFileSync(file(name), name);
    writeFileSync(file('gone.tf'), '');
    writeFileSync(file('main.tf'), 'edited by hand');
    writeFileSync(
      file('.oms-files.json'),
      JSON.stringify([...json(file('.oms-files.json')), 'gone.tf', '../../outside']),
    );
    writeFileSync(join(paths.folder, '..', 'outside'), '');
    await prepareWorkspace(demoEnvironment(), paths, context);
    for (const name of kept) assert.equal(readFileSync(file(name), 'utf8'), name);
    assert.ok(!existsSync(file('gone.tf')));
    assert.ok(existsSync(join(paths.folder, '..', 'outside')));
    assert.equal(readFileSync(file('main.tf'), 'utf8'), readFileSync(join(TEMPLATE, 'main.tf'), 'utf8'));
  });

  test('files of others that Terraform would read are named', async (t) => {
    const { paths, context, notes } = provisionSetting(t);
    await prepareWorkspace(demoEnvironment(), paths, context);
    writeFileSync(join(paths.terraform, 'mine_override.tf'), '');
    writeFileSync(join(paths.terraform, 'notes.txt'), '');
    await prepareWorkspace(demoEnvironment(), paths, context);
    assert.deepEqual(notes, ['Terraform reads these files as well, which are not of oms: mine_override.tf']);
  });

  test('what protects the resources is released for destroying them, and back again', async (t) => {
    const { paths, context } = provisionSetting(t);
    const released = join(paths.terraform, 'modules/archive/release_override.tf.json');
    await prepareWorkspace(demoEnvironment(), paths, context, { release: true });
    assert.ok(existsSync(released));
    await prepareWorkspace(demoEnvironment(), paths, context);
    assert.ok(!existsSync(released));
    assert.ok(!existsSync(join(paths.terraform, 'release')));
  });

  test('a budget keeps the month it began with', async (t) => {
    const { paths, context } = provisionSetting(t);
    const environment = demoEnvironment({ monthlyBudget: 500 });
    await prepareWorkspace(environment, paths, context);
    const later = { ...context, now: () => new Date('2027-03-05T00:00:00Z') };
    await prepareWorkspace(environment, paths, later);
    assert.equal(json(paths.variables).budget.start_date, '2026-11-01T00:00:00Z');
  });

  test('a folder that is none, and a list of files that is garbage', async (t) => {
    const { paths, context } = provisionSetting(t);
    mkdirSync(paths.folder, { recursive: true });
    writeFileSync(paths.terraform, 'a file');
    await assert.rejects(prepareWorkspace(demoEnvironment(), paths, context), {
      code: 'disk',
      message: `${paths.terraform} cannot be used`,
    });
    const other = provisionSetting(t);
    mkdirSync(other.paths.terraform, { recursive: true });
    writeFileSync(join(other.paths.terraform, '.oms-files.json'), '{');
    await prepareWorkspace(demoEnvironment(), other.paths, other.context);
  });
});

suite('what an earlier run has left', () => {
  test('a run without an end, a plan that was never applied, the mark of a dead process', async (t) => {
    const { paths, context, notes } = provisionSetting(t);
    const recorder = await openRunReport(paths, { command: 'oms provision', environment: 'demo' }, context);
    const process = { pid: NEVER_A_PID, startTime: '1' };
    writeFileSync(recorder.file, JSON.stringify({ ...recorder.report, process }));
    mkdirSync(paths.terraform, { recursive: true });
    writeFileSync(paths.plan, 'a plan');
    writeFileSync(paths.lock, String(NEVER_A_PID));
    await prepareWorkspace(demoEnvironment(), paths, context);
    assert.equal(notes.length, 3);
    assert.match(notes[0]!, /^oms provision of 2026-11-21T10:15:00\.000Z .* did not come to its end/);
    assert.ok(!existsSync(paths.plan));
  });

  test('this very run is not one of them', async (t) => {
    const { paths, context, notes } = provisionSetting(t);
    await openRunReport(paths, { command: 'oms provision', environment: 'demo' }, context);
    await context.machine.withLock(paths.lock, () => prepareWorkspace(demoEnvironment(), paths, context));
    assert.deepEqual(notes, []);
  });

  test('nothing is begun while Terraform of an earlier run is still at work', async (t) => {
    const { paths, context } = provisionSetting(t);
    const recorder = await openRunReport(paths, { command: 'oms provision', environment: 'demo' }, context);
    recorder.recordTerraform(process.pid);
    await assert.rejects(prepareWorkspace(demoEnvironment(), paths, context), {
      code: 'state_locked',
      message: 'Terraform of an earlier run is still at work',
    });
  });
});
