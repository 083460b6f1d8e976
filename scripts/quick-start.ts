// The whole line once, as a newcomer would type it: `npm start`. Each command is shown before it runs.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { EXIT } from '../src/errors.ts';

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

let isInterrupted = false;

// The child is in the same process group and gets Ctrl-C itself; this process waits for how it ends.
process.on('SIGINT', () => {
  isInterrupted = true;
});

function start(args: readonly string[], stdio: 'inherit' | 'ignore'): Promise<number> {
  const child = spawn(process.execPath, [OMS, ...args], { stdio });
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

function run(args: readonly string[]): Promise<number> {
  console.log(`\n${styleText(['bold', 'cyan'], `$ oms ${args.map(quote).join(' ')}`)}`);
  return start(args, 'inherit');
}

/** After Ctrl-C nothing is left that was not there before. */
async function leave(hasRunBefore: boolean): Promise<void> {
  console.error('\nInterrupted.');
  if (hasRunBefore) console.error('The local stack ran before and goes on: npx oms status, npx oms down');
  else await run(['down']);
  process.exit(EXIT.interrupted);
}

// Where nothing runs, `oms status` ends with "missing".
const hasRunBefore = (await start(['status', '--quiet'], 'ignore')) !== EXIT.missing;
for (const command of COMMANDS) {
  const code = await run(command);
  if (isInterrupted) await leave(hasRunBefore);
  if (code !== 0) {
    console.error(
      `\noms ${command[0]} ended with ${code}; what it said is above. How the local stack is: npx oms status`,
    );
    process.exit(code);
  }
}
console.log(`
The stack goes on running. Next:
  npx oms ask "revenue by category this month"
  npx oms simulate --rate 1000 --duration 30s
  npx oms down
`);
