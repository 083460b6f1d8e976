import { basename } from 'node:path';
import type { Readable } from 'node:stream';

/** One external command: what to run, with which arguments; never a shell string. */
export interface Command {
  file: string;
  args: readonly string[];
  cwd?: string;
  /** Added to the environment of this process. */
  env?: Record<string, string>;
  /** For its stdin; without it stdin is empty. */
  input?: string | Uint8Array | Readable;
  signal?: AbortSignal;
  /**
   * Runs in a process group of its own: a terminal's Ctrl-C does not reach it, and the signal ends it with everything
   * it has started. For programs behind a wrapper script.
   */
  ownGroup?: boolean;
  /** Characters of stdout or stderr after which it is ended. */
  outputLimit?: number;
}

/** A command that ended with something else than 0, or could not be started. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly stderr: string;
  readonly exitCode: number | undefined;
  /** Whether it was ended because it wrote more than it may. */
  readonly overflowed: boolean;

  constructor(message: string, stderr: string, exitCode: number | undefined, overflowed = false) {
    super(message);
    this.stderr = stderr;
    this.exitCode = exitCode;
    this.overflowed = overflowed;
  }
}

/** Lines of stderr that are repeated in the message; the reason stands at the end. */
const QUOTED_LINES = 3;

function failureOf(
  command: Command,
  result: {
    stderr?: string;
    exitCode?: number | undefined;
    shortMessage?: string | undefined;
    isMaxBuffer?: boolean;
  },
): CommandFailed {
  const { stderr = '', exitCode, shortMessage, isMaxBuffer = false } = result;
  const said = stderr.split('\n').filter(Boolean).slice(-QUOTED_LINES).join('; ');
  const message =
    exitCode === undefined
      ? (shortMessage ?? `${command.file} failed`)
      : `${basename(command.file)} ended with exit code ${exitCode}${said ? `: ${said}` : ''}`;
  return new CommandFailed(message, stderr, exitCode, isMaxBuffer);
}

/** How long a process group may take to end before it is killed. */
const GROUP_GRACE_MS = 2_000;

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

/** Ends the whole group on the signal, first kindly. @returns what to call once the command has ended. */
function endGroupOnAbort(pid: number | undefined, signal: AbortSignal | undefined): () => void {
  let kill: NodeJS.Timeout | undefined;
  const end = () => {
    signalGroup(pid, 'SIGTERM');
    kill = setTimeout(() => signalGroup(pid, 'SIGKILL'), GROUP_GRACE_MS);
  };
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  return () => {
    signal?.removeEventListener('abort', end);
    clearTimeout(kill);
  };
}

function optionsOf(command: Command) {
  return {
    reject: false as const,
    ...(command.cwd && { cwd: command.cwd }),
    ...(command.env && { env: command.env }),
    ...(command.input === undefined ? { stdin: 'ignore' as const } : { input: command.input }),
    ...(command.signal && { cancelSignal: command.signal }),
    ...(command.ownGroup && { detached: true }),
    ...(command.outputLimit && { maxBuffer: command.outputLimit }),
  };
}

/**
 * Runs a command to its end.
 * @throws {CommandFailed} with the last of what it wrote to stderr.
 */
export async function run(command: Command): Promise<{ stdout: string; stderr: string }> {
  const { execa } = await import('execa');
  const subprocess = execa(command.file, command.args, optionsOf(command));
  const settle = command.ownGroup ? endGroupOnAbort(subprocess.pid, command.signal) : () => undefined;
  const result = await subprocess.finally(settle);
  if (command.ownGroup && result.failed) signalGroup(subprocess.pid, 'SIGKILL');
  if (result.failed) throw failureOf(command, result);
  return { stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}

/** How a command ended; without a code it was ended by a signal. */
export interface CommandOutcome {
  code: number | undefined;
  /** Exactly as they were written. */
  stdout: string;
  stderr: string;
  /** There is no such program. */
  notFound: boolean;
}

/**
 * Runs a command to its end, whatever code it ends with. On abort it is ended, and nobody else who still holds its
 * output (a connection that is shared, a command it started) is waited for.
 */
export async function runToOutcome(command: Omit<Command, 'ownGroup'>): Promise<CommandOutcome> {
  const { execa } = await import('execa');
  const subprocess = execa(command.file, command.args, { ...optionsOf(command), stripFinalNewline: false });
  const leave = () => {
    subprocess.stdout?.destroy();
    subprocess.stderr?.destroy();
  };
  if (command.signal?.aborted) leave();
  command.signal?.addEventListener('abort', leave, { once: true });
  const result = await subprocess.finally(() => command.signal?.removeEventListener('abort', leave));
  const { exitCode, stdout = '', stderr = '', code } = result;
  return { code: exitCode, stdout, stderr, notFound: code === 'ENOENT' };
}
