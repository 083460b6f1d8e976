import type { Running } from '../../lib/runtime/lifecycle.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { findByVariable, isRunning, type ProcessIdentity, startTimeOf } from '../../lib/runtime/process-identity.ts';
import {
  hashSpec,
  type ProcessSpec,
  type ProcessState,
  readSpec,
  readState,
  SUPERVISED_BY,
  type SupervisorSpec,
  type SupervisorState,
  writeFileAtomically,
} from '../../lib/runtime/supervision.ts';
import { terminate } from '../../lib/runtime/terminate.ts';
import { MAX_LOG_BYTES, rotateLog } from './log-file.ts';
import { ManagedProcess } from './managed-process.ts';

const ROTATE_EVERY_MS = 2_000;
const STRAY_DEADLINE_MS = 12_000;

export interface SupervisorOptions {
  specFile: string;
  /** A log above this size is rotated. */
  maxLogBytes?: number;
}

export interface RunningSupervisor extends Running {
  /** Reads the spec again: starts what is new, restarts what has changed or was given up, stops what is gone. */
  reload(): Promise<void>;
  readonly state: SupervisorState;
}

class Supervisor implements RunningSupervisor {
  readonly #options: SupervisorOptions;
  readonly #logger: Logger;
  readonly #identity = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' };
  readonly #startedAt = new Date().toISOString();
  readonly #rotation: NodeJS.Timeout;
  #spec: SupervisorSpec;
  #processes: ManagedProcess[] = [];
  /** Nothing is started or recorded before all that still runs is adopted, nor started once the stop has begun. */
  #phase: 'adopting' | 'running' | 'stopping' = 'adopting';
  /** Reloads and the stop, one after the other. */
  #queue: Promise<void> = Promise.resolve();

  constructor(options: SupervisorOptions, spec: SupervisorSpec, logger: Logger) {
    this.#options = options;
    this.#spec = spec;
    this.#logger = logger;
    this.#rotation = setInterval(() => this.#rotateLogs(), ROTATE_EVERY_MS);
  }

  get state(): SupervisorState {
    return {
      ...this.#identity,
      startedAt: this.#startedAt,
      processes: this.#processes.map((managed) => managed.state),
    };
  }

  /** Adopts what an earlier supervisor has left running, ends what nobody wants any more, starts the rest. */
  async begin(previous: SupervisorState | undefined): Promise<void> {
    const survivors = findSurvivors(this.#spec.stateFile, previous);
    const adopted = new Set<number>();
    this.#processes = this.#spec.processes.map((spec) => {
      const before = previous?.processes.find((state) => state.name === spec.name);
      return new ManagedProcess(spec, this.#surroundings(), before);
    });
    for (const managed of this.#processes) {
      const survivor = survivors.find((candidate) => canAdopt(candidate.state, managed.spec));
      if (!survivor) continue;
      adopted.add(survivor.identity.pid);
      managed.adopt(survivor.identity, survivor.state?.startedAt ?? null);
    }
    const strays = survivors.filter(({ identity }) => !adopted.has(identity.pid));
    await Promise.all(strays.map(({ identity }) => terminate(identity, STRAY_DEADLINE_MS)));
    this.#phase = 'running';
    this.#changed();
  }

  reload(): Promise<void> {
    return this.#enqueue(async () => {
      const spec = readSpec(this.#options.specFile);
      const unchanged = new Set(
        this.#processes
          .filter((managed) => spec.processes.some((wanted) => hashSpec(wanted) === managed.state.specHash))
          .map((managed) => managed.spec.name),
      );
      const outdated = this.#processes.filter((managed) => !unchanged.has(managed.spec.name));
      await stopInReverse(outdated);
      this.#spec = spec;
      this.#processes = spec.processes.map((wanted) => this.#keepOrCreate(wanted));
      for (const managed of this.#processes) managed.retryNow();
      this.#changed();
    }).catch((error: unknown) => {
      this.#logger.error({ err: error }, 'the spec could not be read again; everything stays as it is');
    });
  }

  stop(): Promise<void> {
    this.#phase = 'stopping';
    return this.#enqueue(async () => {
      await stopInReverse(this.#processes);
      clearInterval(this.#rotation);
    });
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #keepOrCreate(spec: ProcessSpec): ManagedProcess {
    const hash = hashSpec(spec);
    const kept = this.#processes.find((managed) => managed.state.specHash === hash && managed.spec.name === spec.name);
    return kept ?? new ManagedProcess(spec, this.#surroundings());
  }

  #surroundings() {
    return { stateFile: this.#spec.stateFile, logger: this.#logger, changed: () => this.#changed() };
  }

  #changed(): void {
    if (this.#phase === 'adopting') return;
    if (this.#phase === 'running') this.#startWhatMayStart();
    writeFileAtomically(this.#spec.stateFile, JSON.stringify(this.state));
  }

  #startWhatMayStart(): void {
    const ready = new Set(this.#processes.filter((managed) => managed.wasReady).map((managed) => managed.spec.name));
    for (const managed of this.#processes) {
      if (managed.state.status === 'waiting' && managed.spec.after.every((name) => ready.has(name))) managed.start();
    }
  }

  #rotateLogs(): void {
    for (const { spec } of this.#processes) {
      try {
        rotateLog(spec.logFile, this.#options.maxLogBytes ?? MAX_LOG_BYTES);
      } catch (error) {
        this.#logger.warn({ err: error, file: spec.logFile }, 'log not rotated');
      }
    }
  }
}

interface Survivor {
  identity: ProcessIdentity;
  state: ProcessState | undefined;
}

/** Children that outlived their supervisor: from its state file, and by the mark in their environment. */
function findSurvivors(stateFile: string, previous: SupervisorState | undefined): Survivor[] {
  const recorded = (previous?.processes ?? []).flatMap((state): Survivor[] => {
    if (state.pid === null || state.startTime === null) return [];
    const identity = { pid: state.pid, startTime: state.startTime };
    return isRunning(identity) ? [{ identity, state }] : [];
  });
  const known = new Set(recorded.map(({ identity }) => identity.pid));
  // One started in the instant before its supervisor was killed is in no state file.
  const unrecorded = findByVariable(SUPERVISED_BY, stateFile)
    .filter(({ pid, leader }) => leader && !known.has(pid))
    .map(({ pid, startTime }): Survivor => ({ identity: { pid, startTime }, state: undefined }));
  return [...recorded, ...unrecorded];
}

function canAdopt(state: ProcessState | undefined, spec: ProcessSpec): boolean {
  return state?.name === spec.name && state.specHash === hashSpec(spec) && state.status !== 'stopping';
}

async function stopInReverse(processes: readonly ManagedProcess[]): Promise<void> {
  for (const managed of processes.toReversed()) await managed.stop();
}

/**
 * Starts to supervise the processes of a spec file.
 * @throws {Error} when the spec is wrong or another supervisor already looks after it.
 */
export async function startSupervisor(options: SupervisorOptions, logger: Logger): Promise<RunningSupervisor> {
  const spec = readSpec(options.specFile);
  const previous = readState(spec.stateFile);
  if (previous && previous.pid !== process.pid && isRunning(previous)) {
    throw new Error(`process ${previous.pid} already supervises ${spec.stateFile}`);
  }
  const supervisor = new Supervisor(options, spec, logger);
  await supervisor.begin(previous);
  return supervisor;
}
