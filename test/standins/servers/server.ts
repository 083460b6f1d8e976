import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { run } from '../../../src/adapters/exec/run.ts';
import { until } from '../../helpers/until.ts';
import { bootCommand } from './boot-script.ts';
import { hierarchies, makeGroups, removeGroups } from './control-groups.ts';
import { USERS } from './debian-root.ts';
import { execInside, type Outcome } from './exec-inside.ts';
import type { LabNetwork, Station } from './network.ts';
import { firstChild, killNow, startLogged, stillThere, whileStarting } from './process.ts';
import { type Site, writeOwnFiles } from './server-files.ts';

const BOOT_DEADLINE_MS = 60_000;

/** A bare Debian 13 server. */
export interface LabServer {
  name: string;
  address: string;
  /** Logs in with the key, and becomes root by sudo without a password. */
  user: string;
  /** Logs in with the key, and may not become root. */
  powerlessUser: string;
  identityFile: string;
  /** Public host key, as in known_hosts after the name. */
  hostKey(): Promise<string>;
  /** Runs as root in the server, past SSH. A command that ends with another code than 0 is no error. */
  exec(argv: readonly string[], input?: string): Promise<Outcome>;
  /** Another host key from now on, as if somebody else answered at this address. */
  changeHostKey(): Promise<void>;
  /** Every process is gone at once; what was written stays. */
  powerCut(): Promise<void>;
  /** @returns the seconds until somebody can log in. */
  boot(): Promise<number>;
}

export interface ServerOptions {
  name: string;
  /** The server's own folder. */
  folder: string;
  /** Root of Debian, which all servers share. */
  lower: string;
  network: LabNetwork;
  station: Station;
  identityFile: string;
  site: Site;
}

/** Whether sshd answers. */
function answersSsh(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 22, timeout: 1_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (chunk) => end(chunk.toString().startsWith('SSH-')));
    for (const event of ['error', 'timeout', 'close']) socket.once(event, () => end(false));
  });
}

export function hostKeyFile(upper: string): string {
  return join(upper, 'etc/ssh/ssh_host_ed25519_key');
}

async function makeHostKey(file: string, name: string): Promise<void> {
  await Promise.all([rm(file, { force: true }), rm(`${file}.pub`, { force: true })]);
  await run({ file: 'ssh-keygen', args: ['-q', '-t', 'ed25519', '-N', '', '-C', `root@${name}`, '-f', file] });
}

/** Lays down a server's disk; nothing runs yet. */
export async function createServer(options: ServerOptions): Promise<LabServer> {
  const { name, folder, lower, network, station, identityFile, site } = options;
  const at = (part: string) => join(folder, part);
  const [upper, log] = [at('upper'), at('console.log')];
  for (const part of ['upper', 'work', 'root', 'docker']) await mkdir(at(part), { recursive: true });
  await writeOwnFiles(upper, { name, authorizedKey: await readFile(`${identityFile}.pub`, 'utf8'), site, lower });
  await makeHostKey(hostKeyFile(upper), name);
  let running: { child: ChildProcess; init: number } | undefined;

  const exec: LabServer['exec'] = (argv, input) => {
    if (!running) return Promise.reject(new Error(`${name} has no power`));
    return execInside(running.init, argv, input);
  };
  const powerCut = async () => {
    if (running) await killNow(running.child);
    running = undefined;
    await removeGroups(name);
  };
  const boot = async () => {
    const from = performance.now();
    const plan = { name, lower, upper, work: at('work'), root: at('root'), docker: at('docker') };
    const [groups, all] = [await makeGroups(name), await hierarchies()];
    await writeFile(log, '');
    const child = startLogged(bootCommand({ ...plan, groups, hierarchies: all }), log);
    running = { child, init: 0 };
    const init = await firstChild(child, log);
    running.init = init;
    await whileStarting(child, log, () => network.connect(station, init));
    const answers = async () => {
      await stillThere(child, log);
      return answersSsh(station.address);
    };
    await until(`${name} answers by SSH`, answers, BOOT_DEADLINE_MS);
    // Until it has started nobody but root is let in.
    await exec(['systemctl', 'is-system-running', '--wait']);
    return (performance.now() - from) / 1_000;
  };
  return {
    name,
    address: station.address,
    user: USERS.deployer,
    powerlessUser: USERS.powerless,
    identityFile,
    hostKey: async () => (await readFile(`${hostKeyFile(upper)}.pub`, 'utf8')).trim(),
    exec,
    changeHostKey: async () => {
      const file = '/etc/ssh/ssh_host_ed25519_key';
      const remake = `rm -f ${file}*; ssh-keygen -q -t ed25519 -N '' -f ${file}; systemctl restart ssh`;
      const { code, stderr } = await exec(['sh', '-c', remake]);
      if (code !== 0) throw new Error(`the host key of ${name} was not changed: ${stderr}`);
    },
    powerCut,
    boot,
  };
}
