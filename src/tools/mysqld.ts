/** The private database server as data: what to look for, which arguments it gets. No I/O in here. */

export type ServerKind = 'mariadb' | 'mysql';

/** A server program that can be started. */
export interface ServerBinary {
  kind: ServerKind;
  path: string;
  /** e.g. "10.11.18" */
  version: string;
  /** The installation's prefix, e.g. /usr. */
  baseDir: string;
  /** Folder with the server's messages and, for MariaDB, the SQL of its system tables. */
  shareDir: string;
  /** Folder with libraries of an unpacked package; goes into LD_LIBRARY_PATH. */
  libraryDir?: string;
}

export interface ServerOptions {
  dataDir: string;
  port: number;
  bufferPoolMb: number;
  /** Redo log; what recovery after a crash may have to read. */
  redoLogMb: number;
  /** mysqld refuses to run as root unless told so by name. */
  asRoot: boolean;
  /** Statements to run at every start, one a line. */
  startFile?: string;
}

/** Oldest series with what the migrations and the reports use (window functions, CTEs, SKIP LOCKED). */
export const MINIMUM_VERSION: Record<ServerKind, string> = { mariadb: '10.6.0', mysql: '8.0.0' };

/** Program names in order of preference. */
export const SERVER_NAMES = ['mariadbd', 'mysqld'] as const;

/** Distribution packages that hold just the server, newest naming first (Debian, Ubuntu). */
export const SERVER_PACKAGES = ['mariadb-server-core', 'mariadb-server-core-10.6'] as const;

/** Relative to the data folder, so that the 107-byte limit on socket paths cannot be met. */
export const SOCKET_NAME = 'server.sock';

const SQL_MODE =
  'STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

/** Reads what `mariadbd --version` or `mysqld --version` prints; undefined when it is neither. */
export function parseServerVersion(output: string): { kind: ServerKind; version: string } | undefined {
  const version = /\bVer (\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (!version) return undefined;
  return { kind: /mariadb/i.test(output) ? 'mariadb' : 'mysql', version };
}

function commonArguments(binary: ServerBinary, dataDir: string, asRoot: boolean): string[] {
  return [
    // First, or it is refused: no /etc/mysql of the machine may reach in.
    '--no-defaults',
    `--basedir=${binary.baseDir}`,
    `--lc-messages-dir=${binary.shareDir}`,
    `--character-sets-dir=${binary.shareDir}/charsets`,
    `--datadir=${dataDir}`,
    ...(asRoot ? ['--user=root'] : []),
  ];
}

function redoLogArguments(kind: ServerKind, megabytes: number): string[] {
  return [kind === 'mariadb' ? `--innodb-log-file-size=${megabytes}M` : `--innodb-redo-log-capacity=${megabytes}M`];
}

/** Creates the system tables in an empty data folder; MariaDB reads their SQL from stdin, MySQL has it inside. */
export function initialiseArguments(
  binary: ServerBinary,
  options: Omit<ServerOptions, 'port' | 'bufferPoolMb' | 'startFile'> & { initFile: string },
): string[] {
  const shared = [
    ...commonArguments(binary, options.dataDir, options.asRoot),
    ...redoLogArguments(binary.kind, options.redoLogMb),
    '--skip-log-bin',
  ];
  if (binary.kind === 'mysql') {
    return [...shared, '--mysqlx=OFF', '--initialize-insecure', `--init-file=${options.initFile}`];
  }
  return [...shared, '--bootstrap', '--log-warnings=0', '--max-allowed-packet=8M', '--net-buffer-length=16K'];
}

/** The arguments of the running server. */
export function serverArguments(binary: ServerBinary, options: ServerOptions): string[] {
  return [
    ...commonArguments(binary, options.dataDir, options.asRoot),
    ...redoLogArguments(binary.kind, options.redoLogMb),
    ...sharedSettings(options.bufferPoolMb),
    // A server that starts removes the temporary tables it finds: in a shared folder those of its neighbours as well.
    `--tmpdir=${options.dataDir}`,
    `--socket=${SOCKET_NAME}`,
    `--port=${options.port}`,
    '--bind-address=127.0.0.1',
    '--secure-file-priv=',
    ...(binary.kind === 'mysql' ? ['--mysqlx=OFF'] : []),
    ...(options.startFile ? [`--init-file=${options.startFile}`] : []),
  ];
}

/** Settings that hold wherever the server runs, on the machine or in a container. */
export function sharedSettings(bufferPoolMb: number): string[] {
  return [
    // An acknowledged commit survives a power cut; anything less loses rows.
    '--innodb-flush-log-at-trx-commit=1',
    `--innodb-buffer-pool-size=${bufferPoolMb}M`,
    '--skip-log-bin',
    '--skip-name-resolve',
    '--local-infile=1',
    '--max-allowed-packet=64M',
    '--max-connections=200',
    '--performance-schema=OFF',
    `--sql-mode=${SQL_MODE}`,
    '--default-time-zone=+00:00',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
  ];
}

/** Files of MariaDB's share folder that make its system tables, in the order its own installer uses. */
export const MARIADB_SYSTEM_SQL = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'mysql_system_tables_data.sql',
  'maria_add_gis_sp_bootstrap.sql',
  'mysql_sys_schema.sql',
] as const;

/** What MariaDB's bootstrap has to read before the files of MARIADB_SYSTEM_SQL. */
export const MARIADB_BOOTSTRAP_PREFIX =
  'CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\n';
