import type { Readable, Writable } from 'node:stream';
import type { Command } from './run.ts';

/** A command that is spoken with through its stdin and stdout for as long as it runs. */
export interface PipedCommand {
  stdin: Writable;
  stdout: Readable;
  /** Never rejects. Without a code it was ended by a signal. */
  ended: Promise<{ code: number | undefined; stderr: string; notFound: boolean }>;
  kill(): void;
}

/**
 * Starts a command whose bytes go both ways. It is in a process group of its own, so that a terminal's Ctrl-C does not
 * cut it off; should this process be killed, its stdin ends.
 */
export async function openPipe({ file, args, env }: Pick<Command, 'file' | 'args' | 'env'>): Promise<PipedCommand> {
  const { execa } = await import('execa');
  const subprocess = execa(file, args, {
    reject: false,
    stdin: 'pipe',
    buffer: { stdout: false },
    detached: true,
    ...(env && { env }),
  });
  return {
    stdin: subprocess.stdin,
    stdout: subprocess.stdout,
    ended: subprocess.then(({ exitCode, stderr = '', code }) => ({
      code: exitCode,
      stderr,
      notFound: code === 'ENOENT',
    })),
    kill: () => subprocess.kill(),
  };
}
