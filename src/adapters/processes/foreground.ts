import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { environmentWith } from '../../../lib/runtime/env.ts';
import { LineSplitter } from '../exec/line-splitter.ts';

/** A program of ours that runs as long as the command that started it. */
export interface ForegroundProgram {
  /** The file that starts it. */
  entry: string;
  /** Added to the environment of this process. */
  env: Record<string, string>;
  /** Every line it writes. */
  onLine: (line: string) => void;
  /** Asks it to end, once. */
  signal: AbortSignal;
}

/** A line that is longer is dropped. */
const MAX_LINE_BYTES = 1 << 20;
/** It gives itself 10 s to finish what it has begun. */
const KILL_AFTER_MS = 12_000;

/**
 * Runs a program until it ends. A terminal's Ctrl-C does not reach it, the signal does; should this process go without a
 * word, the program sees its channel close and ends as well.
 * @returns its exit code; null when a signal ended it
 */
export async function runForeground({ entry, env, onLine, signal }: ForegroundProgram): Promise<number | null> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [entry], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: environmentWith(env),
  });
  for (const output of [child.stdout!, child.stderr!]) {
    const lines = new LineSplitter(onLine, MAX_LINE_BYTES);
    output.on('data', (chunk: Buffer) => lines.push(chunk));
    output.on('end', () => lines.end());
  }
  let kill: NodeJS.Timeout | undefined;
  const end = () => {
    child.kill('SIGTERM');
    kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  } finally {
    signal.removeEventListener('abort', end);
    clearTimeout(kill);
  }
}
