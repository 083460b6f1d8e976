import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { OmsError } from '../../../../../src/errors.ts';
import { openRunReport, RunReport, recentRunReports } from '../../../../../src/stages/provision/report.ts';
import { provisionSetting } from '../../../../helpers/provision-setting.ts';

const FACTS = { command: 'oms provision', environment: 'demo' };
const validator = Compile(RunReport);

const read = (file: string) => {
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
  assert.ok(validator.Check(report), JSON.stringify(validator.Errors(report)));
  return report as RunReport;
};

suite('the report of a run', () => {
  test('is there from the beginning, and says that the run goes on', async (t) => {
    const { paths, context } = provisionSetting(t);
    const { file, report } = await openRunReport(paths, FACTS, context);
    assert.deepEqual(read(file), report);
    assert.deepEqual([report.outcome, report.endedAt, report.process?.pid], ['running', null, process.pid]);
    assert.equal(report.correlationId, context.terraform.correlationId);
    assert.equal(readFileSync(join(paths.runs, 'latest'), 'utf8'), `${report.run}\n`);
  });

  test('grows with the run: what was applied, read back and seen', async (t) => {
    const { paths, context } = provisionSetting(t);
    const recorder = await openRunReport(paths, FACTS, context);
    recorder.record({ sizing: { units: 6 } });
    recorder.recordTerraform(process.pid);
    assert.equal(read(recorder.file).terraformProcess?.pid, process.pid);
    const resources = [{ address: 'a.b', action: 'create', seconds: 3, result: 'done' as const }];
    const summary = { added: 1, changed: 0, removed: 0 };
    const report = { outcome: 'applied' as const, terraform: '1.16.0', seconds: 3, summary, total: 1, resources };
    recorder.recordApply({ ...report, diagnostics: [{ severity: 'warning', summary: 'w' }] });
    recorder.record({ readBack: { findings: [] }, canary: { partition: '0' } });
    recorder.finish();
    const written = read(recorder.file);
    assert.deepEqual([written.outcome, written.endedAt], ['done', '2026-11-21T10:15:00.000Z']);
    assert.deepEqual([written.resources, written.summary, written.terraformProcess], [resources, summary, null]);
    assert.deepEqual([written.sizing, written.canary], [{ units: 6 }, { partition: '0' }]);
  });

  test('a failure is told with its code, a bug as one', async (t) => {
    const { paths, context } = provisionSetting(t);
    const recorder = await openRunReport(paths, FACTS, context);
    recorder.finish(new OmsError('state_locked', 'locked', { why: 'somebody holds it' }));
    const { outcome, error } = read(recorder.file);
    assert.deepEqual(
      [outcome, error],
      ['failed', { code: 'state_locked', message: 'locked', why: 'somebody holds it' }],
    );
    recorder.finish(new TypeError('x is not a function'));
    assert.equal(read(recorder.file).error?.code, 'bug');
  });

  test('that cannot be written any more is told once, and stops nothing', async (t) => {
    const { paths, context, notes } = provisionSetting(t);
    let full = false;
    const writeJson: typeof context.machine.writeJson = (...args) => {
      if (full) throw new Error('ENOSPC: no space left on device');
      context.machine.writeJson(...args);
    };
    const recorder = await openRunReport(paths, FACTS, { ...context, machine: { ...context.machine, writeJson } });
    full = true;
    recorder.recordTerraform(process.pid);
    recorder.finish(new OmsError('terraform_failed', 'no'));
    assert.deepEqual(notes, [`The report ${recorder.file} cannot be written: ENOSPC: no space left on device`]);
    assert.deepEqual([recorder.report.outcome, read(recorder.file).outcome], ['failed', 'running']);
  });

  test('an interrupted run is neither done nor failed', async (t) => {
    const { paths, context, abort } = provisionSetting(t);
    const recorder = await openRunReport(paths, FACTS, context);
    abort.abort();
    recorder.finish(new Error('anything'));
    assert.equal(read(recorder.file).outcome, 'interrupted');
  });

  test('earlier ones are found, the newest first; what cannot be read and this very run are not', async (t) => {
    const { paths, context } = provisionSetting(t);
    const others = ['20261120T090000-aaaa', '20261121T090000-bbbb', '20261121T093000-cccc'];
    const { report } = await openRunReport(paths, FACTS, context);
    for (const run of others) {
      mkdirSync(join(paths.runs, run));
      writeFileSync(join(paths.runs, run, 'report.json'), JSON.stringify({ ...report, run, process: null }));
    }
    writeFileSync(join(paths.runs, others[1]!, 'report.json'), '{"version": 1');
    const found = await recentRunReports(paths, context);
    assert.deepEqual(
      found.map(({ run }) => run),
      [others[2], others[0]],
    );
  });

  test('without any run there is none', async (t) => {
    const { paths, context } = provisionSetting(t);
    assert.deepEqual(await recentRunReports(paths, context), []);
  });
});
