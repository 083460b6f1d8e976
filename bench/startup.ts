// CPU time of starting `oms`, as a ratio to `node -e 0`, pair by pair:   node bench/startup.ts [rounds]     (needs a build)
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { median } from './lib/report.ts';

const ROUNDS = Number(process.argv[2] ?? 11);
const OMS = join(import.meta.dirname, '..', 'bin', 'run.js');

const COMMANDS: Record<string, string[]> = {
  'node -e 0': ['-e', '0'],
  'oms --version': [OMS, '--version'],
  'oms ask --help': [OMS, 'ask', '--help'],
};

/** User and system time of one run of a child, in ms; what this process adds in between is nearly nothing. */
function cpuOf(args: string[]): number {
  const before = childCpu();
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return childCpu() - before;
}

/** CPU of all children that have ended (fields 16 and 17 of /proc/self/stat, in ticks of 10 ms). */
function childCpu(): number {
  const stat = spawnSync('cat', [`/proc/${process.pid}/stat`], { encoding: 'utf8' }).stdout;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** Ticks are coarse: each sample is the sum of several runs. */
const RUNS_A_SAMPLE = 5;
const sample = (args: string[]) => {
  let sum = 0;
  for (let run = 0; run < RUNS_A_SAMPLE; run++) sum += cpuOf(args);
  return sum / RUNS_A_SAMPLE;
};

const times: Record<string, number[]> = Object.fromEntries(Object.keys(COMMANDS).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, args] of Object.entries(COMMANDS)) times[name]!.push(sample(args));
}
console.log('\nCPU time of a start');
for (const [name, values] of Object.entries(times)) {
  const ratios = values.map((value, round) => value / times['node -e 0']![round]!);
  console.log(
    `  ${name.padEnd(20)} ${median(values).toFixed(0).padStart(5)} ms   x${median(ratios).toFixed(2)} of node -e 0`,
  );
}
