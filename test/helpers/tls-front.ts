import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { createServer } from 'node:tls';
import type { Scope } from '../standins/environment/scope.ts';
import type { Certificates } from './certificates.ts';

/**
 * TLS in front of a server on this machine that speaks plain TCP, such as the local hub: clients that insist on TLS,
 * as the SDK does with a token, connect to it unmodified.
 * @returns the port it listens on
 */
export async function startTlsFront(t: Scope, port: number, certificates: Certificates): Promise<number> {
  const { cert, key } = certificates;
  const server = createServer({ cert, key }, (outside) => {
    const inside = connect(port, '127.0.0.1');
    // Either side may hang up at any time; the other is told by the end of its stream.
    pipeline(outside, inside, () => {});
    pipeline(inside, outside, () => {});
  });
  // A client that does not trust the certificate, or goes away while shaking hands, is its own affair.
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as { port: number }).port;
}
