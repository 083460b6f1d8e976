import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from '../../../src/adapters/exec/run.ts';
import { messageOf } from '../../../src/errors.ts';
import { debianMirror } from './debian-mirror.ts';
import type { LabPlaces } from './places.ts';

/** Programs of the machine that the lab calls, with the package that brings each. */
const PROGRAMS = {
  ip: 'iproute2',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  mount: 'mount',
  perl: 'perl',
  tar: 'tar',
  'ssh-keygen': 'openssh-client',
};

function missingProgram(path: string): string | undefined {
  const folders = path.split(delimiter);
  const missing = Object.entries(PROGRAMS).find(([name]) => !folders.some((folder) => existsSync(join(folder, name))));
  return missing && `${missing[0]} is not on PATH (package ${missing[1]})`;
}

/** Namespaces and an overlay in one go, as a server will have them. */
async function tryNamespaces({ folder }: LabPlaces): Promise<void> {
  const probe = join(folder, `probe-${process.pid}`);
  const [lower, upper, work, merged] = ['lower', 'upper', 'work', 'merged'].map((name) => join(probe, name));
  await Promise.all([lower, upper, work, merged].map((name) => mkdir(name!, { recursive: true })));
  const namespaces = ['--mount', '--pid', '--net', '--uts', '--ipc', '--cgroup', '--fork', '--propagation', 'private'];
  const overlay = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  try {
    const args = [...namespaces, 'mount', '-t', 'overlay', 'overlay', '-o', overlay, merged!];
    await run({ file: 'unshare', args });
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
}

/** Why this machine cannot be a lab; undefined when it can. */
export async function whyNoLab(places: LabPlaces, path = process.env.PATH ?? ''): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'not root: namespaces, mounts and a bridge need it';
  if (!existsSync('/etc/debian_version')) return "not Debian: servers are made of its packages, by the machine's apt";
  const missing = missingProgram(path);
  if (missing) return missing;
  try {
    await debianMirror();
    await tryNamespaces(places);
  } catch (error) {
    return messageOf(error);
  }
  return undefined;
}
