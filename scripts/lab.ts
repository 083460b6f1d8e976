/**
 * Bare servers on this machine, until Ctrl-C; see test/standins/servers/README.md.
 *
 *   node scripts/lab.ts [NAME...]            one server a name: shop-1 and shop-2 without
 *   cut NAME | boot NAME | exec NAME COMMAND on stdin, while it runs
 */
import { createInterface } from 'node:readline';
import { messageOf } from '../src/errors.ts';
import { type Lab, NoLab, startLab } from '../test/standins/servers/lab.ts';

const FAILED = 1;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const say = (text: string) => process.stderr.write(`${text}\n`);

/** How a person logs in; nothing is remembered, the host keys are new with every lab. */
function banner({ servers }: Lab): string {
  const { identityFile, powerlessUser } = servers[0]!;
  const options = `-i ${identityFile} -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no`;
  return [
    '',
    ...servers.map(({ user, address, name }) => `  ssh ${options} ${user}@${address}    # ${name}`),
    `  ${powerlessUser} logs in with the same key and may not become root.`,
    '  cut NAME, boot NAME, exec NAME COMMAND; Ctrl-C takes everything down.',
    '',
  ].join('\n');
}

async function obey(lab: Lab, line: string): Promise<void> {
  const [verb, name = '', ...rest] = line.trim().split(/\s+/);
  if (verb === '') return;
  if (verb === 'cut') return lab.powerCut(name);
  if (verb === 'boot') {
    say(`${name}: ${(await lab.boot(name)).toFixed(1)} s`);
    return;
  }
  if (verb !== 'exec') throw new Error('cut NAME, boot NAME or exec NAME COMMAND');
  const { code, stdout, stderr } = await lab.server(name).exec(['sh', '-c', rest.join(' ')]);
  say(`${stdout}${stderr}exit code ${code}`);
}

async function takeOrders(lab: Lab): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    await obey(lab, line).catch((error: unknown) => say(messageOf(error)));
  }
}

const untilSignal = () =>
  new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });

async function main(): Promise<number> {
  const names = process.argv.slice(2);
  const told = untilSignal();
  try {
    const lab = await startLab({ servers: names.length > 0 ? names : ['shop-1', 'shop-2'], log: say });
    say(banner(lab));
    void takeOrders(lab);
    await told;
    await lab.stop();
    return 0;
  } catch (error) {
    say(error instanceof NoLab ? `lab: not run: ${error.message}` : `lab: ${messageOf(error)}`);
    return FAILED;
  }
}

process.exit(await main());
