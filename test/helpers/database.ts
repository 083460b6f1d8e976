import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createConnection } from 'mysql2/promise';
import { newSchemaName, startTestServer, type TestServer } from './database-server.ts';

/** A schema of a test's own on the private server of its test process. */
export interface TestDatabase {
  schema: string;
  /** oms_admin: owns the schema. */
  url: string;
  /** oms_app: SELECT, INSERT, UPDATE, DELETE. */
  appUrl: string;
  /** oms_ask: what the migrations have granted. */
  askUrl: string;
  port: number;
  /** Orderly shutdown of the server, for every schema of this test process. */
  stop(): Promise<void>;
  /** SIGKILL of the server. */
  kill9(): Promise<void>;
  /** Starts the stopped or killed server again, same port, same data; resolves when it answers. */
  restart(): Promise<void>;
}

let server: Promise<TestServer> | undefined;

after(async () => {
  await (await server?.catch(() => undefined))?.remove();
});

async function createSchema(on: TestServer, schema: string): Promise<void> {
  const connection = await createConnection(on.url('admin'));
  try {
    await connection.query(`CREATE DATABASE \`${schema}\``);
  } finally {
    await connection.end();
  }
}

async function dropSchema(url: string, schema: string): Promise<void> {
  // The test may have stopped the server; its data goes with the process anyway.
  const connection = await createConnection(url).catch(() => undefined);
  await connection?.query(`DROP DATABASE IF EXISTS \`${schema}\``);
  await connection?.end();
}

async function applyMigrations(url: string): Promise<void> {
  const module = join(import.meta.dirname, '..', '..', 'lib', 'database', 'migrate.ts');
  if (!existsSync(module)) return;
  const { migrate } = await import(pathToFileURL(module).href);
  await migrate(url);
}

/**
 * Gives a test an empty, migrated schema. The first call of a test process starts its one private server (0.2 s; the
 * very first on a machine fetches the server package, about 3 s); it ends with the process, the schema with the test.
 * @param options.migrate false leaves the schema without tables.
 */
export async function startTestDatabase(
  t?: TestContext,
  { migrate = true }: { migrate?: boolean } = {},
): Promise<TestDatabase> {
  server ??= startTestServer();
  const running = await server;
  const schema = newSchemaName();
  await createSchema(running, schema);
  const url = running.url('admin', schema);
  t?.after(() => dropSchema(url, schema));
  if (migrate) await applyMigrations(url);
  return {
    schema,
    url,
    appUrl: running.url('app', schema),
    askUrl: running.url('ask', schema),
    port: running.port,
    stop: running.stop,
    kill9: running.kill9,
    restart: running.restart,
  };
}
