import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { type Connection, connect, type RowDataPacket } from './connect.ts';

const MIGRATIONS = new URL('./migrations/', import.meta.url);

/** The schema in the database and the migrations in this version do not fit together. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface Migration {
  version: number;
  name: string;
  checksum: string;
  sql: string;
}

async function readMigrations(): Promise<Migration[]> {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (name) => {
      const sql = await readFile(new URL(name, MIGRATIONS), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { version: Number.parseInt(name, 10), name, checksum, sql };
    }),
  );
}

async function readApplied(connection: Connection): Promise<Map<number, string>> {
  await connection.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
    version INT UNSIGNED NOT NULL PRIMARY KEY, name VARCHAR(120) NOT NULL, checksum CHAR(64) NOT NULL,
    applied_at DATETIME(6) NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
  const [rows] = await connection.query<RowDataPacket[]>('SELECT version, checksum FROM schema_migrations');
  return new Map(rows.map((row) => [row.version as number, row.checksum as string]));
}

function refuseMismatch(applied: Map<number, string>, known: Migration[]): void {
  for (const [version, checksum] of applied) {
    const migration = known.find((candidate) => candidate.version === version);
    if (!migration) throw new MigrationError(`the database is at migration ${version}, newer than this version of oms`);
    if (migration.checksum !== checksum) throw new MigrationError(`migration ${migration.name} was changed after use`);
  }
}

/**
 * DDL commits by itself, so a migration cut off in its middle leaves tables behind: a statement that finds its table
 * (1050), column (1060) or key (1061) already there is taken as done, and the migration goes on where it stopped. An
 * ALTER TABLE is done as a whole or not at all.
 */
const ALREADY_THERE = new Set([1050, 1060, 1061]);

async function apply(connection: Connection, migration: Migration): Promise<void> {
  const statements = migration.sql.split(/;\s*(?:\n|$)/).filter((statement) => statement.trim());
  for (const statement of statements) {
    await connection.query(statement).catch((error: { errno?: number }) => {
      if (!ALREADY_THERE.has(error.errno ?? 0)) throw error;
    });
  }
  await connection.query('INSERT INTO schema_migrations VALUES (?, ?, ?, UTC_TIMESTAMP(6))', [
    migration.version,
    migration.name,
    migration.checksum,
  ]);
}

/**
 * Brings the schema that `url` names to this version; run again it changes nothing.
 * The account needs CREATE on the schema.
 * @returns the names of the migrations applied by this call
 * @throws {MigrationError} when the database is newer than this code, or an applied migration was edited
 */
export async function migrate(url: string): Promise<string[]> {
  const connection = await connect(url);
  try {
    const known = await readMigrations();
    const applied = await readApplied(connection);
    refuseMismatch(applied, known);
    const missing = known.filter((migration) => !applied.has(migration.version));
    for (const migration of missing) await apply(connection, migration);
    return missing.map((migration) => migration.name);
  } finally {
    await connection.end();
  }
}
