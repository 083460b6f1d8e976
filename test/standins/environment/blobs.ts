import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { blobServiceEntry } from '../../../src/adapters/processes/entries.ts';
import { ARCHIVE_CONTAINER, FILE_CONTAINERS } from '../../../src/stages/provision/topology.ts';
import type { Certificates } from '../../helpers/certificates.ts';
import type { Scope } from './scope.ts';

/** Account and key that every Azurite has. */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export interface BlobsStandin {
  /** Of the one account that stands for all. */
  endpoint: string;
  connectionString: string;
}

/** Azurite over TLS, with tokens; one account in the place of all. */
export async function startBlobs(folder: string, port: number, { certFile, keyFile }: Certificates, scope: Scope) {
  const args = ['--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', join(folder, 'blobs')];
  const more = ['--oauth', 'basic', '--cert', certFile, '--key', keyFile, '--skipApiVersionCheck', '--silent'];
  const child = spawn(process.execPath, [blobServiceEntry(), ...args, ...more, '--disableTelemetry'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    // A terminal's Ctrl-C is for the command in front of it alone.
    detached: true,
  });
  const gone = once(child, 'exit');
  scope.after(async () => {
    child.kill('SIGTERM');
    await gone;
  });
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<void>((resolve) => lines.on('line', (line) => /listens on/.test(line) && resolve()));
  const ended = gone.then(() => Promise.reject(new Error(`Azurite ended; is ${folder} in use?`)));
  await Promise.race([ready, ended]);
  ended.catch(() => undefined);
  const endpoint = `https://localhost:${port}/${ACCOUNT}`;
  const connectionString = `DefaultEndpointsProtocol=https;AccountName=${ACCOUNT};AccountKey=${KEY};BlobEndpoint=${endpoint}`;
  await createContainers(connectionString);
  return { endpoint, connectionString } satisfies BlobsStandin;
}

/** Terraform makes them at the stand-in of Azure Resource Manager, which holds no files. */
async function createContainers(connectionString: string): Promise<void> {
  const { BlobServiceClient } = await import('@azure/storage-blob');
  const service = BlobServiceClient.fromConnectionString(connectionString);
  for (const name of [ARCHIVE_CONTAINER, ...FILE_CONTAINERS]) {
    await service.getContainerClient(name).createIfNotExists();
  }
}
