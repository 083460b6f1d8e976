import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { environmentWith } from '../../../lib/runtime/env.ts';
import { isRunning } from '../../../lib/runtime/process-identity.ts';
import { readState } from '../../../lib/runtime/supervision.ts';
import { OmsError } from '../../errors.ts';
import { appEntry } from './entries.ts';

/** It first ends what an earlier one has left and nobody wants any more. */
const START_DEADLINE_MS = 30_000;
const POLL_MS = 20;

export interface SupervisorFiles {
  specFile: string;
  stateFile: string;
  logFile: string;
}

/**
 * Starts the supervisor as a process of its own that outlives this one.
 * @throws {OmsError} process_failed when it ends before it has taken over.
 */
export async function startSupervisor(files: SupervisorFiles): Promise<void> {
  const entry = appEntry('supervisor');
  if (!entry) throw new Error('apps/supervisor is missing from this installation');
  const log = openSync(files.logFile, 'a', 0o600);
  const child = spawn(process.execPath, [entry], {
    detached: true,
    stdio: ['ignore', log, log],
    env: environmentWith({ OMS_SUPERVISOR_SPEC: files.specFile }),
  });
  closeSync(log);
  child.unref();
  const deadline = performance.now() + START_DEADLINE_MS;
  while (readState(files.stateFile)?.pid !== child.pid) {
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new OmsError('process_failed', 'the supervisor did not start', {
        why: `its log is ${files.logFile}`,
        next: ['oms logs supervisor', 'oms up'],
      });
    }
    await delay(POLL_MS);
  }
}

/** Makes a running supervisor read its spec again; false when there is none. */
export function reloadSupervisor(stateFile: string): boolean {
  const state = readState(stateFile);
  if (!state || !isRunning(state)) return false;
  process.kill(state.pid, 'SIGHUP');
  return true;
}
