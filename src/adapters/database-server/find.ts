import { access, constants, readdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import {
  MARIADB_SYSTEM_SQL,
  MINIMUM_VERSION,
  parseServerVersion,
  SERVER_NAMES,
  type ServerBinary,
} from '../../tools/mysqld.ts';
import { isAtLeast } from '../../tools/tool.ts';
import { run } from '../exec/run.ts';

/** Servers live where only root's PATH looks. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/mysql/bin', '/opt/homebrew/bin'];

/** A server program that is there but cannot serve, and why. */
export interface Unusable {
  path: string;
  reason: string;
}

const canRead = (path: string) =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

async function findShareDir(baseDir: string, isMariadb: boolean): Promise<string | undefined> {
  const probe = isMariadb ? MARIADB_SYSTEM_SQL[0] : 'english/errmsg.sys';
  for (const name of ['mysql', 'mariadb', 'mysql-8.0', 'mysql-8.4', '']) {
    const folder = join(baseDir, 'share', name);
    if (await canRead(join(folder, probe))) return folder;
  }
  return undefined;
}

async function findLibraryDir(baseDir: string): Promise<string | undefined> {
  const names = await readdir(join(baseDir, 'lib')).catch(() => [] as string[]);
  const triplet = names.find((name) => name.endsWith('-linux-gnu'));
  return triplet && join(baseDir, 'lib', triplet);
}

/**
 * Asks a program what it is and looks for the files it needs beside it.
 * @param unpacked the program stands in an unpacked package whose libraries the system's loader does not know.
 */
export async function inspectServer(path: string, { unpacked = false } = {}): Promise<ServerBinary | Unusable> {
  const baseDir = dirname(dirname(path));
  const libraryDir = unpacked ? await findLibraryDir(baseDir) : undefined;
  try {
    const env = libraryDir ? { LD_LIBRARY_PATH: libraryDir } : {};
    const found = parseServerVersion((await run({ file: path, args: ['--no-defaults', '--version'], env })).stdout);
    if (!found) return { path, reason: 'does not say which version it is' };
    const minimum = MINIMUM_VERSION[found.kind];
    if (!isAtLeast(found.version, minimum)) {
      return { path, reason: `is ${found.kind} ${found.version}, at least ${minimum} is needed` };
    }
    const shareDir = await findShareDir(baseDir, found.kind === 'mariadb');
    if (!shareDir) return { path, reason: `its share folder was not found under ${baseDir}` };
    return { ...found, path, baseDir, shareDir, ...(libraryDir && { libraryDir }) };
  } catch (error) {
    return { path, reason: (error as Error).message };
  }
}

/** Looks on PATH and where servers are installed; what is there but unusable is told with its reason. */
export async function findInstalledServer(
  path: string,
  extraFolders: readonly string[] = SYSTEM_FOLDERS,
): Promise<{ server?: ServerBinary; unusable: Unusable[] }> {
  const folders = [...new Set([...path.split(delimiter).filter(Boolean), ...extraFolders])];
  const unusable: Unusable[] = [];
  for (const name of SERVER_NAMES) {
    for (const folder of folders) {
      const candidate = join(folder, name);
      if (!(await canRead(candidate))) continue;
      const found = await inspectServer(candidate);
      if ('kind' in found) return { server: found, unusable };
      unusable.push(found);
    }
  }
  return { unusable };
}
