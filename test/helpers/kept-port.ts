import { createSocket } from 'node:dgram';
import { findFreePort } from '../../src/adapters/net/ports.ts';

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
  for (;;) {
    const port = await findFreePort();
    if (await claim(port)) return port;
  }
}
