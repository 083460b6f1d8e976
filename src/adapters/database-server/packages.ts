import { join } from 'node:path';
import { SERVER_NAMES, SERVER_PACKAGES, type ServerBinary } from '../../tools/mysqld.ts';
import { buildOnce } from '../files/build-once.ts';
import { unpackPackages } from '../packages/unpack.ts';
import { inspectServer } from './find.ts';

export interface FetchOptions {
  /** Survives the data: nothing is downloaded twice. */
  cacheDir: string;
  /** Told what is being done, for a progress line. */
  report?: (activity: string) => void;
  signal?: AbortSignal;
}

/** The server of an unpacked package, when there is one that runs. */
async function findUnpacked(folder: string): Promise<ServerBinary | undefined> {
  for (const name of SERVER_NAMES) {
    const found = await inspectServer(join(folder, 'usr', 'sbin', name), { unpacked: true });
    if ('kind' in found) return found;
  }
  return undefined;
}

async function fetchInto(folder: string, { report, signal }: FetchOptions): Promise<void> {
  await unpackPackages(folder, {
    candidates: SERVER_PACKAGES,
    size: '7 MB',
    ...(report && { report }),
    ...(signal && { signal }),
  });
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
