import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { CACHE_DIR } from './database-server.ts';
import { type CliResult, runCli } from './run-cli.ts';

export type StackProcess = 'database' | 'hub' | 'consumer' | 'producer';

/** The whole local stack in a temporary folder, driven by `oms` itself. */
export interface TestStack {
  dir: string;
  oms(...args: string[]): Promise<CliResult>;
  /** Runs `oms ... --json` and returns its result; fails when it does not end with 0. */
  json<Result>(...args: string[]): Promise<Result>;
  pidOf(name: StackProcess): Promise<number | null>;
}

interface Status {
  processes: { name: string; pid: number | null }[];
}

/** `oms up` in a folder of its own; `oms down --purge` when the test ends. */
export async function startTestStack(t: TestContext): Promise<TestStack> {
  const dir = await mkdtemp(join(tmpdir(), 'oms-stack-'));
  await mkdir(CACHE_DIR, { recursive: true });
  await symlink(CACHE_DIR, join(dir, 'cache'));
  const env = { OMS_DIR: dir };
  const oms = (...args: string[]) => runCli(args, { env });
  t.after(async () => {
    await oms('down');
    await rm(dir, { recursive: true, force: true });
  });
  const json = async <Result>(...args: string[]): Promise<Result> => {
    const { code, stdout, stderr } = await oms(...args, '--json');
    if (code !== 0) throw new Error(`oms ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout).result;
  };
  await json('up');
  return {
    dir,
    oms,
    json,
    async pidOf(name) {
      const { stdout } = await oms('status', '--json');
      const { result } = JSON.parse(stdout) as { result: Status };
      return result.processes.find((process) => process.name === name)?.pid ?? null;
    },
  };
}
