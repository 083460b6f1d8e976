import { open, readFile, rm, stat } from 'node:fs/promises';
import { isAlive, isRunning, startTimeOf } from '../../../lib/runtime/process-identity.ts';
import { OmsError } from '../../errors.ts';

/** A lock is empty for the moment between its creation and the writing of its holder. */
const EMPTY_LOCK_STALE_MS = 5_000;

/** Pid and start: the number alone is another process's after a restart of the machine, and in the next container. */
const self = (): string => `${process.pid} ${startTimeOf(process.pid) ?? ''}`.trim();

/** The pid in a lock when the process it was written for still runs. Locks of earlier versions hold the pid alone. */
function living(holder: string): number | undefined {
  const [, pid, startTime] = /^(\d+)(?: (.*))?$/s.exec(holder) ?? [];
  const runs = startTime ? isRunning({ pid: Number(pid), startTime }) : isAlive(Number(pid));
  return runs ? Number(pid) : undefined;
}

async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(self());
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Pid of the living process that holds the lock; 0 while it is being written; undefined when nobody holds it. */
export async function lockHolder(file: string): Promise<number | undefined> {
  const [holder, info] = await Promise.all([readFile(file, 'utf8').catch(() => ''), stat(file).catch(() => undefined)]);
  if (!info) return undefined;
  if (holder) return living(holder);
  return Date.now() - info.mtimeMs < EMPTY_LOCK_STALE_MS ? 0 : undefined;
}

/**
 * Takes the place of a dead holder. Whoever removes its lock does so alone: a second one that saw the same dead holder
 * would remove the lock of the first.
 */
async function takeOver(file: string): Promise<boolean> {
  const takeover = `${file}.takeover`;
  if (!(await create(takeover))) {
    if ((await lockHolder(takeover)) === undefined) await rm(takeover, { force: true });
    return false;
  }
  try {
    if ((await lockHolder(file)) !== undefined) return false;
    await rm(file, { force: true });
    return await create(file);
  } finally {
    await rm(takeover, { force: true });
  }
}

/** Takes the lock unless a living process holds it; one left by a process that was killed counts for nothing. */
export async function takeLock(file: string): Promise<boolean> {
  if (await create(file)) return true;
  if ((await lockHolder(file)) !== undefined) return false;
  return takeOver(file);
}

export async function releaseLock(file: string): Promise<void> {
  await rm(file, { force: true });
}

/**
 * Does the work unless another process is at it.
 * @throws {OmsError} refused, naming the process that holds the lock.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  if (!(await takeLock(file))) {
    const holder = await lockHolder(file);
    throw new OmsError('refused', 'another oms command is changing this stack right now', {
      why: holder ? `process ${holder} is at it` : 'it has just begun',
      next: ['wait until it is done, then try again'],
    });
  }
  try {
    return await work();
  } finally {
    await releaseLock(file);
  }
}
