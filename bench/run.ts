// Every benchmark, one after the other:   npm run bench
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

for (const name of ['startup', 'hub', 'hub-latency', 'consumer', 'orders', 'live', 'pipeline']) {
  console.log(`\n== bench/${name}.ts`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
