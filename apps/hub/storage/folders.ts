import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes the entries of a folder durable: a file that was created or renamed is there after a power cut. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Readable by its owner alone: the description of a hub may hold the key of a storage account. */
const MODE = 0o600;

/** Replaces a file by a whole new one or leaves the old one; never anything between. */
export function writeFileDurably(path: string, content: string): void {
  const temporary = `${path}.new`;
  const fd = openSync(temporary, 'w', MODE);
  try {
    writeFileSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** The same while the hub is at work, without holding up the event loop. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', MODE);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolderAsync(dirname(path));
}

/** {@link syncFolder} without holding up the event loop. */
export async function syncFolderAsync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
