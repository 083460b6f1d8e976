import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../../src/adapters/exec/run.ts';
import { type Apt, aptWith, parseSimulatedInstall } from '../../../../src/adapters/packages/apt.ts';
import { sourceLine } from '../debian-mirror.ts';

/** apt for another release than the machine's, with lists of its own; to it nothing is installed. */
export async function aptForSuite(folder: string, mirror: string, suite: string): Promise<Apt> {
  for (const part of ['lists/partial', 'cache/archives/partial']) await mkdir(join(folder, part), { recursive: true });
  await writeFile(join(folder, 'sources.list'), `${sourceLine(mirror, suite)}\n`);
  await writeFile(join(folder, 'status'), '');
  const options = [
    `Dir::State::lists=${join(folder, 'lists')}`,
    `Dir::State::status=${join(folder, 'status')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    `Dir::Etc::sourcelist=${join(folder, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    'Acquire::Languages=none',
  ];
  const apt = aptWith(
    options.flatMap((option) => ['-o', option]),
    undefined,
  );
  await apt('apt-get', ['-qq', 'update']);
  return apt;
}

/** The packages with everything they need. */
export async function closureOf(apt: Apt, packages: readonly string[]): Promise<string[]> {
  if (packages.length === 0) return [];
  return parseSimulatedInstall(await apt('apt-get', ['-s', '--no-install-recommends', 'install', ...packages]));
}

/**
 * Downloads packages and unpacks their files into `root`; none of their scripts runs.
 * @returns their file names, `name_version_architecture.deb`.
 */
export async function unpackInto(root: string, debs: string, apt: Apt, packages: readonly string[]): Promise<string[]> {
  if (packages.length === 0) return [];
  await mkdir(debs, { recursive: true });
  await apt('apt-get', ['-qq', 'download', ...packages], debs);
  const files = await readdir(debs);
  for (const name of files) await run({ file: 'dpkg', args: ['-x', join(debs, name), root] });
  return files;
}

/** Upstream's version of a package among such file names. */
export function versionAmong(files: readonly string[], name: string): string | undefined {
  const version = files.find((file) => file.startsWith(`${name}_`))?.split('_')[1];
  return (
    version &&
    decodeURIComponent(version)
      .replace(/^\d+:/, '')
      .replace(/-[^-]*$/, '')
  );
}
