import { findByVariable, isRunning, type ProcessIdentity } from '../../../lib/runtime/process-identity.ts';
import { readState, SUPERVISED_BY, type SupervisorState, stopDeadlineFor } from '../../../lib/runtime/supervision.ts';
import { terminate } from '../../../lib/runtime/terminate.ts';
import type { Machine } from '../../adapters/machine.ts';
import type { Context } from '../../context.ts';
import { OmsError } from '../../errors.ts';
import { confirm } from '../../ui/confirm.ts';
import { runSteps } from '../../ui/steps.ts';
import { isProcessRunning, runningPids } from './converge.ts';
import { ServerRecord } from './database.ts';
import { type LocalPaths, localPaths } from './paths.ts';

/** The supervisor stops its children one after the other, each with a deadline of its own. */
const SUPERVISOR_DEADLINE_MS = 70_000;
const CHILD_DEADLINE_MS = 30_000;

export interface DownResult {
  /** Names of the processes that ran and were stopped. */
  stopped: string[];
  /** Whether data, ports and secrets were removed. */
  purged: boolean;
}

const identityOf = ({ pid, startTime }: { pid: number | null; startTime: string | null }): ProcessIdentity => ({
  pid: pid ?? 0,
  startTime: startTime ?? '',
});

/** What a killed supervisor has left, the last started first; then what no file tells of. */
async function stopLeftovers(paths: LocalPaths, state: SupervisorState | undefined): Promise<void> {
  const recorded = (state?.processes ?? []).filter(isProcessRunning).toReversed();
  for (const found of recorded) {
    await terminate(identityOf(found), stopDeadlineFor(found.status, CHILD_DEADLINE_MS));
  }
  const strays = findByVariable(SUPERVISED_BY, paths.stateFile);
  await Promise.all(strays.map((stray) => terminate(stray, CHILD_DEADLINE_MS)));
}

/** Ends every process of the stack; none is left, whether a supervisor was there or not. */
export async function stopStack(machine: Machine, paths: LocalPaths): Promise<string[]> {
  const before = readState(paths.stateFile);
  const stopped = [...runningPids(before).keys()];
  if (before && isRunning(before)) await terminate(before, SUPERVISOR_DEADLINE_MS);
  await stopLeftovers(paths, readState(paths.stateFile));
  const server = await machine.readJson(paths.serverFile, ServerRecord);
  if (server?.how === 'docker') await machine.stopContainer(paths.databaseDir);
  return stopped;
}

async function purge(machine: Machine, paths: LocalPaths): Promise<void> {
  const server = await machine.readJson(paths.serverFile, ServerRecord);
  if (server?.how === 'docker') await machine.removeContainer(paths.databaseDir);
  await machine.removeFolder(paths.localDir);
}

async function confirmPurge(context: Context, paths: LocalPaths, yes: boolean): Promise<void> {
  const question = `Remove the local database, the event log and everything else in ${paths.localDir}?`;
  if (yes || (await confirm(context.terminal, question, 'oms down --purge --yes'))) return;
  throw new OmsError('refused', 'nothing was stopped or removed', { next: ['oms down', 'oms down --purge --yes'] });
}

/** Stops the local stack; with `purge` its data goes too. */
export async function down(context: Context, options: { purge: boolean; yes: boolean }): Promise<DownResult> {
  const { machine, terminal } = context;
  const paths = localPaths(context.settings.dir);
  if (options.purge) await confirmPurge(context, paths, options.yes);
  const result: DownResult = { stopped: [], purged: options.purge };
  const stop = async () => {
    if (machine.exists(paths.localDir)) {
      result.stopped = await machine.withLock(paths.lockFile, () => stopStack(machine, paths));
    }
    return result.stopped.length > 0 ? result.stopped.join(', ') : 'nothing was running';
  };
  const remove = async () => {
    await purge(machine, paths);
    return paths.localDir;
  };
  await runSteps(terminal, undefined, [
    { title: 'Stop', run: stop },
    ...(options.purge ? [{ title: 'Remove', run: remove }] : []),
  ]);
  return result;
}
