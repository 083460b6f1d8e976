import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessSpec } from '../../lib/runtime/supervision.ts';

const POLL_MS = 50;
const ATTEMPT_DEADLINE_MS = 2_000;

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  const attempt = AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_DEADLINE_MS)]);
  return fetch(url, { signal: attempt }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: '127.0.0.1', port, timeout: ATTEMPT_DEADLINE_MS });
  const settle = (result: boolean) => {
    socket.destroy();
    resolve(result);
  };
  socket.once('connect', () => settle(true));
  socket.once('error', () => settle(false));
  socket.once('timeout', () => settle(false));
  return promise;
}

async function isReady(spec: ProcessSpec, signal: AbortSignal): Promise<boolean> {
  if (spec.readyUrl && !(await answers(spec.readyUrl, signal))) return false;
  return !spec.readyPort || accepts(spec.readyPort);
}

/** Resolves true once the process does what its spec calls ready, false when the signal ends the wait. */
export async function untilReady(spec: ProcessSpec, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await isReady(spec, signal)) return !signal.aborted;
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
