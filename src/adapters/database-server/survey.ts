import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { ServerBinary } from '../../tools/mysqld.ts';
import { findInstalledServer, type Unusable } from './find.ts';
import { findFetchedServer } from './packages.ts';

/** Which database servers this machine has, and whether one could be fetched. */
export interface DatabaseServerSurvey {
  server: ServerBinary | undefined;
  unusable: Unusable[];
  /** The tools that fetch and unpack the distribution's package are there. */
  fetchable: boolean;
}

async function isOnPath(program: string, path: string): Promise<boolean> {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const found = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}

export async function surveyDatabaseServers(path: string, cacheDir: string): Promise<DatabaseServerSurvey> {
  const { server, unusable } = await findInstalledServer(path);
  const [apt, dpkg] = await Promise.all([isOnPath('apt-get', path), isOnPath('dpkg', path)]);
  return { server: server ?? (await findFetchedServer(cacheDir)), unusable, fetchable: apt && dpkg };
}
