import { createSocket } from 'node:dgram';
import { isPortFree } from '../../src/adapters/net/ports.ts';

/** Below those that `oms` chooses for itself: a stack that is down for a moment must find its own again. */
const FIRST_PORT = 10_000;
const LAST_PORT = 18_000;

/** Whether the number is now this process's, until it ends. */
function claim(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createSocket('udp4').unref();
  socket.once('error', () => {
    socket.close();
    resolve(false);
  });
  socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
  return promise;
}

/**
 * A free TCP port of 127.0.0.1 that no other test gets, though nobody listens on it yet, or for a while: its UDP twin
 * is held until this process ends. A port that only was free a moment ago may be another test file's by the time a
 * process has started that is to listen on it.
 */
export async function keepPort(): Promise<number> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if ((await isPortFree(port)) && (await claim(port))) return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
}
