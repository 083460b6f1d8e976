import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const DEV = fileURLToPath(new URL('../../bin/dev.js', import.meta.url));

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  env?: Record<string, string>;
  cwd?: string;
  input?: string;
  /** Another one than bin/dev.js of this checkout, which runs from source. */
  program?: string;
}

/** Runs `oms` as a child process; `env` is added to a bare environment. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: '1', ...options.env };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [options.program ?? DEV, ...args],
      { env, cwd: options.cwd, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
    child.stdin?.end(options.input ?? '');
  });
}
