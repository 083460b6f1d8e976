import { setTimeout as delay } from 'node:timers/promises';
import { type Static, Type } from 'typebox';
import type { Machine } from '../../adapters/machine.ts';
import { messageOf, OmsError } from '../../errors.ts';
import type { LocalPaths } from './paths.ts';
import type { LocalPorts } from './ports.ts';
import type { LocalSecrets } from './secrets.ts';
import { BUFFER_POOL_MB, REDO_LOG_MB } from './spec.ts';

/** How the database server of this stack runs; kept, because only its own kind can open its files. */
export const ServerRecord = Type.Union([
  Type.Object({ how: Type.Literal('docker') }),
  Type.Object({
    how: Type.Literal('program'),
    binary: Type.Object({
      kind: Type.Union([Type.Literal('mariadb'), Type.Literal('mysql')]),
      path: Type.String(),
      version: Type.String(),
      baseDir: Type.String(),
      shareDir: Type.String(),
      libraryDir: Type.Optional(Type.String()),
    }),
  }),
]);
export type ServerRecord = Static<typeof ServerRecord>;

export const describeServer = (server: ServerRecord): string =>
  server.how === 'docker' ? 'MySQL in Docker' : `${server.binary.kind} ${server.binary.version}`;

interface ServerNeeds {
  paths: LocalPaths;
  ports: LocalPorts;
  secrets: LocalSecrets;
  /** A running server is left as it is. */
  isRunning: boolean;
  searchPath: string;
  report: (activity: string) => void;
  signal: AbortSignal;
}

/** Finds the server and makes its data folder, unless it runs already. */
export async function provideDatabaseServer(machine: Machine, needs: ServerNeeds): Promise<ServerRecord> {
  const { paths, ports, secrets, searchPath, report, signal } = needs;
  const madeBy = await machine.readJson(paths.serverFile, ServerRecord);
  if (madeBy && needs.isRunning) return madeBy;
  const server = await machine.prepareDatabase({
    cacheDir: paths.cacheDir,
    path: searchPath,
    madeBy: machine.exists(paths.databaseDir) ? madeBy : undefined,
    dataDir: paths.databaseDir,
    port: ports.database,
    bufferPoolMb: BUFFER_POOL_MB,
    redoLogMb: REDO_LOG_MB,
    passwords: secrets.database,
    report,
    signal,
  });
  machine.writeJson(paths.serverFile, server);
  return server;
}

/** A container takes connections before its server does. */
const ANSWER_DEADLINE_MS = 60_000;
const RETRY_MS = 100;
const NOT_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'PROTOCOL_CONNECTION_LOST', 'ETIMEDOUT', 'EPIPE']);

/**
 * Brings the schema to this version, waiting for a server that is still on its way.
 * @throws {OmsError} database_unreachable, database_schema
 */
export async function migrateDatabase(url: string, signal: AbortSignal, patient: boolean): Promise<string[]> {
  const { migrate, MigrationError } = await import('../../../lib/database/migrate.ts');
  const deadline = performance.now() + (patient ? ANSWER_DEADLINE_MS : 0);
  for (;;) {
    signal.throwIfAborted();
    try {
      return await migrate(url);
    } catch (error) {
      if (error instanceof MigrationError) throw schemaError(error);
      const { code = '' } = error as { code?: string };
      if (!NOT_YET.has(code) || performance.now() > deadline) throw unreachable(url, error);
      await delay(RETRY_MS);
    }
  }
}

function schemaError(error: Error): OmsError {
  return new OmsError('database_schema', 'the database does not fit this version of oms', {
    why: error.message,
    next: ['use the version of oms that made it', 'or begin with an empty one: oms down --purge && oms up'],
    cause: error,
  });
}

function unreachable(url: string, error: unknown): OmsError {
  const { host, pathname } = new URL(url);
  return new OmsError('database_unreachable', `the database at ${host}${pathname} cannot be used`, {
    why: messageOf(error),
    next: ['oms logs database', 'or, for a database of your own, check --database-url (OMS_DATABASE_URL)'],
    cause: error,
  });
}
