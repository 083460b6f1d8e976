import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ANSIBLE } from '../../tools/ansible.ts';
import { isAtLeast, parseVersion } from '../../tools/tool.ts';
import { type Apt, aptWith, privateApt } from '../packages/apt.ts';
import { aptOfSuite, candidateVersion, packageSources, unpackNamed } from '../packages/suite.ts';

/**
 * Of the machine's own suite, so that compiled parts fit its Python. Of what ansible-core asks for beside them nothing is
 * used: collections are not installed, and no vault is opened.
 */
const OWN_PACKAGES = [
  'python3-jinja2',
  'python3-markupsafe',
  'python3-yaml',
  'python3-packaging',
  'python3-resolvelib',
];
const ANSIBLE_PACKAGE = 'ansible-core';
/** The first Debian with an ansible-core that is new enough; it is written in Python alone and runs on 3.11 and later. */
const NEWER_DEBIAN = 'trixie';
const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

interface FetchOptions {
  report: (activity: string) => void;
  signal: AbortSignal | undefined;
}

const isNewEnough = (version: string | undefined) =>
  version !== undefined && isAtLeast(parseVersion(version) ?? '0', ANSIBLE.minimum);

/** apt with lists of the machine's own sources; of our own where the system's are not there or cannot be used. */
export async function ownApt(folder: string, { report, signal }: FetchOptions): Promise<Apt> {
  const apt = aptWith([], signal);
  if ((await candidateVersion(apt, OWN_PACKAGES[0]!).catch(() => undefined)) !== undefined) return apt;
  report('reading the package lists of the distribution');
  return privateApt(join(folder, 'apt-own'), signal);
}

/** apt with the lists of the Debian whose ansible-core is new enough, from the mirror this machine uses. */
export async function newerDebian(own: Apt, folder: string, { report, signal }: FetchOptions): Promise<Apt> {
  const sources = await packageSources(own);
  // Of "bookworm", "bookworm-updates" and "bookworm-security" the first one's mirror has the other releases, too.
  const source = sources.find(
    ({ component, codename, origin }) => component === 'main' && origin === 'Debian' && /^[a-z]+$/.test(codename),
  );
  if (!source) throw new Error(`the distribution has no ${ANSIBLE_PACKAGE} ${ANSIBLE.minimum} or newer`);
  report(`reading the package lists of Debian ${NEWER_DEBIAN}`);
  const newer = { uri: source.uri, codename: NEWER_DEBIAN, keyring: DEBIAN_KEYRING };
  return aptOfSuite(join(folder, 'apt-newer'), newer, signal);
}

/**
 * Unpacks ansible-core and what it is made of below the folder; nothing is installed, no right is needed.
 * @throws {Error} saying what apt-get or dpkg said, or that the distribution has none that is new enough.
 */
export async function fetchAnsible(folder: string, options: FetchOptions): Promise<void> {
  const { report, signal } = options;
  const own = await ownApt(folder, options);
  const fits = isNewEnough(await candidateVersion(own, ANSIBLE_PACKAGE));
  const source = fits ? own : await newerDebian(own, folder, options);
  report('downloading ansible-core (about 2 MB)');
  await unpackNamed(own, OWN_PACKAGES, folder, signal);
  await unpackNamed(source, [ANSIBLE_PACKAGE], folder, signal);
  await Promise.all(
    ['apt-own', 'apt-newer', 'usr/share/doc', 'usr/share/man'].map((name) =>
      rm(join(folder, name), { recursive: true, force: true }),
    ),
  );
}
