import { readFileSync } from 'node:fs';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sourceLine } from './debian-mirror.ts';
import { USERS } from './debian-root.ts';

/** What the operator of this site has put on every server beforehand: where packages and images come from. */
export interface Site {
  /** Address of the package mirror, as the servers see it. */
  packages: string;
  /** Address of the registry that knows the images of Docker Hub. */
  registry: string;
  /** Other registries that the same address answers for. */
  registryNames: readonly string[];
}

export interface OwnFiles {
  name: string;
  /** One line of authorized_keys. */
  authorizedKey: string;
  site: Site;
  /** Root of Debian, which says who has which number. */
  lower: string;
}

/**
 * /etc/docker/daemon.json of an operator with a mirror of their own. Docker asks a mirror for images of Docker Hub only;
 * any other registry is reached by its name, which /etc/hosts leads here, without TLS.
 */
export const daemonSettings = ({ registry, registryNames }: Site) => ({
  'registry-mirrors': [`http://${registry}`],
  'insecure-registries': [...registryNames],
});

export function hostsFile(name: string, { registry, registryNames }: Site): string {
  const others = registryNames.map((other) => `${registry} ${other}\n`).join('');
  return `127.0.0.1 localhost\n127.0.1.1 ${name}\n${others}`;
}

/** Number of a user in the server. */
export function numberOf(passwd: string, user: string): number {
  const row = passwd.split('\n').find((entry) => entry.startsWith(`${user}:`));
  if (!row) throw new Error(`no user ${user} in the root of Debian`);
  return Number(row.split(':')[2]);
}

async function put(file: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content, { mode });
}

async function letIn(upper: string, user: string, { authorizedKey, lower }: OwnFiles): Promise<void> {
  const id = numberOf(readFileSync(join(lower, 'etc/passwd'), 'utf8'), user);
  const home = join(upper, 'home', user);
  const file = join(home, '.ssh/authorized_keys');
  await put(file, authorizedKey, 0o600);
  for (const path of [home, join(home, '.ssh'), file]) await chown(path, id, id);
}

/** Everything that is not the same on every server; `upper` is what it will have written itself. */
export async function writeOwnFiles(upper: string, files: OwnFiles): Promise<void> {
  const { name, site } = files;
  const at = (path: string) => join(upper, path);
  await put(at('etc/hostname'), `${name}\n`);
  await put(at('etc/hosts'), hostsFile(name, site));
  // Nobody answers for names here: a look-up fails at once.
  await put(at('etc/resolv.conf'), '');
  await put(at('etc/machine-id'), '');
  await put(at('etc/apt/sources.list'), `${sourceLine(site.packages, 'trixie')}\n`);
  await put(at('etc/docker/daemon.json'), `${JSON.stringify(daemonSettings(site), null, 2)}\n`);
  await mkdir(at('etc/ssh'), { recursive: true });
  for (const user of Object.values(USERS)) await letIn(upper, user, files);
}
