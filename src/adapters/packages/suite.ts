import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../exec/run.ts';
import { type Apt, aptWith } from './apt.ts';

/** One line of `apt-get indextargets`: where a suite's packages are, and whose they are. */
export interface PackageSource {
  /** Such as "http://deb.debian.org/debian/". */
  uri: string;
  codename: string;
  component: string;
  /** Such as "Debian". */
  origin: string;
}

const FORMAT = '$(REPO_URI)|$(CODENAME)|$(COMPONENT)|$(ORIGIN)';

/** The sources this machine's apt knows, in its own words: whatever form its files have. */
export async function packageSources(apt: Apt): Promise<PackageSource[]> {
  const output = await apt('apt-get', ['indextargets', '--format', FORMAT, 'Created-By: Packages']);
  return output
    .split('\n')
    .map((line) => line.split('|'))
    .filter((fields) => fields.length === 4)
    .map(([uri, codename, component, origin]) => ({
      uri: uri!,
      codename: codename!,
      component: component!,
      origin: origin!,
    }));
}

/** The version a distribution would install; undefined when it has no such package. */
export async function candidateVersion(apt: Apt, name: string): Promise<string | undefined> {
  const output = await apt('apt-cache', ['policy', name]);
  const version = /^ +Candidate: (\S+)/m.exec(output)?.[1];
  return version === '(none)' ? undefined : version;
}

/** apt with the lists of one suite alone, from a mirror the machine uses already; nothing of the machine's own is read. */
export async function aptOfSuite(
  stateDir: string,
  source: { uri: string; codename: string; keyring: string },
  signal: AbortSignal | undefined,
): Promise<Apt> {
  await mkdir(join(stateDir, 'lists', 'partial'), { recursive: true });
  await mkdir(join(stateDir, 'cache', 'archives', 'partial'), { recursive: true });
  const { uri, codename, keyring } = source;
  await writeFile(join(stateDir, 'sources.list'), `deb [signed-by=${keyring}] ${uri} ${codename} main\n`);
  await writeFile(join(stateDir, 'status'), '');
  const options = [
    `Dir::Etc::sourcelist=${join(stateDir, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${join(stateDir, 'lists')}`,
    `Dir::State::status=${join(stateDir, 'status')}`,
    `Dir::Cache=${join(stateDir, 'cache')}`,
    'Acquire::Languages=none',
  ];
  const apt = aptWith(
    options.flatMap((option) => ['-o', option]),
    signal,
  );
  await apt('apt-get', ['-qq', 'update']);
  return apt;
}

/** Downloads these packages and no others, and unpacks their files into the folder; no script of theirs runs. */
export async function unpackNamed(
  apt: Apt,
  names: readonly string[],
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const debs = join(folder, 'debs');
  await mkdir(debs, { recursive: true });
  await apt('apt-get', ['-qq', 'download', ...names], debs);
  for (const name of (await readdir(debs)).filter((file) => file.endsWith('.deb'))) {
    await run({ file: 'dpkg', args: ['-x', join(debs, name), folder], ...(signal && { signal }) });
  }
  await rm(debs, { recursive: true });
}
