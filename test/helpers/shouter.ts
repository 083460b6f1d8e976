import { type AddressInfo, createServer } from 'node:net';
import type { TestContext } from 'node:test';

/** A TCP server that gives back in capitals what it is told, and ends when it was told all. */
export async function startShouter(t: Pick<TestContext, 'after'>) {
  let open = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open++;
    socket.on('close', () => open--).on('error', () => undefined);
    socket.on('data', (bytes) => socket.write(bytes.toString('latin1').toUpperCase()));
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, open: () => open };
}
