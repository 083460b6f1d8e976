import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSpec, parseSpec, readState } from '../../lib/runtime/supervision.ts';
import { type LocalEndpoints, readLocalEndpoints } from '../../src/stages/local/endpoints.ts';
import { localPaths } from '../../src/stages/local/paths.ts';
import { CACHE_DIR } from '../../test/helpers/database-server.ts';
import { until } from '../../test/helpers/until.ts';

const OMS = join(import.meta.dirname, '..', '..', 'bin', 'dev.js');

/** The local stack as `oms up` starts it, in a folder of its own. */
export interface BenchStack {
  endpoints: LocalEndpoints;
  /** Process ids by name: database, hub, sandbox, consumer, producer, blob. */
  pids: ReadonlyMap<string, number>;
  down(): Promise<void>;
}

async function oms(dir: string, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, [OMS, ...args, '--quiet'], {
    env: { ...process.env, OMS_DIR: dir, OMS_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  if (code !== 0) throw new Error(`oms ${args.join(' ')} ended with ${code}`);
}

/** Takes settings away from the consumer, as if nobody had told it; the supervisor starts it anew. */
async function withoutSettings(dir: string, names: readonly string[]): Promise<void> {
  const { specFile, stateFile } = localPaths(dir);
  const spec = parseSpec(JSON.parse(await readFile(specFile, 'utf8')));
  const consumer = spec.processes.find(({ name }) => name === 'consumer')!;
  for (const name of names) delete consumer.env[name];
  await writeFile(specFile, JSON.stringify(spec));
  process.kill(readState(stateFile)!.pid, 'SIGHUP');
  await until('the consumer runs without them', () => {
    const found = readState(stateFile)?.processes.find(({ name }) => name === 'consumer');
    return found?.specHash === hashSpec(consumer) && found.status === 'ready';
  });
}

/** @param without settings that the consumer does not get */
export async function startStack(without: readonly string[] = []): Promise<BenchStack> {
  const dir = join(await mkdtemp(join(tmpdir(), 'oms-bench-')), 'oms');
  await mkdir(dir);
  if (existsSync(CACHE_DIR)) await symlink(CACHE_DIR, join(dir, 'cache'));
  await oms(dir, 'up').catch(async (error: unknown) => {
    await oms(dir, 'down');
    throw error;
  });
  if (without.length > 0) await withoutSettings(dir, without);
  const paths = localPaths(dir);
  const processes = readState(paths.stateFile)?.processes ?? [];
  return {
    endpoints: await readLocalEndpoints(paths.localDir),
    pids: new Map(processes.flatMap(({ name, pid }) => (pid === null ? [] : [[name, pid] as const]))),
    async down() {
      await oms(dir, 'down');
      await rm(join(dir, '..'), { recursive: true, force: true });
    },
  };
}
