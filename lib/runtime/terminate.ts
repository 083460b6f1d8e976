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

async function untilGone(identity: ProcessIdentity, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  while (isRunning(identity)) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/**
 * Ends a process: SIGTERM, and SIGKILL for what is still there after the deadline.
 * @returns whether SIGTERM was enough.
 */
export async function terminate(identity: ProcessIdentity, deadlineMs: number): Promise<boolean> {
  if (!isRunning(identity)) return true;
  send(identity.pid, 'SIGTERM');
  if (await untilGone(identity, deadlineMs)) return true;
  send(identity.pid, 'SIGKILL');
  // A process in the kernel's hands (a stuck disk) goes when the kernel lets go of it.
  await untilGone(identity, deadlineMs);
  return false;
}
