import { type Connection, connect, type RowDataPacket } from './connect.ts';
import { inOrder, type Migration, MigrationError, type Phase, readMigrations } from './migrations.ts';

export { MigrationError } from './migrations.ts';

async function isThere(connection: Connection): Promise<boolean> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'schema_migrations'`,
  );
  return rows.length > 0;
}

async function readApplied(connection: Connection): Promise<Map<number, string>> {
  if (!(await isThere(connection))) return new Map();
  const [rows] = await connection.query<RowDataPacket[]>('SELECT version, checksum FROM schema_migrations');
  return new Map(rows.map((row) => [row.version as number, row.checksum as string]));
}

async function makeRoom(connection: Connection): Promise<void> {
  await connection.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
    version INT UNSIGNED NOT NULL PRIMARY KEY, name VARCHAR(120) NOT NULL, checksum CHAR(64) NOT NULL,
    applied_at DATETIME(6) NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`);
}

function refuseMismatch(applied: Map<number, string>, known: Migration[]): void {
  for (const [version, checksum] of applied) {
    const migration = known.find((candidate) => candidate.version === version);
    if (!migration) throw new MigrationError(`the database is at migration ${version}, newer than this version of oms`);
    if (migration.checksum !== checksum) throw new MigrationError(`migration ${migration.name} was changed after use`);
  }
}

/**
 * DDL commits by itself, so a migration cut off in its middle leaves its first statements done: one that finds its table
 * (1050), column (1060) or key (1061) already there is taken as done, and the migration goes on where it stopped. An
 * ALTER TABLE is done as a whole or not at all. What contracts finds the table (1051) or column (1091) gone.
 */
const ALREADY_DONE: Record<Phase['phase'], Set<number>> = {
  expand: new Set([1050, 1060, 1061]),
  contract: new Set([1051, 1091]),
};

async function apply(connection: Connection, migration: Migration): Promise<void> {
  const statements = migration.sql.split(/;\s*(?:\n|$)/).filter((statement) => statement.trim());
  for (const statement of statements) {
    await connection.query(statement).catch((error: { errno?: number }) => {
      if (!ALREADY_DONE[migration.phase].has(error.errno ?? 0)) throw error;
    });
  }
  await connection.query('INSERT INTO schema_migrations VALUES (?, ?, ?, UTC_TIMESTAMP(6))', [
    migration.version,
    migration.name,
    migration.checksum,
  ]);
}

/** Seconds that a migration waits for another one on the same schema. */
const LOCK_SECONDS = 60;

/** One at a time on a schema; the server lets the lock go with the connection. */
async function takeTurn(connection: Connection): Promise<void> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    `SELECT GET_LOCK(CONCAT('oms.migrate.', LEFT(SHA2(DATABASE(), 256), 16)), ?) AS got`,
    [LOCK_SECONDS],
  );
  if (row?.got !== 1) throw new MigrationError(`another migration has been running for ${LOCK_SECONDS} s`);
}

/** Where a schema stands, by names of migrations. */
export interface SchemaState {
  /** Version number of the newest one applied; 0 for an empty schema. */
  version: number;
  pending: Record<Phase['phase'], string[]>;
}

function stateOf(known: Migration[], applied: ReadonlyMap<number, unknown>): SchemaState {
  const missing = known.filter((migration) => !applied.has(migration.version));
  const of = (phase: Phase['phase']) => missing.filter((one) => one.phase === phase).map(({ name }) => name);
  return { version: Math.max(0, ...applied.keys()), pending: { expand: of('expand'), contract: of('contract') } };
}

/**
 * Says where the schema that `url` names stands; changes nothing.
 * @throws {MigrationError} as {@link migrate}
 */
export async function readSchemaState(url: string, migrations?: Migration[]): Promise<SchemaState> {
  const connection = await connect(url);
  try {
    const known = migrations ?? (await readMigrations());
    const applied = await readApplied(connection);
    refuseMismatch(applied, known);
    return stateOf(known, applied);
  } finally {
    await connection.end();
  }
}

export interface MigrateOptions {
  /** Only those of one phase, for a server that is not stopped meanwhile; all of them otherwise. */
  phase?: Phase['phase'];
  /** Those of this version without it. */
  migrations?: Migration[];
}

/**
 * Brings the schema that `url` names to this version, or through one phase of it; run again it changes nothing.
 * The account needs CREATE on the schema.
 * @returns the names of the migrations applied by this call
 * @throws {MigrationError} when the database is newer than this code, an applied migration was edited, or what contracts
 *   is asked for before all that expands is there
 */
export async function migrate(url: string, { phase, migrations }: MigrateOptions = {}): Promise<string[]> {
  const connection = await connect(url);
  try {
    const known = migrations ?? (await readMigrations());
    await takeTurn(connection);
    await makeRoom(connection);
    const applied = await readApplied(connection);
    refuseMismatch(applied, known);
    const missing = inOrder(known).filter((migration) => !applied.has(migration.version));
    if (phase === 'contract') refuseTooEarly(missing);
    const due = missing.filter((migration) => !phase || migration.phase === phase);
    for (const migration of due) await apply(connection, migration);
    return due.map((migration) => migration.name);
  } finally {
    await connection.end();
  }
}

function refuseTooEarly(missing: Migration[]): void {
  const early = missing.find((migration) => migration.phase === 'expand');
  if (early) throw new MigrationError(`migration ${early.name} expands and has to run before any that contracts`);
}
