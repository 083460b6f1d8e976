import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { Default } from 'typebox/value';

/** The two files the supervisor and whoever starts it speak through: what shall run, and what does run. */

const Milliseconds = (value: number) => Type.Integer({ minimum: 1, default: value });

export const ProcessSpec = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    command: Type.String({ description: 'argv[0]: a path, or a name looked up on PATH' }),
    args: Type.Array(Type.String(), { default: [] }),
    env: Type.Record(Type.String(), Type.String(), { default: {}, description: "added to the supervisor's own" }),
    cwd: Type.String(),
    logFile: Type.String({ description: 'stdout and stderr, appended' }),
    after: Type.Array(Type.String(), { default: [], description: 'names that have to be ready before this starts' }),
    readyUrl: Type.Optional(Type.String({ description: 'ready once this answers 2xx' })),
    readyPort: Type.Optional(Type.Integer({ description: 'ready once 127.0.0.1 accepts connections here' })),
    removeBeforeStart: Type.Array(Type.String(), { default: [], description: 'stale files of a killed predecessor' }),
    restart: Type.Object(
      {
        minDelayMs: Milliseconds(100),
        maxDelayMs: Milliseconds(10_000),
        resetAfterMs: Type.Integer({ default: 30_000, description: 'up this long, earlier crashes are forgotten' }),
        giveUpAfter: Type.Integer({ default: 20, description: 'crashes in a row' }),
      },
      { default: {} },
    ),
    stopDeadlineMs: Type.Integer({ default: 12_000, description: 'SIGTERM to SIGKILL' }),
    niceness: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 19, description: 'gives way to the others, as nice(1)' }),
    ),
    stopRepeatMs: Type.Optional(Type.Integer({ description: 'SIGTERM again, for a program that may lose one' })),
  },
  { additionalProperties: false },
);
export type ProcessSpec = Static<typeof ProcessSpec>;

export const SupervisorSpec = Type.Object(
  { stateFile: Type.String(), processes: Type.Array(ProcessSpec) },
  { additionalProperties: false },
);
export type SupervisorSpec = Static<typeof SupervisorSpec>;

export const PROCESS_STATUSES = [
  'waiting',
  'starting',
  'ready',
  'restarting',
  'given-up',
  'stopping',
  'stopped',
] as const;
export type ProcessStatus = (typeof PROCESS_STATUSES)[number];

const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

export const ProcessState = Type.Object({
  name: Type.String(),
  status: Type.Enum(PROCESS_STATUSES),
  since: Type.String({ description: 'when this status began, ISO 8601 UTC' }),
  pid: Nullable(Type.Integer()),
  startTime: Nullable(Type.String({ description: 'with the pid, names the process for good' })),
  startedAt: Nullable(Type.String({ description: 'ISO 8601 UTC' })),
  restarts: Type.Integer(),
  lastExit: Nullable(
    Type.Object({ code: Nullable(Type.Integer()), signal: Nullable(Type.String()), at: Type.String() }),
  ),
  lastError: Nullable(Type.String()),
  specHash: Type.String(),
});
export type ProcessState = Static<typeof ProcessState>;

/**
 * How long a process may take to end after SIGTERM, and no longer than this while it is starting: a database server
 * loses the signal then (MariaDB, measured), and nobody has been served yet.
 */
const STOP_WHILE_STARTING_MS = 2_000;

export function stopDeadlineFor(status: ProcessStatus, deadlineMs: number): number {
  return status === 'starting' ? Math.min(deadlineMs, STOP_WHILE_STARTING_MS) : deadlineMs;
}

export const SupervisorState = Type.Object({
  pid: Type.Integer(),
  startTime: Type.String(),
  startedAt: Type.String(),
  processes: Type.Array(ProcessState),
});
export type SupervisorState = Static<typeof SupervisorState>;

/** Children carry this variable with the path of the state file, so that none can be lost sight of. */
export const SUPERVISED_BY = 'OMS_SUPERVISED_BY';

const specValidator = Compile(SupervisorSpec);
const stateValidator = Compile(SupervisorState);

/** Tells a changed process from an unchanged one. */
export function hashSpec(spec: ProcessSpec): string {
  return createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
}

/**
 * Checks a spec and fills in its defaults.
 * @throws {Error} naming the first field at fault.
 */
export function parseSpec(value: unknown): SupervisorSpec {
  const spec = Default(SupervisorSpec, value);
  if (specValidator.Check(spec)) return spec;
  const [problem] = specValidator.Errors(spec);
  throw new Error(`process spec: ${problem?.instancePath ?? ''} ${problem?.message ?? 'is not valid'}`);
}

export function readSpec(file: string): SupervisorSpec {
  return parseSpec(JSON.parse(readFileSync(file, 'utf8')));
}

/** The last state written; undefined when there is none or it cannot be read. */
export function readState(file: string): SupervisorState | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return stateValidator.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces a file in one step: a reader sees the old content or the new, never a part. */
export function writeFileAtomically(file: string, content: string, mode = 0o600): void {
  const temporary = `${file}.${process.pid}.tmp`;
  // It may hold secrets: processes get theirs through the environment.
  writeFileSync(temporary, content, { mode });
  renameSync(temporary, file);
}
