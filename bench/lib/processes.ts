import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../src/adapters/net/ports.ts';
import { until } from '../../test/helpers/until.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Starts one of our programs as its own process, as it runs in earnest. */
export function startProgram(
  file: string,
  env: Record<string, string>,
  nodeArguments: readonly string[] = [],
): ChildProcess {
  return spawn(process.execPath, [...nodeArguments, join(ROOT, file)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

export async function stopProgram(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** A hub in a process of its own with a fresh log. */
export async function startHubProgram(partitions: number): Promise<{ child: ChildProcess; connectionString: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'oms-bench-'));
  const config = join(dir, 'hubs.json');
  const hubs = ['orders', 'order-events', 'orders-dlq'].map((name) => ({
    name,
    partitions,
    consumerGroups: ['oms-core', 'tutorial'],
  }));
  await writeFile(config, JSON.stringify({ hubs }));
  const [port, httpPort] = [await findFreePort(), await findFreePort()];
  const child = startProgram('apps/hub/main.ts', {
    OMS_HUB_PORT: String(port),
    OMS_HUB_HTTP_PORT: String(httpPort),
    OMS_HUB_DATA_DIR: join(dir, 'log'),
    OMS_HUB_CONFIG: config,
    OMS_HUB_KEY: 'bench',
    OMS_LOG_LEVEL: 'warn',
  });
  await until('the hub is ready', () =>
    fetch(`http://127.0.0.1:${httpPort}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
  const connectionString = `Endpoint=sb://localhost:${port};SharedAccessKeyName=oms;SharedAccessKey=bench;UseDevelopmentEmulator=true`;
  return { child, connectionString };
}
