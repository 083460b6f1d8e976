/**
 * Runs a command where Azure's part is played by stand-ins:
 *
 *   node scripts/with-standins.ts -- oms provision --env demo --rate 5000 --plan-only
 *
 * Their cloud is kept in .oms/standins, so that plan, apply, drift and destroy see the same one call after call.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { styleText } from 'node:util';
import { lockHolder, releaseLock, takeLock } from '../src/adapters/files/lock.ts';
import { messageOf } from '../src/errors.ts';
import { Undoing } from '../test/standins/environment/scope.ts';
import { type Standins, startStandins } from '../test/standins/environment/start.ts';

/** Where the command says nothing else. */
const DEFAULTS = { OMS_PROVISION_REGION: 'westeurope' };
const USAGE = 2;
const FAILED = 1;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const folder = join(resolve(process.env.OMS_DIR ?? '.oms'), 'standins');
const say = (text: string) => process.stderr.write(`${text}\n`);

function commandOf(argv: readonly string[]): [string, ...string[]] | undefined {
  const [program, ...args] = argv[0] === '--' ? argv.slice(1) : argv;
  return program === undefined ? undefined : [program, ...args];
}

function banner({ table }: Standins): string {
  const width = Math.max(...table.map(([name]) => name.length));
  return [
    styleText('yellow', 'stand-ins: nothing reaches Azure', { stream: process.stderr }),
    ...table.map(([name, what]) => `  ${name.padEnd(width)}  ${what}`),
    `  ${'kept in'.padEnd(width)}  ${folder} (remove it to begin with an empty cloud)`,
    '',
  ].join('\n');
}

/**
 * In the foreground, with this terminal. A terminal's Ctrl-C reaches the command by itself, being in the same process
 * group: passing it on would press it twice.
 */
function runInFront([program, ...args]: [string, ...string[]], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env });
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  const interrupt = () => hasTerminal || passOn('SIGINT');
  process.on('SIGINT', interrupt).on('SIGTERM', passOn).on('SIGHUP', passOn);
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => done(code ?? codeOf(signal!)));
  });
}

const codeOf = (signal: NodeJS.Signals) => 128 + constants.signals[signal];

/** A signal that comes while they are being started takes them down again; afterwards it is the command's. */
async function startUninterrupted(undoing: Undoing): Promise<Standins> {
  const leave = (signal: NodeJS.Signals) => void undoing.end().then(() => process.exit(codeOf(signal)));
  for (const signal of SIGNALS) process.on(signal, leave);
  const standins = await startStandins(folder, undoing, say);
  for (const signal of SIGNALS) process.off(signal, leave);
  return standins;
}

async function withStandins(command: [string, ...string[]]): Promise<number> {
  const undoing = new Undoing();
  try {
    const standins = await startUninterrupted(undoing);
    say(banner(standins));
    return await runInFront(command, { ...DEFAULTS, ...process.env, ...standins.env });
  } catch (error) {
    say(`with-standins: ${messageOf(error)}`);
    return FAILED;
  } finally {
    await undoing.end();
  }
}

async function main(): Promise<number> {
  const command = commandOf(process.argv.slice(2));
  if (command === undefined) {
    say('usage: node scripts/with-standins.ts -- COMMAND [ARGUMENT...]');
    return USAGE;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = join(folder, 'lock');
  if (!(await takeLock(lock))) {
    say(`with-standins: process ${await lockHolder(lock)} is using ${folder}; wait until it is done`);
    return FAILED;
  }
  try {
    return await withStandins(command);
  } finally {
    await releaseLock(lock);
  }
}

process.exit(await main());
