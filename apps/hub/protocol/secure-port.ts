import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type Server, type TLSSocket } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Logger } from '../../../lib/runtime/logger.ts';

/** A certificate with its chain, and its private key; PEM texts. */
export interface Certificate {
  cert: string;
  key: string;
}

/** Takes over a client's bytes: those of the socket itself, or those inside its WebSocket. */
export type OnStream = (stream: Duplex, socket: TLSSocket, transport: 'tls' | 'websocket') => void;

/** The path clients of the service ask for, and the sub-protocol of AMQP over WebSockets. */
const WEBSOCKET_PATH = '/$servicebus/websocket';
const SUB_PROTOCOL = 'amqp';
const SUB_PROTOCOL_OF_CLIENTS = 'AMQPWSB10';

/** A client that has said nothing by then is let go. */
const FIRST_BYTE_MS = 30_000;
/** Larger than any frame; a WebSocket message holds as many frames as the client likes. */
const MAX_WEBSOCKET_BYTES = 4 * 1024 * 1024;
const FIRST_LETTER_OF_GET = 0x47;

/**
 * A server for clients that insist on TLS. AMQP and AMQP over WebSockets share its port: the first byte tells them apart,
 * as no AMQP header starts like an HTTP request.
 */
export function createSecurePort(certificate: Certificate, log: Logger, onStream: OnStream): Server {
  const http = createUpgradeServer(log, onStream);
  const server = createTlsServer({ ...certificate, minVersion: 'TLSv1.2' }, (socket) => {
    socket.on('error', (error) => log.debug({ err: error, peer: peerOf(socket) }, 'socket error'));
    whenFirstByte(socket, (first) => {
      if (first === FIRST_LETTER_OF_GET) http.emit('connection', socket);
      else onStream(socket, socket, 'tls');
    });
  });
  server.on('tlsClientError', (error, socket) => {
    log.warn({ peer: peerOf(socket), why: error.message }, 'not TLS, or a client that does not trust the certificate');
  });
  return server;
}

export const peerOf = ({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string =>
  `${remoteAddress}:${remotePort}`;

function whenFirstByte(socket: TLSSocket, then: (first: number) => void): void {
  const giveUp = () => socket.destroy();
  socket.setTimeout(FIRST_BYTE_MS, giveUp);
  const onReadable = () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    socket.off('readable', onReadable);
    socket.setTimeout(0);
    socket.off('timeout', giveUp);
    socket.unshift(chunk);
    then(chunk[0]!);
  };
  socket.on('readable', onReadable);
}

/** Speaks HTTP only as far as a WebSocket needs it. */
function createUpgradeServer(log: Logger, onStream: OnStream): HttpServer {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_WEBSOCKET_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => [SUB_PROTOCOL_OF_CLIENTS, SUB_PROTOCOL].find((name) => offered.has(name)) ?? false,
  });
  const http = createHttpServer((request, response) => {
    log.info({ peer: peerOf(request.socket), path: request.url }, 'HTTP request refused');
    response.writeHead(426, { connection: 'close', upgrade: 'websocket', 'content-type': 'text/plain' });
    response.end(`AMQP over WebSockets is at ${WEBSOCKET_PATH}\n`);
  });
  // A server that does not listen by itself looks after no other time-out.
  http.setTimeout(FIRST_BYTE_MS);
  http.on('upgrade', (request, socket, head) => {
    if (request.url?.toLowerCase().split('?')[0] !== WEBSOCKET_PATH) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      onStream(createWebSocketStream(webSocket), request.socket as TLSSocket, 'websocket');
    });
  });
  return http;
}
