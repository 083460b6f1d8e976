import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Handler, type ProxyRequest, type ProxyResponse, plain, routingPath } from './exchange.ts';
import { withoutHopByHop } from './forward.ts';
import { milliseconds } from './settings/shape.ts';
import type { EntryPoint } from './settings/static.ts';

export interface KeyPair {
  cert: string;
  key: string;
  minVersion: 'TLSv1.2' | 'TLSv1.3';
}

/** Called when an answer is through, or broke off. */
export type Done = (request: ProxyRequest, response: ProxyResponse, begun: number) => void;

const PRODUCT = 'traefik-standin';

const plainAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:/, '');

/** "[::1]:8443" and "shop.example:443" without their ports. */
const hostOf = (authority: string): string => authority.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

function requestOf(incoming: IncomingMessage, name: string, secure: boolean, signal: AbortSignal): ProxyRequest {
  const { headers, method = 'GET', url = '/', socket } = incoming;
  const authority = headers.host ?? String(headers[':authority'] ?? '');
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return {
    ...{ method, target: url, path: routingPath(url), signal, after: [], notes: { retries: 0 } },
    headers: { ...headers, ...(authority && { host: authority }) },
    body: hasBody || incoming.httpVersionMajor === 2 ? incoming : undefined,
    client: plainAddress(socket.remoteAddress),
    host: hostOf(authority),
    scheme: secure ? 'https' : 'http',
    entryPoint: name,
    port: socket.localPort ?? 0,
  };
}

/** Traefik names itself nowhere; a stand-in does. */
const headersOf = (response: ProxyResponse) => ({ ...withoutHopByHop(response.headers), via: `1.1 ${PRODUCT}` });

async function write(response: ProxyResponse, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, headersOf(response));
  if (response.body instanceof Readable) {
    outgoing.flushHeaders?.();
    await pipeline(response.body, outgoing).catch(() => outgoing.destroy());
  } else {
    outgoing.end(response.body);
  }
}

/** The redirection of an entry point to https, to the port people see. */
function redirectTo({ http }: EntryPoint): Handler | undefined {
  const redirection = http?.redirections?.entryPoint;
  if (!redirection) return undefined;
  const port = redirection.to.slice(1);
  return async ({ host, target }) => {
    const authority = (host.includes(':') ? `[${host}]` : host) + (port === '443' ? '' : `:${port}`);
    const location = `https://${authority}${target}`;
    return plain(redirection.permanent ? 301 : 302, 'Moved', { location });
  };
}

interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  secure: boolean;
  answer: Handler;
  done: Done;
}

/** A port that is listened on. */
export class RunningEntryPoint {
  readonly name: string;
  readonly #settings: EntryPoint;
  readonly #server: Server | Http2SecureServer;
  #stopping = false;

  constructor(name: string, settings: EntryPoint, handle: Handler, pair: KeyPair | undefined, done: Done) {
    this.name = name;
    this.#settings = settings;
    const secure = settings.http?.tls !== undefined;
    const answer = redirectTo(settings) ?? handle;
    const listener = (incoming: IncomingMessage, outgoing: ServerResponse) =>
      void this.#serve({ incoming, outgoing, secure, answer, done });
    const { respondingTimeouts = {} } = settings.transport ?? {};
    const timeouts = {
      requestTimeout: milliseconds(respondingTimeouts.readTimeout, '60s'),
      keepAliveTimeout: milliseconds(respondingTimeouts.idleTimeout, '180s'),
    };
    const maxHeaderSize = settings.http?.maxHeaderBytes ?? 1_048_576;
    this.#server = secure
      ? createSecureServer({ allowHTTP1: true, maxHeaderSize, ...timeouts, ...pair } as never, listener as never)
      : createServer({ maxHeaderSize, ...timeouts }, listener);
  }

  async #serve(parts: Exchange): Promise<void> {
    const { incoming, outgoing, secure, answer, done } = parts;
    const begun = performance.now();
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const request = requestOf(incoming, this.name, secure, gone.signal);
    const response = await answer(request).catch(() => plain(500, 'Internal Server Error'));
    if (this.#stopping && incoming.httpVersionMajor === 1) outgoing.shouldKeepAlive = false;
    await write(response, outgoing);
    for (const work of request.after) work();
    done(request, response, begun);
  }

  /** @returns the port that was taken */
  async listen(): Promise<number> {
    const [, host, port] = /^(.*):(\d+)$/.exec(this.#settings.address)!;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(Number(port), host || undefined, resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** New connections get the new certificate. */
  setCertificate(pair: KeyPair): void {
    if ('setSecureContext' in this.#server) this.#server.setSecureContext(pair);
  }

  /** Goes on accepting for as long as is said, then waits for what is under way. */
  async stop(): Promise<void> {
    const { requestAcceptGraceTimeout, graceTimeOut } = this.#settings.transport?.lifeCycle ?? {};
    this.#stopping = true;
    await new Promise((resolve) => setTimeout(resolve, milliseconds(requestAcceptGraceTimeout, 0)));
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()));
    if ('closeIdleConnections' in this.#server) this.#server.closeIdleConnections();
    const grace = new Promise((resolve) => setTimeout(resolve, milliseconds(graceTimeOut, '10s')).unref());
    await Promise.race([closed, grace]);
    if ('closeAllConnections' in this.#server) this.#server.closeAllConnections();
  }
}
