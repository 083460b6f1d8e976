import { type AddressInfo, createServer, type Server } from 'node:net';
import { AmqpError, Condition } from '../amqp/errors.ts';
import { Connection } from './connection.ts';
import type { ServerContext } from './server-context.ts';

/** How often connections look for what is due. */
const TICK_MS = 250;

export interface RunningServer {
  readonly port: number;
  readonly connections: number;
  /** Ends the links to some entities, and tells their clients why. */
  detachLinks(goes: (entity: string) => boolean, error: AmqpError): void;
  /** Tells every client, then closes. */
  stop(): Promise<void>;
}

/** Listens for AMQP clients. */
export async function startServer(host: string, port: number, context: ServerContext): Promise<RunningServer> {
  const connections = new Set<Connection>();
  let accepted = 0;
  const server = createServer((socket) => {
    const log = context.logger.child({ connection: ++accepted, peer: `${socket.remoteAddress}:${socket.remotePort}` });
    const connection = new Connection(socket, context, log);
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  await listen(server, host, port);
  const timer = setInterval(() => {
    for (const connection of connections) connection.tick(Date.now());
  }, TICK_MS);
  timer.unref();
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections.size;
    },
    detachLinks(goes, error) {
      for (const connection of connections) connection.detachLinks(goes, () => error);
    },
    stop: () => stop(server, connections, context, timer),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    const taken = `port ${port} of ${host} is taken; stop what listens there, or choose another port (0 for any)`;
    reject(error.code === 'EADDRINUSE' ? new Error(taken, { cause: error }) : error);
  });
  server.listen(port, host, resolve);
  return promise;
}

/** What a client gets to read the farewell before its socket is destroyed. */
const FAREWELL_MS = 500;

async function stop(
  server: Server,
  connections: Set<Connection>,
  context: ServerContext,
  timer: NodeJS.Timeout,
): Promise<void> {
  clearInterval(timer);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  for (const connection of connections) connection.pause();
  await context.broker.idle();
  for (const connection of connections) {
    connection.fail(new AmqpError(Condition.connectionForced, 'The hub is stopping. Please reconnect.'));
  }
  const force = setTimeout(() => {
    for (const connection of connections) connection.destroy();
  }, FAREWELL_MS);
  await promise;
  clearTimeout(force);
}
