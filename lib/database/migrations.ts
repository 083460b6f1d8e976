import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

const MIGRATIONS = new URL('./migrations/', import.meta.url);

/** The schema in the database and the migrations in this version do not fit together. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * When a migration may run while an older release still works on the database.
 * - expand: adds what older code does not look at; before the new code.
 * - contract: removes what no code since migration `after` uses; when the old code is gone.
 */
export type Phase = { phase: 'expand' } | { phase: 'contract'; after: number };

export type Migration = Phase & {
  version: number;
  /** Of its file. */
  name: string;
  checksum: string;
  sql: string;
};

/** From this one on a header is asked for; those before it expand, and an applied file is never edited. */
const FIRST_WITH_HEADER = 9;
const HEADER = /^-- phase: (?:(expand)|contract after (\d{3}))$/m;

/**
 * Reads `-- phase: expand` or `-- phase: contract after NNN`.
 * @throws {MigrationError} naming the file that has neither
 */
export function parsePhase(name: string, sql: string): Phase {
  const version = Number.parseInt(name, 10);
  const [, expand, after] = HEADER.exec(sql) ?? [];
  if (expand) return { phase: 'expand' };
  if (after && Number(after) < version) return { phase: 'contract', after: Number(after) };
  if (!after && version < FIRST_WITH_HEADER) return { phase: 'expand' };
  throw new MigrationError(
    after
      ? `migration ${name} contracts after ${after}, which is not before it`
      : `migration ${name} does not say its phase: "-- phase: expand" or "-- phase: contract after NNN"`,
  );
}

/** Every migration of this version of oms in the order of their numbers. */
export async function readMigrations(folder: URL = MIGRATIONS): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { version: Number.parseInt(name, 10), name, checksum, sql, ...parsePhase(name, sql) };
    }),
  );
}

/** All that expands before all that contracts: the order a server that is never stopped meets them in. */
export function inOrder(migrations: readonly Migration[]): Migration[] {
  const of = (phase: Phase['phase']) => migrations.filter((migration) => migration.phase === phase);
  return [...of('expand'), ...of('contract')];
}
