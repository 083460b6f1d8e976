import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../../../lib/runtime/process-identity.ts';
import { releaseLock, takeLock } from './lock.ts';

const POLL_MS = 50;

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Removes what builds that were killed have left. */
async function removeLeftovers(folder: string): Promise<void> {
  const prefix = `${basename(folder)}.partial-`;
  for (const name of await readdir(dirname(folder))) {
    if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length)))) {
      await rm(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}

async function buildAndRename(folder: string, build: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${folder}.partial-${process.pid}`;
  try {
    await removeLeftovers(folder);
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    await build(temporary);
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Makes a folder once, even when several processes want it at the same moment.
 * `build` fills a temporary folder beside it, which then takes the final name in one step: a folder that exists is
 * whole, and a build that was killed begins again.
 */
export async function buildOnce(folder: string, build: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const lock = `${folder}.lock`;
  while (!(await exists(folder))) {
    if (!(await takeLock(lock))) {
      await delay(POLL_MS);
      continue;
    }
    try {
      if (!(await exists(folder))) await buildAndRename(folder, build);
    } finally {
      await releaseLock(lock);
    }
  }
}
