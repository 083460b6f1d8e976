import { isRunning } from '../../../lib/runtime/process-identity.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import type { EnvironmentPaths } from './environment.ts';
import { latestRunReport, type RunReport } from './report.ts';

type Paths = Pick<EnvironmentPaths, 'runs' | 'lock' | 'plan'>;

/**
 * An earlier oms may have left while its Terraform went on.
 * @throws {OmsError} state_locked while it is still at work.
 */
export async function refuseWhileTerraformRuns(
  paths: Pick<EnvironmentPaths, 'runs'>,
  context: Pick<Context, 'machine'>,
): Promise<void> {
  const report = await latestRunReport(paths, context);
  const terraform = report?.terraformProcess;
  if (!report || !terraform || !isRunning(terraform)) return;
  throw new OmsError('state_locked', 'Terraform of an earlier run is still at work', {
    why: `process ${terraform.pid} of run ${report.run} holds the lock of the state`,
    next: ['wait until it has ended, then try again', `ps -p ${terraform.pid}`],
  });
}

function unfinishedText({ run, command, startedAt, process }: RunReport): string | undefined {
  if (process && isRunning(process)) return undefined;
  return `${command} of ${startedAt} (run ${run}) did not come to its end: it was killed, or the machine went down. This run finds out what is there and goes on.`;
}

/** What an earlier run that did not come to its end has left, in sentences; nothing as a rule. */
export async function leftBehind(paths: Paths, context: Pick<Context, 'machine'>): Promise<string[]> {
  const { machine } = context;
  const report = await latestRunReport(paths, context);
  const unfinished = report?.endedAt === null && unfinishedText(report);
  const deadLock = machine.exists(paths.lock) && (await machine.lockHolder(paths.lock)) === undefined;
  return [
    ...(unfinished ? [unfinished] : []),
    ...(deadLock ? ['The process that was changing this environment is gone; its mark is taken away.'] : []),
    ...(machine.exists(paths.plan) ? ['A plan that was never applied is thrown away and made anew.'] : []),
  ];
}
