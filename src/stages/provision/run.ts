import type { Context } from '../../context.ts';
import { ApplyFailed, applyPlan } from './apply/apply.ts';
import type { ApplyReport } from './apply/apply-report.ts';
import type { EnvironmentPaths } from './environment.ts';
import { leftBehind, refuseWhileTerraformRuns } from './left-behind.ts';
import type { Planned } from './plan-environment.ts';
import { openRunReport, type RunRecorder } from './report.ts';

/**
 * Does work that has the environment to itself, and tells what a run that was cut off has left. A plan is good for the
 * run that made it.
 * @throws {OmsError} refused while another oms is at it; state_locked while Terraform of an earlier run is.
 */
export async function changing<T>(paths: EnvironmentPaths, context: Context, work: () => Promise<T>): Promise<T> {
  const { machine, terminal } = context;
  // Looked at before the mark and the report are this run's own.
  const notes = await leftBehind(paths, context);
  return machine.withLock(paths.lock, async () => {
    await refuseWhileTerraformRuns(paths, context);
    for (const note of notes) terminal.note(note);
    await machine.removeFolder(paths.plan);
    return work().finally(() => machine.removeFolder(paths.plan));
  });
}

/** Runs the work under a report that says how it went, however it ended. */
export async function recorded<T>(
  facts: { command: string; environment: string },
  paths: EnvironmentPaths,
  context: Context,
  work: (recorder: RunRecorder) => Promise<T>,
): Promise<T> {
  const recorder = await openRunReport(paths, facts, context);
  try {
    const result = await work(recorder);
    recorder.finish();
    return result;
  } catch (error) {
    recorder.finish(error);
    throw error;
  }
}

/** Applies what was planned; the run's report has what was done, also where it did not come to its end. */
export async function applyRecorded(
  {
    environment,
    paths,
    summary,
    secrets,
    log,
  }: Pick<Required<Planned>, 'environment' | 'paths' | 'summary' | 'secrets' | 'log'>,
  recorder: RunRecorder,
  context: Context,
  title?: string,
): Promise<ApplyReport> {
  const { counts } = summary;
  const call = {
    ...{ environment: environment.name, paths, planFile: paths.plan, secrets, log, onStart: recorder.recordTerraform },
    summaryCount: counts.create + counts.update + counts.replace + counts.delete,
    ...(title && { title }),
  };
  try {
    const report = await applyPlan(call, context);
    recorder.recordApply(report);
    return report;
  } catch (error) {
    if (error instanceof ApplyFailed) recorder.recordApply(error.report);
    throw error;
  }
}
