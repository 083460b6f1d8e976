import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

/** Another process writes to the same data folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

/**
 * Keeps a second hub of this machine off a data folder: two writers would destroy each other's log.
 * It is a socket in Linux' abstract namespace, which the kernel takes away with the process, however that ends.
 * Elsewhere there is no such thing, and no lock.
 * @throws {FolderInUseError}
 */
export async function lockFolder(folder: string): Promise<() => void> {
  if (process.platform !== 'linux') return () => {};
  const digest = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  await listen(server, `\0oms-hub-${digest}`, folder);
  server.unref();
  return () => server.close();
}

function listen(server: Server, path: string, folder: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const taken = `${folder} is in use by another hub; stop that one, or give this one a folder of its own`;
    reject(error.code === 'EADDRINUSE' ? new FolderInUseError(taken) : error);
  });
  server.listen(path, resolve);
  return promise;
}
