import { basename } from 'node:path';

/** One external command: what to run, with which arguments; never a shell string. */
export interface Command {
  file: string;
  args: readonly string[];
  cwd?: string;
  /** Added to the environment of this process. */
  env?: Record<string, string>;
  /** Text for its stdin; without it stdin is empty. */
  input?: string;
  signal?: AbortSignal;
}

/** A command that ended with something else than 0, or could not be started. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly stderr: string;
  readonly exitCode: number | undefined;

  constructor(message: string, stderr: string, exitCode: number | undefined) {
    super(message);
    this.stderr = stderr;
    this.exitCode = exitCode;
  }
}

/** Lines of stderr that are repeated in the message; the reason stands at the end. */
const QUOTED_LINES = 3;

function failureOf(
  command: Command,
  result: { stderr?: string; exitCode?: number | undefined; shortMessage?: string | undefined },
): CommandFailed {
  const { stderr = '', exitCode, shortMessage } = result;
  const said = stderr.split('\n').filter(Boolean).slice(-QUOTED_LINES).join('; ');
  const message =
    exitCode === undefined
      ? (shortMessage ?? `${command.file} failed`)
      : `${basename(command.file)} ended with exit code ${exitCode}${said ? `: ${said}` : ''}`;
  return new CommandFailed(message, stderr, exitCode);
}

/**
 * Runs a command to its end.
 * @throws {CommandFailed} with the last of what it wrote to stderr.
 */
export async function run(command: Command): Promise<{ stdout: string; stderr: string }> {
  const { execa } = await import('execa');
  const result = await execa(command.file, command.args, {
    reject: false,
    ...(command.cwd && { cwd: command.cwd }),
    ...(command.env && { env: command.env }),
    ...(command.input === undefined ? { stdin: 'ignore' as const } : { input: command.input }),
    ...(command.signal && { cancelSignal: command.signal }),
  });
  if (result.failed) throw failureOf(command, result);
  return { stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}
