import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { CommandFailed, run } from '../../src/adapters/exec/run.ts';
import { buildOnce } from '../../src/adapters/files/build-once.ts';
import { aptWith } from '../../src/adapters/packages/apt.ts';
import { messageOf } from '../../src/errors.ts';

/** Unpacked once for every run in this checkout: 20 MB to download. */
const FOLDER = join(import.meta.dirname, '..', '..', '.oms', 'cache', 'docker-compose');
/** Oldest release of Debian whose Compose is of the second kind; its program runs on earlier ones, too. */
const SUITE = 'trixie';

/** Where this machine gets Debian from: another release lies beside its own. */
async function debianMirror(): Promise<string> {
  const targets = await aptWith([], undefined)('apt-get', ['indextargets', '--format', '$(REPO_URI)']);
  const mirror = targets.split('\n').find((uri) => /\/debian\/?$/.test(uri));
  if (!mirror) throw new Error('apt of this machine has no Debian mirror');
  return mirror;
}

async function unpackInto(folder: string): Promise<void> {
  const lists = join(folder, 'lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
  const sources = join(folder, 'sources.list');
  const mirror = await debianMirror();
  await writeFile(sources, `deb ${mirror} ${SUITE} main\n`);
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': lists,
    'Dir::Cache': join(folder, 'cache'),
    'Acquire::Languages': 'none',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const apt = aptWith(options, undefined);
  await apt('apt-get', ['-qq', 'update']);
  await apt('apt-get', ['-qq', 'download', 'docker-compose'], folder);
  const deb = (await readdir(folder)).find((name) => name.endsWith('.deb'))!;
  await run({ file: 'dpkg', args: ['-x', join(folder, deb), join(folder, 'root')] });
  await rename(join(folder, 'root/usr/libexec/docker/cli-plugins/docker-compose'), join(folder, 'docker-compose'));
  for (const rest of ['lists', 'cache', 'root', deb]) await rm(join(folder, rest), { recursive: true });
}

/** A program and the arguments that come first. */
export interface Program {
  file: string;
  args: string[];
}

async function composeProgram(): Promise<Program> {
  const installed: Program = { file: 'docker', args: ['compose'] };
  const has = await run({ file: installed.file, args: [...installed.args, 'version'] }).then(
    () => true,
    () => false,
  );
  if (has) return installed;
  await buildOnce(FOLDER, unpackInto);
  return { file: join(FOLDER, 'docker-compose'), args: [] };
}

/** The real Compose for a test; undefined, told in the test's output, where the machine cannot have one. No daemon is needed. */
export async function realCompose(t: TestContext): Promise<Program | undefined> {
  try {
    return await composeProgram();
  } catch (error) {
    t.diagnostic(`docker compose: not run (${messageOf(error).split('\n').at(-1)})`);
    return undefined;
  }
}

/**
 * What Compose makes of files, as data.
 * @throws {Error} with what it said
 */
export async function composeConfig(
  program: Program,
  options: { folder: string; files: readonly string[]; profiles: readonly string[]; env: Record<string, string> },
): Promise<unknown> {
  const args = [
    ...program.args,
    ...['--project-directory', options.folder],
    ...options.files.flatMap((file) => ['--file', file]),
    ...options.profiles.flatMap((profile) => ['--profile', profile]),
    ...['config', '--format', 'json'],
  ];
  try {
    const { stdout } = await run({ file: program.file, args, env: options.env });
    return JSON.parse(stdout);
  } catch (error) {
    throw error instanceof CommandFailed ? new Error(error.stderr.trim()) : error;
  }
}
