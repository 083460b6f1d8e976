import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { until } from '../../helpers/until.ts';

const END_MS = 500;

/** Starts a program that writes to a log, in a process group of its own: a terminal's Ctrl-C is for the lab alone. */
export function startLogged({ file, args }: { file: string; args: readonly string[] }, log: string): ChildProcess {
  const out = openSync(log, 'a');
  return spawn(file, args, { stdio: ['ignore', out, out], detached: true });
}

const linkOf = (pid: number | 'self', namespace: string) =>
  readlink(`/proc/${pid}/ns/${namespace}`).catch(() => undefined);

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

/** Fails with the end of the log when the process is gone. */
export async function stillThere(child: ChildProcess, log: string): Promise<void> {
  if (!hasEnded(child)) return;
  const said = (await readFile(log, 'utf8')).trim().split('\n').slice(-3).join('; ');
  throw new Error(`${child.spawnargs[0]} ended at its start: ${said}`);
}

/** Waits until the process has a network of its own. */
export async function inOwnNetwork(child: ChildProcess, log: string): Promise<number> {
  const own = await linkOf('self', 'net');
  await until('a network namespace', async () => {
    await stillThere(child, log);
    return child.pid !== undefined && (await linkOf(child.pid, 'net')) !== own;
  });
  return child.pid!;
}

/** The first child of a process: what unshare has forked into the new namespaces. */
export async function firstChild(child: ChildProcess, log: string): Promise<number> {
  const { pid } = child;
  return until('the first process of the namespaces', async () => {
    await stillThere(child, log);
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
    return Number(children.trim().split(' ')[0]);
  });
}

/** Does something with a process that is starting; should that fail because it has ended, its log says why. */
export async function whileStarting<T>(child: ChildProcess, log: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // It is told a moment later that a process has ended.
    await until('its end', () => hasEnded(child), END_MS).catch(() => undefined);
    await stillThere(child, log);
    throw error;
  }
}

/** Kills without warning, and waits until it is gone. */
export async function killNow(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
