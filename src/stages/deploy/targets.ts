import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { RemoteTarget } from '../../adapters/ssh/remote.ts';
import type { Host, Site, SitePaths } from './site.ts';

/** A short path, as sockets need one; of one user and one site alone. */
function controlFolder(paths: Pick<SitePaths, 'folder'>): string {
  const site = createHash('sha256').update(paths.folder).digest('hex').slice(0, 8);
  return join(tmpdir(), `oms-ssh-${userInfo().uid}-${site}`);
}

/** How a server of a site is reached. */
export function targetOf(
  { name, connection, address, port, user }: Host,
  { identityFile }: Pick<Site, 'identityFile'>,
  paths: Pick<SitePaths, 'folder' | 'knownHosts'>,
): RemoteTarget {
  const { knownHosts } = paths;
  return { name, connection, address, port, user, identityFile, knownHosts, controlFolder: controlFolder(paths) };
}
