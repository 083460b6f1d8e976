import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { findByVariable, isRunning } from '../../lib/runtime/process-identity.ts';
import { readState, SUPERVISED_BY, type SupervisorState } from '../../lib/runtime/supervision.ts';
import { localPaths } from '../../src/stages/local/paths.ts';
import { CACHE_DIR } from './database-server.ts';
import { killIfThere } from './kill.ts';
import { type CliResult, runCli } from './run-cli.ts';

/** A local stack in a folder of the test's own, driven through the command line as a user would. */
export interface LocalStack {
  /** Folder of everything of ours. */
  dir: string;
  run(...args: string[]): Promise<CliResult>;
  /** Starts `oms up` without waiting, in a process group of its own as a terminal would. */
  spawnUp(): ChildProcess;
  state(): SupervisorState | undefined;
  /** Pid of a process, or of the supervisor. */
  pid(name: string): number;
  /** Pids of everything of this stack that runs. */
  running(): number[];
}

const DEV = join(import.meta.dirname, '..', '..', 'bin', 'dev.js');

const TROUBLE = /"level":"(?:warn|error|fatal)"/;
const LINES_A_LOG = 40;

/**
 * What verify says of hub and database, dead letters, and the last troubles in the logs: the folder is gone when a failed
 * test is looked at.
 */
async function whatWentWrong(dir: string, run: LocalStack['run']): Promise<string[]> {
  const { logDir } = localPaths(dir);
  const files = existsSync(logDir) ? readdirSync(logDir) : [];
  const troubles = files.flatMap((file) =>
    readFileSync(join(logDir, file), 'utf8')
      .split('\n')
      .filter((line) => TROUBLE.test(line))
      .slice(-LINES_A_LOG)
      .map((line) => `${file}: ${line}`),
  );
  const letters = await run('dlq', 'list', '--json');
  const verified = await run('verify', '--all', '--wait', '0s', '--json');
  return [`dlq: ${letters.stdout}${letters.stderr}`, `verify: ${verified.stdout}${verified.stderr}`, ...troubles];
}

/** Gives a test a stack that has not been started; whatever it starts is gone when the test ends. */
export function localStack(t: TestContext, env: Record<string, string> = {}): LocalStack {
  // Removed by the hook below, after what is in it was looked at and everything that uses it has stopped.
  const parent = mkdtempSync(join(tmpdir(), 'oms-stack-'));
  const dir = join(parent, 'oms');
  mkdirSync(dir);
  mkdirSync(CACHE_DIR, { recursive: true });
  symlinkSync(CACHE_DIR, join(dir, 'cache'));
  const { stateFile } = localPaths(dir);
  const variables = { OMS_DIR: dir, ...env };
  const state = () => readState(stateFile);
  const run = (...args: string[]) => runCli(args, { env: variables });
  const running = () => {
    const supervisor = state();
    const children = findByVariable(SUPERVISED_BY, stateFile).map(({ pid }) => pid);
    return supervisor && isRunning(supervisor) ? [supervisor.pid, ...children] : children;
  };
  t.after(async () => {
    // Known to Node's runner, not to its types.
    const { passed } = t as unknown as { passed: boolean };
    if (!passed) for (const line of await whatWentWrong(dir, run)) t.diagnostic(line);
    await run('down');
    for (const pid of running()) killIfThere(pid);
    rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
  });
  return {
    dir,
    run,
    state,
    running,
    spawnUp: () =>
      spawn(process.execPath, [DEV, 'up'], { detached: true, stdio: 'ignore', env: { ...process.env, ...variables } }),
    pid(name) {
      const found = state();
      const pid = name === 'supervisor' ? found?.pid : found?.processes.find((one) => one.name === name)?.pid;
      if (!pid) throw new Error(`no ${name} is running`);
      return pid;
    },
  };
}

/** Makes the files of a stack that is down what they were before there were sandbox, notifier and pages. */
export function toEarlierVersion({ dir }: LocalStack): void {
  const { portsFile, secretsFile, databaseStartFile } = localPaths(dir);
  const { sandboxHttp, notifierHttp, pagesHttp, ...ports } = JSON.parse(readFileSync(portsFile, 'utf8'));
  const { database, hubKey } = JSON.parse(readFileSync(secretsFile, 'utf8'));
  const { admin, app, ask } = database;
  writeFileSync(portsFile, JSON.stringify(ports));
  writeFileSync(secretsFile, JSON.stringify({ database: { admin, app, ask }, hubKey }));
  rmSync(databaseStartFile);
}
