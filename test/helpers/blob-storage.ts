import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { blobServiceEntry } from '../../src/adapters/processes/entries.ts';
import type { Certificates } from './certificates.ts';

/** Account and key that every Azurite has. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Runs a blob service of the test's own on a free port, in memory. Returns the address of its account. */
async function startService(t: TestContext, more: readonly string[] = []): Promise<string> {
  const args = ['--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence', '--skipApiVersionCheck'];
  const child = spawn(process.execPath, [blobServiceEntry(), ...args, ...more, '--disableTelemetry', '--silent'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const gone = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const listening = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const url = /listens on (https?:\S+)/.exec(line)?.[1];
    if (url) listening.resolve(url);
  });
  gone.then(() => listening.reject(new Error('the blob service ended')));
  return `${await listening.promise}/${ACCOUNT}`;
}

/** Starts a blob service and returns its connection string. */
export async function startBlobStorage(t: TestContext): Promise<string> {
  const endpoint = await startService(t);
  return `DefaultEndpointsProtocol=http;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint}`;
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token as the blob service takes it: of Entra ID's form, for storage, in force; its signature is not looked at. */
export function storageToken(changes: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    aud: 'https://storage.azure.com',
    iss: 'https://sts.windows.net/11111111-1111-1111-1111-111111111111/',
    ...{ iat: now, nbf: now - 60, exp: now + 3_600 },
    ...changes,
  };
  return `${encoded({ typ: 'JWT', alg: 'RS256' })}.${encoded(claims)}.unsigned`;
}

/** Starts a blob service that speaks TLS and takes tokens, as Azure's does; the address of its account, and of a key. */
export async function startSecureBlobStorage(t: TestContext, { certFile, keyFile }: Certificates) {
  const endpoint = await startService(t, ['--oauth', 'basic', '--cert', certFile, '--key', keyFile]);
  const connectionString = `DefaultEndpointsProtocol=https;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint}`;
  return { endpoint, connectionString };
}
