import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVER_NAMES, SERVER_PACKAGES, type ServerBinary } from '../../tools/mysqld.ts';
import { CommandFailed, run } from '../exec/run.ts';
import { buildOnce } from '../files/build-once.ts';
import { inspectServer } from './find.ts';

export interface FetchOptions {
  /** Survives the data: nothing is downloaded twice. */
  cacheDir: string;
  /** Told what is being done, for a progress line. */
  report?: (activity: string) => void;
  signal?: AbortSignal;
}

type Apt = (program: 'apt-get' | 'apt-cache', args: readonly string[], cwd?: string) => Promise<string>;

function aptWith(options: readonly string[], signal: AbortSignal | undefined): Apt {
  return async (program, args, cwd) => {
    const { stdout } = await run({
      file: program,
      // The packages land in a folder of ours, which apt's own sandbox user may not enter.
      args: ['-o', 'APT::Sandbox::User=', ...options, ...args],
      // Its messages are read, so they have to be in English.
      env: { LC_ALL: 'C' },
      ...(cwd && { cwd }),
      ...(signal && { signal }),
    });
    return stdout;
  };
}

/** Package lists of our own from the machine's own sources: for an ordinary user, or when the system's are stale. */
async function privateApt(stateDir: string, signal: AbortSignal | undefined): Promise<Apt> {
  const lists = join(stateDir, 'lists');
  const archives = join(stateDir, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(archives, 'archives', 'partial'), { recursive: true });
  const options = [`Dir::State::lists=${lists}`, `Dir::Cache=${archives}`, 'Acquire::Languages=none'];
  const apt = aptWith(
    options.flatMap((option) => ['-o', option]),
    signal,
  );
  await apt('apt-get', ['-qq', 'update']);
  return apt;
}

/** The names after "Inst" in what `apt-get -s install` would do: the package and what the machine lacks for it. */
export function parseSimulatedInstall(output: string): string[] {
  return [...output.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]!);
}

async function resolvePackages(apt: Apt): Promise<string[]> {
  const reasons: string[] = [];
  for (const name of SERVER_PACKAGES) {
    try {
      const output = await apt('apt-get', ['-s', '--no-install-recommends', '--reinstall', 'install', name]);
      return parseSimulatedInstall(output);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      reasons.push(error.stderr.trim().split('\n').at(-1) ?? error.message);
    }
  }
  throw new Error(reasons.join('; '));
}

async function downloadPackages(apt: Apt, folder: string, report: (activity: string) => void): Promise<void> {
  const names = await resolvePackages(apt);
  report(`downloading ${names.length} packages (about 7 MB): ${names.join(', ')}`);
  await apt('apt-get', ['-qq', 'download', ...names], folder);
}

async function unpack(debs: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  for (const name of await readdir(debs)) {
    if (!name.endsWith('.deb')) continue;
    // -x takes the files only: no maintainer script runs, so no service can start.
    await run({ file: 'dpkg', args: ['-x', join(debs, name), folder], ...(signal && { signal }) });
  }
}

/** The server of an unpacked package, when there is one that runs. */
async function findUnpacked(folder: string): Promise<ServerBinary | undefined> {
  for (const name of SERVER_NAMES) {
    const found = await inspectServer(join(folder, 'usr', 'sbin', name), { unpacked: true });
    if ('kind' in found) return found;
  }
  return undefined;
}

async function fetchInto(folder: string, { report = () => undefined, signal }: FetchOptions): Promise<void> {
  const debs = join(folder, 'debs');
  await mkdir(debs);
  try {
    await downloadPackages(aptWith([], signal), debs, report);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    report('reading the package lists of the distribution');
    await downloadPackages(await privateApt(join(folder, 'apt'), signal), debs, report);
  }
  report('unpacking');
  await unpack(debs, folder, signal);
  await rm(debs, { recursive: true });
  await rm(join(folder, 'apt'), { recursive: true, force: true });
  if (!(await findUnpacked(folder))) throw new Error('the unpacked server does not start on this machine');
}

const serverFolder = (cacheDir: string) => join(cacheDir, 'database-server');

/** The server that an earlier fetch has left in the cache. */
export async function findFetchedServer(cacheDir: string): Promise<ServerBinary | undefined> {
  return findUnpacked(serverFolder(cacheDir));
}

/**
 * Fetches the distribution's server package and unpacks it into the cache; nothing is installed, no right is needed.
 * @throws {Error} saying what apt-get or dpkg said.
 */
export async function fetchServer(options: FetchOptions): Promise<ServerBinary> {
  const folder = serverFolder(options.cacheDir);
  await buildOnce(folder, (temporary) => fetchInto(temporary, options));
  const found = await findUnpacked(folder);
  if (!found) throw new Error(`the server in ${folder} does not run; remove that folder and try again`);
  return found;
}
