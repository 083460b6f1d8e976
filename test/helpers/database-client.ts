import { join } from 'node:path';
import { buildOnce } from '../../src/adapters/files/build-once.ts';
import { unpackPackages } from '../../src/adapters/packages/unpack.ts';
import { CACHE_DIR } from './database-server.ts';

/** Programs that dump and load, of the distribution's client package: about 4 MB, once for each checkout. */
export interface DatabaseClient {
  bin: string;
  /** For LD_LIBRARY_PATH. */
  libraries: string;
}

export async function findDatabaseClient(): Promise<DatabaseClient> {
  const folder = join(CACHE_DIR, 'database-client');
  await buildOnce(folder, (temporary) =>
    unpackPackages(temporary, { candidates: ['mariadb-client', 'mariadb-client-10.6'], size: '4 MB' }),
  );
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return { bin: join(folder, 'usr/bin'), libraries: join(folder, 'usr/lib', triplet) };
}
