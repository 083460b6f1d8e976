import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '../../../lib/runtime/process-identity.ts';
import {
  hashSpec,
  type ProcessSpec,
  type ProcessState,
  readState,
  type SupervisorSpec,
  type SupervisorState,
} from '../../../lib/runtime/supervision.ts';
import type { Machine } from '../../adapters/machine.ts';
import { OmsError } from '../../errors.ts';
import type { LocalPaths } from './paths.ts';

const POLL_MS = 20;
const READY_DEADLINE_MS = 60_000;
/** So many ends before it was ready once: it will not get there by itself. */
const HOPELESS_RESTARTS = 6;

export const isProcessRunning = ({ pid, startTime }: ProcessState): boolean =>
  pid !== null && startTime !== null && isRunning({ pid, startTime });

/** Processes of ours that run at this moment, watched or not: name to pid. */
export function runningPids(state: SupervisorState | undefined): Map<string, number> {
  return new Map(state?.processes.filter(isProcessRunning).map(({ name, pid }) => [name, pid!]));
}

/** Whether what runs is what shall run, with nothing given up or about to be tried again. */
function isSettled(spec: SupervisorSpec, state: SupervisorState): boolean {
  if (state.processes.length !== spec.processes.length) return false;
  return spec.processes.every((wanted) => {
    const found = state.processes.find(({ name }) => name === wanted.name);
    return found?.specHash === hashSpec(wanted) && found.status !== 'given-up' && found.status !== 'restarting';
  });
}

/**
 * Makes the supervisor run these processes, starting it when none is there.
 * @returns whether the supervisor was started by this call.
 */
export async function converge(machine: Machine, paths: LocalPaths, spec: SupervisorSpec): Promise<boolean> {
  const state = readState(paths.stateFile);
  const supervised = state !== undefined && isRunning(state);
  machine.writeJson(paths.specFile, spec);
  if (supervised) {
    if (!isSettled(spec, state)) machine.reloadSupervisor(paths.stateFile);
    return false;
  }
  const { specFile, stateFile, supervisorLog: logFile } = paths;
  await machine.startSupervisor({ specFile, stateFile, logFile });
  return true;
}

function notReady(spec: ProcessSpec, state: ProcessState | undefined): OmsError {
  const exit = state?.lastExit;
  if (state?.status === 'waiting') {
    return new OmsError('stack_not_ready', `the ${spec.name} was not started`, {
      why: `it waits for ${spec.after.join(' and ')}`,
      next: ['oms status', 'oms up', 'oms down'],
    });
  }
  const ended = exit ? `it ended with ${exit.signal ?? `exit code ${exit.code}`}` : 'it runs but does not answer';
  return new OmsError('stack_not_ready', `the ${spec.name} did not become ready`, {
    why: state?.lastError ? `${ended}: ${state.lastError}` : ended,
    next: [`oms logs ${spec.name}`, 'oms up', 'oms down'],
  });
}

/**
 * Waits until a process of the spec is ready.
 * @throws {OmsError} stack_not_ready with its last words, after the deadline or once it is clear that it will not.
 */
export async function untilReady(paths: LocalPaths, spec: ProcessSpec, signal: AbortSignal): Promise<ProcessState> {
  const deadline = performance.now() + READY_DEADLINE_MS;
  const hash = hashSpec(spec);
  let restartsBefore: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const state = readState(paths.stateFile)?.processes.find(({ name }) => name === spec.name);
    if (state?.specHash === hash) {
      if (state.status === 'ready') return state;
      restartsBefore ??= state.restarts;
      const hopeless = state.status === 'given-up' || state.restarts - restartsBefore >= HOPELESS_RESTARTS;
      if (hopeless) throw notReady(spec, state);
    }
    if (performance.now() > deadline) throw notReady(spec, state);
    await delay(POLL_MS);
  }
}
