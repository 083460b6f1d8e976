import { lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OmsError } from '../../errors.ts';
import type { RemoteTarget } from './remote.ts';

/** Others who may enter the folder could use the connections in it. */
async function requireOwn(folder: string): Promise<void> {
  const info = await lstat(folder);
  const own = info.isDirectory() && info.uid === process.getuid?.() && (info.mode & 0o077) === 0;
  if (own) return;
  throw new OmsError('refused', `the folder ${folder} is open to others`, {
    why: 'connections to servers lie in it, and whoever enters it can use them',
    next: [`ls -ld ${folder}`, `rm -r ${folder}`],
  });
}

/** Makes the folders ssh writes to: of the shared connections, and of the list of known hosts. */
export async function prepareFolders(target: RemoteTarget): Promise<void> {
  if (target.connection !== 'ssh') return;
  await mkdir(target.controlFolder, { recursive: true, mode: 0o700 });
  await requireOwn(target.controlFolder);
  await mkdir(dirname(target.knownHosts), { recursive: true, mode: 0o700 });
}
