import { LineSplitter } from './line-splitter.ts';
import type { Command } from './run.ts';

/** A command without an end of its own, read line by line. Its stdin stays open until it is asked to end. */
export interface FollowedCommand extends Omit<Command, 'input' | 'ownGroup' | 'outputLimit'> {
  onLine: (line: string) => void;
  /** Closes the command's stdin; what has not ended by then is terminated. */
  signal: AbortSignal;
}

export interface FollowEnd {
  code: number | undefined;
  stderr: string;
  notFound: boolean;
}

const MAX_LINE_BYTES = 1 << 20;
const GRACE_MS = 2_000;

/** Hands on every line of stdout as it comes, until the command has ended. */
export async function follow(command: FollowedCommand): Promise<FollowEnd> {
  const { execa } = await import('execa');
  const { file, args, signal } = command;
  const subprocess = execa(file, args, {
    reject: false,
    stdin: 'pipe',
    buffer: { stdout: false },
    ...(command.cwd && { cwd: command.cwd }),
    ...(command.env && { env: command.env }),
  });
  const lines = new LineSplitter(command.onLine, MAX_LINE_BYTES);
  subprocess.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
  let late: NodeJS.Timeout | undefined;
  const end = () => {
    subprocess.stdin.end();
    late = setTimeout(() => subprocess.kill(), GRACE_MS);
  };
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const {
    exitCode,
    stderr = '',
    code,
  } = await subprocess.finally(() => {
    signal.removeEventListener('abort', end);
    clearTimeout(late);
  });
  lines.end();
  return { code: exitCode, stderr, notFound: code === 'ENOENT' };
}
