import { lstat, mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OmsError } from '../../errors.ts';
import type { RemoteTarget } from './remote.ts';

/** Others who may enter the folder could use the connections in it. */
async function requireOwn(folder: string): Promise<void> {
  const info = await lstat(folder);
  const own = info.isDirectory() && info.uid === process.getuid?.() && (info.mode & 0o077) === 0;
  if (own) return;
  const mine = info.uid === process.getuid?.();
  throw new OmsError('refused', `the folder ${folder} ${mine ? 'is open to others' : 'belongs to somebody else'}`, {
    why: 'connections to servers lie in it, and whoever enters it can use them',
    // Nobody can take away what is another one's in /tmp.
    next: [`ls -ld ${folder}`, mine ? `rm -r ${folder}` : 'another place for it: export TMPDIR=$HOME/.cache'],
  });
}

/** Makes the folders ssh writes to: of the shared connections, and of the list of known hosts. */
export async function prepareFolders(target: RemoteTarget): Promise<void> {
  if (target.connection !== 'ssh') return;
  await mkdir(target.controlFolder, { recursive: true, mode: 0o700 });
  await requireOwn(target.controlFolder);
  await mkdir(dirname(target.knownHosts), { recursive: true, mode: 0o700 });
}

/** Takes away what is empty; another oms may still have connections there. */
export async function removeControlFolders(targets: readonly RemoteTarget[]): Promise<void> {
  const folders = new Set(targets.map(({ controlFolder }) => controlFolder));
  await Promise.all([...folders].map((folder) => rmdir(folder).catch(() => undefined)));
}
