import { spawn } from 'node:child_process';
import { closeSync, rmSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { environmentWith } from '../../lib/runtime/env.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { isRunning, type ProcessIdentity, startTimeOf } from '../../lib/runtime/process-identity.ts';
import {
  hashSpec,
  type ProcessSpec,
  type ProcessState,
  type ProcessStatus,
  SUPERVISED_BY,
  stopDeadlineFor,
} from '../../lib/runtime/supervision.ts';
import { terminate } from '../../lib/runtime/terminate.ts';
import { lastErrorIn, openLog, sizeOf } from './log-file.ts';
import { untilReady } from './readiness.ts';

/** How soon the end of an adopted process is seen; the kernel tells only a parent. */
const ADOPTED_POLL_MS = 200;

interface Surroundings {
  stateFile: string;
  logger: Logger;
  /** Called after each change of state. */
  changed: () => void;
}

const now = () => new Date().toISOString();

/** Adds to the niceness that this process was started with, as nice(1) does: only root may take any of it back. */
function giveWay(pid: number, niceness = 0): void {
  if (niceness > 0) setPriority(pid, Math.min(getPriority() + niceness, 19));
}

/** One process that shall run: started or adopted, watched, restarted with a growing delay, stopped. */
export class ManagedProcess {
  readonly spec: ProcessSpec;
  /** Whether it has been ready since this supervisor began; what `after` waits for. */
  wasReady = false;
  readonly #surroundings: Surroundings;
  #state: ProcessState;
  #crashesInARow = 0;
  /** Size of the log when this run of the process began. */
  #logStart = 0;
  #timer: NodeJS.Timeout | undefined;
  #readiness = new AbortController();

  constructor(spec: ProcessSpec, surroundings: Surroundings, previous?: ProcessState) {
    this.spec = spec;
    this.#surroundings = surroundings;
    this.#state = {
      name: spec.name,
      status: 'waiting',
      since: now(),
      pid: null,
      startTime: null,
      startedAt: null,
      restarts: previous?.restarts ?? 0,
      lastExit: previous?.lastExit ?? null,
      lastError: previous?.lastError ?? null,
      specHash: hashSpec(spec),
    };
  }

  get state(): ProcessState {
    return this.#state;
  }

  /** Takes over a process that an earlier supervisor has started and that still runs. */
  adopt(identity: ProcessIdentity, startedAt: string | null): void {
    this.#logStart = sizeOf(this.spec.logFile);
    this.#surroundings.logger.info({ process: this.spec.name, pid: identity.pid }, 'adopted');
    this.#timer = setInterval(() => {
      if (isRunning(identity)) return;
      clearInterval(this.#timer);
      this.#ended(null, null);
    }, ADOPTED_POLL_MS);
    this.#running(identity, startedAt ?? now());
  }

  start(): void {
    // Whatever is reported before the child is known must not start it a second time.
    this.#state.status = 'starting';
    for (const file of this.spec.removeBeforeStart) rmSync(file, { force: true });
    const log = openLog(this.spec.logFile);
    this.#logStart = sizeOf(this.spec.logFile);
    const child = spawn(this.spec.command, this.spec.args, {
      cwd: this.spec.cwd,
      env: environmentWith({ ...this.spec.env, [SUPERVISED_BY]: this.#surroundings.stateFile }),
      // A group of its own: Ctrl-C in a terminal does not reach it, and it outlives this supervisor.
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    if (child.pid) giveWay(child.pid, this.spec.niceness);
    child.once('error', (error) => this.#couldNotStart(error));
    child.once('exit', (code, signal) => this.#ended(code, signal));
    if (child.pid) this.#running({ pid: child.pid, startTime: startTimeOf(child.pid) ?? '' }, now());
  }

  /** Ends the process, at the latest by SIGKILL after the deadline; it is not restarted. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#readiness.abort();
    const { pid, startTime, status } = this.#state;
    if (pid !== null && startTime !== null) {
      const deadlineMs = stopDeadlineFor(status, this.spec.stopDeadlineMs);
      this.#become('stopping');
      if (!(await terminate({ pid, startTime }, deadlineMs, this.spec.stopRepeatMs))) {
        this.#surroundings.logger.warn({ process: this.spec.name, pid }, 'had to be killed');
      }
    }
    this.#become('stopped', { pid: null, startTime: null, startedAt: null });
  }

  /** Starts at once what is waiting for its next attempt or was given up. */
  retryNow(): void {
    if (this.#state.status !== 'restarting' && this.#state.status !== 'given-up') return;
    clearTimeout(this.#timer);
    this.#crashesInARow = 0;
    this.#restart();
  }

  #running(identity: ProcessIdentity, startedAt: string): void {
    this.#readiness = new AbortController();
    this.#become('starting', { ...identity, startedAt });
    void untilReady(this.spec, this.#readiness.signal).then((ready) => {
      if (!ready) return;
      this.wasReady = true;
      this.#become('ready');
    });
  }

  #couldNotStart(error: Error): void {
    if (this.#state.pid === null) this.#crashed({ code: null, signal: null, at: now() }, error.message);
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.#readiness.abort();
    if (this.#state.status === 'stopping' || this.#state.status === 'stopped') return;
    // Killed from outside, it had no time to say why.
    const lastError = signal === 'SIGKILL' ? null : lastErrorIn(this.spec.logFile, this.#logStart);
    this.#crashed({ code, signal, at: now() }, lastError);
  }

  #crashed(lastExit: ProcessState['lastExit'], lastError: string | null): void {
    const { restart } = this.spec;
    const upMs = this.#state.startedAt ? Date.now() - Date.parse(this.#state.startedAt) : 0;
    this.#crashesInARow = upMs >= restart.resetAfterMs ? 1 : this.#crashesInARow + 1;
    const change = { pid: null, startTime: null, startedAt: null, lastExit, lastError };
    this.#surroundings.logger.error({ process: this.spec.name, exit: lastExit, lastError }, 'ended by itself');
    if (this.#crashesInARow > restart.giveUpAfter) {
      this.#become('given-up', change);
      return;
    }
    const delayMs = Math.min(restart.maxDelayMs, restart.minDelayMs * 2 ** (this.#crashesInARow - 1));
    this.#timer = setTimeout(() => this.#restart(), delayMs);
    this.#become('restarting', change);
  }

  #restart(): void {
    this.#state.restarts++;
    this.start();
  }

  #become(status: ProcessStatus, change: Partial<ProcessState> = {}): void {
    this.#state = { ...this.#state, ...change, status, since: now() };
    this.#surroundings.changed();
  }
}
