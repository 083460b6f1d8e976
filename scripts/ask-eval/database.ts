import { randomBytes } from 'node:crypto';
import { connect, type RowDataPacket } from '../../lib/database/connect.ts';
import { grantReader } from '../../lib/database/grants.ts';
import { newSchemaName, startTestServer } from '../../test/helpers/database-server.ts';
import { loadFixture } from './fixture.ts';

/** A loaded scratch schema and what ends it. */
export interface Scratch {
  /** For the account that asks. */
  askUrl: string;
  remove(): Promise<void>;
}

export interface ScratchOptions {
  fixture: string;
  /** A server to make the schema on; without one a private server is started and removed again. */
  databaseUrl: string | undefined;
  /** A schema to keep: loaded when it is not there yet, used as it is when it is. */
  schema: string | undefined;
}

function schemaUrl(server: string, schema: string): string {
  const url = new URL(server);
  url.pathname = `/${schema}`;
  return url.href;
}

async function onServer(server: string, statement: string): Promise<RowDataPacket[]> {
  const connection = await connect(schemaUrl(server, ''));
  try {
    const [rows] = await connection.query<RowDataPacket[]>(statement);
    return rows;
  } finally {
    await connection.end();
  }
}

const create = (server: string, schema: string) =>
  onServer(server, `CREATE DATABASE \`${schema}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);

async function onPrivateServer(fixture: string): Promise<Scratch> {
  const server = await startTestServer();
  try {
    const schema = newSchemaName();
    const url = server.url('admin', schema);
    await create(server.url('admin'), schema);
    await loadFixture(url, fixture);
    await grantReader(url, 'oms_ask');
    return { askUrl: server.url('ask', schema), remove: () => server.remove() };
  } catch (error) {
    await server.remove();
    throw error;
  }
}

async function onGivenServer(server: string, { schema, fixture }: ScratchOptions): Promise<Scratch> {
  const name = (schema ?? `ask_eval_${randomBytes(4).toString('hex')}`).replaceAll('`', '');
  const known = await onServer(server, 'SHOW DATABASES');
  const askUrl = schemaUrl(server, name);
  const drop = async () => void (await onServer(server, `DROP DATABASE \`${name}\``));
  if (!known.some((row) => Object.values(row)[0] === name)) {
    await create(server, name);
    await loadFixture(askUrl, fixture).catch(async (error: unknown) => {
      await drop();
      throw error;
    });
  }
  return { askUrl, remove: schema === undefined ? drop : async () => {} };
}

/** Never drops or fills a schema that was there before. */
export const scratchSchema = (options: ScratchOptions): Promise<Scratch> =>
  options.databaseUrl === undefined ? onPrivateServer(options.fixture) : onGivenServer(options.databaseUrl, options);
