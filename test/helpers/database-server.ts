import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { findInstalledServer } from '../../src/adapters/database-server/find.ts';
import { initialiseData, runsAsRoot, serverEnvironment } from '../../src/adapters/database-server/initialise.ts';
import { fetchServer, findFetchedServer } from '../../src/adapters/database-server/packages.ts';
import { accountStatements, accountUrl } from '../../src/tools/mysql-accounts.ts';
import { type ServerBinary, type ServerKind, serverArguments } from '../../src/tools/mysqld.ts';
import { keepPort } from './kept-port.ts';

/** Downloaded packages and the initialised template; shared by every run in this checkout. */
export const CACHE_DIR = join(import.meta.dirname, '..', '..', '.oms', 'cache');

/** Reachable from this machine only, for the length of a test: nothing to protect. */
const PASSWORDS = { admin: 'test-admin', app: 'test-app1', ask: 'test-ask1' };
/** The accounts may use any schema of this form. */
const TEST_SCHEMA_PREFIX = 'oms_test_';
const GRANT_PATTERN = 'oms\\_test\\_%';
const REDO_LOG_MB = 32;
const BUFFER_POOL_MB = 128;
const READY_DEADLINE_MS = 30_000;
/** Another process may take the port between its choice and its use. */
const START_ATTEMPTS = 3;

/** A private database server of one test process, in a temporary folder. */
export interface TestServer {
  readonly port: number;
  readonly dataDir: string;
  readonly binary: ServerBinary;
  /** Address of a schema for one account; the schema has to exist for a connection. */
  url(account: 'admin' | 'app' | 'ask', schema?: string): string;
  /** Orderly shutdown; the data stays until `remove`. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash: no shutdown, no flush. */
  kill9(): Promise<void>;
  /** Starts it again on the same port with the same data; resolves when it answers. */
  restart(): Promise<void>;
  /** Kills it and removes its data. */
  remove(): Promise<void>;
}

async function findServer(): Promise<ServerBinary> {
  const installed = await findInstalledServer(process.env.PATH ?? '');
  return installed.server ?? (await findFetchedServer(CACHE_DIR)) ?? (await fetchServer({ cacheDir: CACHE_DIR }));
}

/** Who may use a server, and the schema that is there from the beginning. */
export interface TestAccounts {
  schema: string;
  passwords: { admin: string; app: string; ask: string };
  /** What makes them; one statement a line. */
  statements(kind: ServerKind): string[];
}

const ANY_SCHEMA: TestAccounts = {
  schema: `${TEST_SCHEMA_PREFIX}0`,
  passwords: PASSWORDS,
  statements: (kind) =>
    accountStatements(kind, PASSWORDS, { database: `${TEST_SCHEMA_PREFIX}0`, grantOn: GRANT_PATTERN }),
};

/** An initialised data folder to copy: copying takes milliseconds, initialising up to seconds. */
async function templateFor(binary: ServerBinary, accounts: TestAccounts): Promise<string> {
  const statements = accounts.statements(binary.kind);
  const key = createHash('sha256')
    .update(JSON.stringify([binary, statements, REDO_LOG_MB]))
    .digest('hex')
    .slice(0, 12);
  const dataDir = join(CACHE_DIR, `database-template-${binary.kind}-${binary.version}-${key}`);
  await initialiseData(binary, { dataDir, redoLogMb: REDO_LOG_MB, statements });
  return dataDir;
}

/** Where the kernel can be asked to, it ends the server when the test process is killed. */
function withParentDeathSignal(file: string, args: string[]): [string, string[]] {
  const setpriv = '/usr/bin/setpriv';
  return existsSync(setpriv) ? [setpriv, ['--pdeathsig', 'KILL', '--', file, ...args]] : [file, args];
}

/** @throws where somebody else's server answers: another test may have taken the port, and knows the same passwords. */
async function expectOwn(url: string, folder: string): Promise<void> {
  const connection = await createConnection(url);
  try {
    const [[found]] = await connection.query<RowDataPacket[]>('SELECT @@datadir AS folder');
    if (!String(found?.folder).includes(basename(folder))) throw new Error(`its data are in ${found?.folder}`);
  } finally {
    await connection.end();
  }
}

async function untilAnswering(url: string, folder: string, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  for (;;) {
    try {
      return await expectOwn(url, folder);
    } catch (error) {
      const ended = child.exitCode !== null || child.signalCode !== null;
      if (ended || Date.now() > deadline) {
        throw new Error(`the test database server does not answer: ${(error as Error).message}\n${output()}`);
      }
      await delay(20);
    }
  }
}

/** Starts a server on a copy of the template. The caller has to `remove` it. */
export async function startTestServer(accounts = ANY_SCHEMA): Promise<TestServer> {
  const binary = await findServer();
  const template = await templateFor(binary, accounts);
  const folder = await mkdtemp(join(tmpdir(), 'oms-database-'));
  const dataDir = join(folder, 'data');
  await cp(template, dataDir, { recursive: true });

  let port = 0;
  let child: ChildProcess | undefined;
  const url = (account: 'admin' | 'app' | 'ask', schema = accounts.schema) =>
    accountUrl(account, accounts.passwords[account], port, schema);

  async function start(): Promise<void> {
    const options = { dataDir, port, bufferPoolMb: BUFFER_POOL_MB, redoLogMb: REDO_LOG_MB, asRoot: runsAsRoot() };
    const [file, args] = withParentDeathSignal(binary.path, serverArguments(binary, options));
    let output = '';
    child = spawn(file, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...serverEnvironment(binary) },
    });
    child.stderr?.on('data', (chunk) => {
      output = (output + chunk).slice(-4_000);
    });
    child.unref();
    // A socket by nature, which its type does not say.
    (child.stderr as unknown as { unref(): void }).unref();
    await untilAnswering(url('admin'), folder, child, () => output);
  }

  async function startOnFreePort(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      port = await keepPort();
      try {
        return await start();
      } catch (error) {
        if (attempt === START_ATTEMPTS) throw error;
        await end('SIGKILL');
      }
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.ref();
    child.kill(signal);
    await gone;
  }

  const killAtExit = () => child?.kill('SIGKILL');
  process.once('exit', killAtExit);
  await startOnFreePort();
  return {
    get port() {
      return port;
    },
    dataDir,
    binary,
    url,
    stop: () => end('SIGTERM'),
    kill9: () => end('SIGKILL'),
    restart: start,
    async remove() {
      await end('SIGKILL');
      process.off('exit', killAtExit);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A schema name nobody else uses on this server. */
export function newSchemaName(): string {
  return TEST_SCHEMA_PREFIX + randomBytes(5).toString('hex');
}
