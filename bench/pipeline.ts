// The whole stack, as it is used: seed 100,000 orders, then 1,000 orders/s for 30 s, then verify.   node bench/pipeline.ts
// Needs a build. Two cores: the generator, the API, the hub, the consumer and the database share them.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RATE = process.argv[2] ?? '1000';
const DURATION = process.argv[3] ?? '30s';
const OMS = join(import.meta.dirname, '..', 'bin', 'run.js');
const dir = await mkdtemp(join(tmpdir(), 'oms-bench-'));

function oms(...args: string[]): Promise<number> {
  console.log(`\n$ oms ${args.join(' ')}`);
  const child = spawn(process.execPath, [OMS, ...args, '--quiet'], {
    env: { ...process.env, OMS_DIR: dir },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

try {
  await oms('up');
  await oms('seed', '--orders', '100000');
  await oms('simulate', '--rate', RATE, '--duration', DURATION);
  await oms('verify');
} finally {
  await oms('down');
  await rm(dir, { recursive: true, force: true });
}
