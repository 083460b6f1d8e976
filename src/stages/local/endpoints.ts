import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { OmsError } from '../../errors.ts';

/** Where the parts of the local stack answer, with the credentials to use them; written by `oms up`, mode 0600. */
export const LocalEndpoints = Type.Object({
  producerUrl: Type.String({ description: 'http://127.0.0.1:PORT, the order API' }),
  pagesUrl: Type.String({ description: 'http://127.0.0.1:PORT, the shop' }),
  eventHubConnectionString: Type.String(),
  databaseUrl: Type.String({ description: 'oms_app: rows only' }),
  adminDatabaseUrl: Type.String({ description: 'oms_admin: owns the schema' }),
  askDatabaseUrl: Type.String({ description: 'oms_ask: reads what the migrations grant' }),
  hubHttpUrl: Type.String({ description: 'operations port of the hub: /hubs, /readyz, /metrics' }),
  sandboxUrl: Type.String({ description: 'http://127.0.0.1:PORT, the stand-in payment provider and carriers' }),
  adminToken: Type.String({ description: 'bearer token of the staff at the order API' }),
  consumerHttpUrl: Type.String({ description: 'operations port of the consumer: /readyz, /metrics' }),
  blobUrl: Type.String({ description: 'blob service, account in the path' }),
});
export type LocalEndpoints = Static<typeof LocalEndpoints>;

const FILE = 'endpoints.json';
const validator = Compile(LocalEndpoints);

export const endpointsFile = (localDir: string) => join(localDir, FILE);

/**
 * What `oms up` has written about the stack in `localDir` (Settings.localDir); says nothing about whether it runs now.
 * @throws {OmsError} stack_not_running when there is no stack.
 */
export async function readLocalEndpoints(localDir: string): Promise<LocalEndpoints> {
  const text = await readFile(endpointsFile(localDir), 'utf8').catch(() => undefined);
  const value: unknown = text === undefined ? undefined : parse(text);
  if (validator.Check(value)) return value;
  throw new OmsError('stack_not_running', 'the local stack has not been started', { next: ['oms up'] });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
