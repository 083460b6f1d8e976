import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 20;

/** To the whole group of a detached child; to the child alone where it leads none. */
function send(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** @param again called every `everyMs` while it waits */
async function untilGone(
  identity: ProcessIdentity,
  deadlineMs: number,
  everyMs = Number.POSITIVE_INFINITY,
  again = () => {},
): Promise<boolean> {
  const start = performance.now();
  let next = start + everyMs;
  while (isRunning(identity)) {
    const now = performance.now();
    if (now - start > deadlineMs) return false;
    if (now > next) {
      again();
      next = now + everyMs;
    }
    await delay(POLL_MS);
  }
  return true;
}

/**
 * Ends a process: SIGTERM, and SIGKILL for what is still there after the deadline.
 * @param repeatMs SIGTERM is sent again this often, for programs that lose one; most take a second one as "at once"
 * @returns whether SIGTERM was enough.
 */
export async function terminate(identity: ProcessIdentity, deadlineMs: number, repeatMs?: number): Promise<boolean> {
  if (!isRunning(identity)) return true;
  const ask = () => send(identity.pid, 'SIGTERM');
  ask();
  if (await untilGone(identity, deadlineMs, repeatMs, ask)) return true;
  send(identity.pid, 'SIGKILL');
  // A process in the kernel's hands (a stuck disk) goes when the kernel lets go of it.
  await untilGone(identity, deadlineMs);
  return false;
}
