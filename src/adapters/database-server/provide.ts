import { messageOf, OmsError } from '../../errors.ts';
import type { ServerBinary } from '../../tools/mysqld.ts';
import { isDockerUsable } from './docker.ts';
import { findInstalledServer, inspectServer, type Unusable } from './find.ts';
import { fetchServer, findFetchedServer } from './packages.ts';

/** How the private server runs. */
export type ServerChoice = { how: 'program'; binary: ServerBinary } | { how: 'docker' };

export interface ProvideOptions {
  cacheDir: string;
  /** Value of PATH. */
  path: string;
  /** Looked into after PATH; where servers are usually installed when absent. */
  systemFolders?: readonly string[];
  /** What made the data folder that is there already; only that may open it. */
  madeBy?: ServerChoice | undefined;
  report?: (activity: string) => void;
  signal?: AbortSignal;
}

const THREE_WAYS = [
  'install a server: apt-get install mariadb-server-core (or mysql-server-core)',
  'or start Docker, then run oms up again',
  'or use any MySQL: oms up --database-url mysql://user:password@host/schema',
];

function describe(unusable: readonly Unusable[]): string[] {
  return unusable.map(({ path, reason }) => `${path} ${reason}`);
}

async function sameAsBefore(madeBy: ServerChoice): Promise<ServerChoice | undefined> {
  if (madeBy.how === 'docker') return (await isDockerUsable()) ? madeBy : undefined;
  const { path, libraryDir, kind } = madeBy.binary;
  const found = await inspectServer(path, { unpacked: libraryDir !== undefined });
  return 'kind' in found && found.kind === kind ? { how: 'program', binary: found } : undefined;
}

function nameOf(choice: ServerChoice): string {
  return choice.how === 'docker' ? 'Docker' : `${choice.binary.kind} ${choice.binary.version}`;
}

/** MariaDB and MySQL do not read each other's files. */
function refuseOther(madeBy: ServerChoice, found: ServerChoice): void {
  const kindOf = (choice: ServerChoice) => (choice.how === 'docker' ? 'mysql' : choice.binary.kind);
  if (kindOf(madeBy) === kindOf(found)) return;
  throw new OmsError('tool_missing', `the local database was made by ${nameOf(madeBy)}, which is no longer here`, {
    why: `${nameOf(found)} cannot open its files`,
    next: [`install ${nameOf(madeBy)} again`, 'or begin with an empty database: oms down --purge && oms up'],
  });
}

async function search(options: ProvideOptions): Promise<ServerChoice> {
  const { signal, report } = options;
  const reasons: string[] = [];
  const installed = await findInstalledServer(options.path, options.systemFolders);
  if (installed.server) return { how: 'program', binary: installed.server };
  reasons.push(...describe(installed.unusable));
  const fetched = await findFetchedServer(options.cacheDir);
  if (fetched) return { how: 'program', binary: fetched };
  try {
    const more = { ...(report && { report }), ...(signal && { signal }) };
    return { how: 'program', binary: await fetchServer({ cacheDir: options.cacheDir, ...more }) };
  } catch (error) {
    signal?.throwIfAborted();
    reasons.push(`the distribution's package could not be fetched (${messageOf(error)})`);
  }
  if (await isDockerUsable(signal)) return { how: 'docker' };
  throw new OmsError('tool_missing', 'no database server can be had on this machine', {
    why: [...reasons, 'no Docker daemon answers'].join('; '),
    next: THREE_WAYS,
  });
}

/**
 * Finds a server to run privately: an installed one, else the distribution's package, fetched and unpacked, else Docker.
 * @throws {OmsError} tool_missing with the ways out.
 */
export async function provideServer(options: ProvideOptions): Promise<ServerChoice> {
  const before = options.madeBy && (await sameAsBefore(options.madeBy));
  if (before) return before;
  const found = await search(options);
  if (options.madeBy) refuseOther(options.madeBy, found);
  return found;
}
