import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { TestDatabase } from './database.ts';
import { HOOK_SECRETS } from './hook-receiver.ts';
import { keepPort } from './kept-port.ts';
import { asTestSandbox, type TestSandbox } from './sandbox.ts';

const MAIN = fileURLToPath(new URL('../../apps/sandbox/main.ts', import.meta.url));

/** The sandbox in a process of its own, which can be killed and started again on the same port and book. */
export interface SandboxProcess extends TestSandbox {
  kill9(): Promise<void>;
  start(): Promise<void>;
}

/** Starts the process; it is gone when the test ends. */
export async function startSandboxProcess(
  t: TestContext,
  database: TestDatabase,
  hooksUrl: string,
): Promise<SandboxProcess> {
  let child: ChildProcess | undefined;
  // Not 0: at a restart a client's connection that is still being forgotten could hold the port.
  const port = await keepPort();

  async function start(): Promise<void> {
    const started = spawn(process.execPath, [MAIN], {
      env: {
        OMS_SANDBOX_DATABASE_URL: database.url,
        OMS_HOOKS_URL: hooksUrl,
        OMS_PSP_HOOK_SECRET: HOOK_SECRETS.psp,
        OMS_CARRIER_HOOK_SECRET: HOOK_SECRETS.carrier,
        OMS_HTTP_PORT: String(port),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    const listening = Promise.withResolvers<void>();
    let last = '';
    createInterface({ input: started.stdout! }).on('line', (line) => {
      last = line;
      const entry = JSON.parse(line) as { port?: number };
      if (entry.port) listening.resolve();
    });
    started.once('close', (code) => listening.reject(new Error(`the sandbox ended with ${code}: ${last}`)));
    await listening.promise;
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  t.after(() => end('SIGKILL'));
  await start();
  const sandbox = await asTestSandbox(port, database, () => end('SIGTERM'));
  return { ...sandbox, start, kill9: () => end('SIGKILL') };
}
