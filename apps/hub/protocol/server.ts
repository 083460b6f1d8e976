import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AmqpError, Condition } from '../amqp/errors.ts';
import { Connection } from './connection.ts';
import { type Certificate, createSecurePort, peerOf } from './secure-port.ts';
import type { ServerContext } from './server-context.ts';

/** How often connections look for what is due. */
const TICK_MS = 250;

/** Where the hub listens. */
export interface Ports {
  host: string;
  /** Plain AMQP; 0 for any free port. */
  port: number;
  /** AMQP and AMQP over WebSockets inside TLS; null where there is no certificate. */
  tls: ({ port: number } & Certificate) | null;
}

export interface RunningServer {
  readonly port: number;
  /** null without a certificate. */
  readonly tlsPort: number | null;
  readonly connections: number;
  /** Ends the links to some entities, and tells their clients why. */
  detachLinks(goes: (entity: string) => boolean, error: AmqpError): void;
  /** Tells every client, then closes. */
  stop(): Promise<void>;
}

/** Listens for AMQP clients. */
export async function startServer({ host, port, tls }: Ports, context: ServerContext): Promise<RunningServer> {
  const connections = new Set<Connection>();
  let accepted = 0;
  const accept = (stream: Duplex, socket: Socket, transport: 'tcp' | 'tls' | 'websocket') => {
    const log = context.logger.child({ connection: ++accepted, peer: peerOf(socket), transport });
    socket.setNoDelay(true);
    const connection = new Connection(stream, context, log);
    connections.add(connection);
    stream.on('close', () => connections.delete(connection));
  };
  const plain = createServer((socket) => accept(socket, socket, 'tcp'));
  const secure = tls && createSecurePort(tls, context.logger, accept);
  const servers = secure === null ? [plain] : [plain, secure];
  const sockets = new Set<Socket>();
  for (const server of servers) keepSockets(server, sockets);
  try {
    await listen(plain, host, port);
    if (secure !== null) await listen(secure, host, tls!.port);
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  const timer = setInterval(() => {
    for (const connection of connections) connection.tick(Date.now());
  }, TICK_MS);
  timer.unref();
  return {
    port: (plain.address() as AddressInfo).port,
    tlsPort: secure && (secure.address() as AddressInfo).port,
    get connections() {
      return connections.size;
    },
    detachLinks(goes, error) {
      for (const connection of connections) connection.detachLinks(goes, () => error);
    },
    stop: () => stop(servers, sockets, connections, context, timer),
  };
}

/** Every socket of a server, also of clients that have not said yet what they speak. */
function keepSockets(server: Server, sockets: Set<Socket>): void {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
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
  servers: readonly Server[],
  sockets: ReadonlySet<Socket>,
  connections: Set<Connection>,
  context: ServerContext,
  timer: NodeJS.Timeout,
): Promise<void> {
  clearInterval(timer);
  const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  for (const connection of connections) connection.pause();
  await context.broker.idle();
  for (const connection of connections) {
    connection.fail(new AmqpError(Condition.connectionForced, 'The hub is stopping. Please reconnect.'));
  }
  const force = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, FAREWELL_MS);
  await Promise.all(closed);
  clearTimeout(force);
}
