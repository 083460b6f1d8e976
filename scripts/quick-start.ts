// The whole line once, as a newcomer would type it: `npm start`. Each command is shown before it runs.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { styleText } from 'node:util';

const OMS = join(import.meta.dirname, '..', 'bin', 'run.js');

const COMMANDS: readonly (readonly string[])[] = [
  ['up'],
  ['seed'],
  ['simulate', '--rate', '200', '--duration', '20s'],
  ['verify'],
  ['ask', 'top products last week'],
  ['ask', 'how many orders yesterday'],
  ['status'],
];

const quote = (argument: string) => (argument.includes(' ') ? `"${argument}"` : argument);

function run(args: readonly string[]): Promise<number> {
  console.log(`\n${styleText(['bold', 'cyan'], `$ oms ${args.map(quote).join(' ')}`)}`);
  const child = spawn(process.execPath, [OMS, ...args], { stdio: 'inherit' });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

// The child is in the same process group and gets Ctrl-C itself; this process only waits for how it ends.
process.on('SIGINT', () => {});

for (const command of COMMANDS) {
  const code = await run(command);
  if (code !== 0) {
    console.error(`\noms ${command[0]} ended with ${code}; what it said is above. The local stack goes on: oms status`);
    process.exit(code);
  }
}
console.log(`
The stack goes on running. Next:
  npx oms ask "revenue by category this month"
  npx oms simulate --rate 1000 --duration 30s
  npx oms down
`);
