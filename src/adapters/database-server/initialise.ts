import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  initialiseArguments,
  MARIADB_BOOTSTRAP_PREFIX,
  MARIADB_SYSTEM_SQL,
  type ServerBinary,
} from '../../tools/mysqld.ts';
import { run } from '../exec/run.ts';
import { buildOnce } from '../files/build-once.ts';

export interface InitialiseOptions {
  dataDir: string;
  redoLogMb: number;
  /** Run once, at the end: accounts and schema, one statement a line. Never shown to other users of the machine. */
  statements: readonly string[];
  signal?: AbortSignal;
}

/** mysqld wants to be told by name that running as root is meant. */
export const runsAsRoot = () => process.getuid?.() === 0;

/** The environment a server program needs to find its libraries. */
export function serverEnvironment(binary: ServerBinary): Record<string, string> {
  return binary.libraryDir ? { LD_LIBRARY_PATH: binary.libraryDir } : {};
}

async function systemTables(binary: ServerBinary): Promise<string> {
  const parts = await Promise.all(MARIADB_SYSTEM_SQL.map((name) => readFile(join(binary.shareDir, name), 'utf8')));
  return MARIADB_BOOTSTRAP_PREFIX + parts.join('\n');
}

async function initialiseInto(folder: string, binary: ServerBinary, options: InitialiseOptions): Promise<void> {
  const initFile = `${options.dataDir}.init-${process.pid}.sql`;
  const accounts = `${options.statements.join('\n')}\n`;
  const args = initialiseArguments(binary, {
    dataDir: folder,
    redoLogMb: options.redoLogMb,
    asRoot: runsAsRoot(),
    initFile,
  });
  const command = { file: binary.path, args, env: serverEnvironment(binary) };
  const signal = options.signal && { signal: options.signal };
  if (binary.kind === 'mariadb') {
    await mkdir(join(folder, 'mysql'));
    await run({ ...command, ...signal, input: (await systemTables(binary)) + accounts });
    return;
  }
  try {
    await writeFile(initFile, accounts, { mode: 0o600 });
    await run({ ...command, ...signal });
  } finally {
    await rm(initFile, { force: true });
  }
}

/**
 * Makes a data folder with system tables, schema and accounts, unless it is there already.
 * A folder that exists is whole: a first start that was killed begins again.
 */
export async function initialiseData(binary: ServerBinary, options: InitialiseOptions): Promise<void> {
  await buildOnce(options.dataDir, (temporary) => initialiseInto(temporary, binary, options));
}
