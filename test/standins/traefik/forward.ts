import { Agent, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { type ProxyRequest, type ProxyResponse, plain } from './exchange.ts';
import { lookup } from './lookup.ts';

/** Of one connection; they mean nothing on the next. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];
const BODILESS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export interface Timeouts {
  dialMs: number;
  responseHeaderMs: number;
  idleMs: number;
}

export const withoutHopByHop = (headers: OutgoingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name.toLowerCase()) && !name.startsWith(':')),
  );

/** What a client says of who it is and how it came is replaced by what the proxy sees. */
function forwardedHeaders({ headers, client, host, scheme, port }: ProxyRequest): OutgoingHttpHeaders {
  const own = Object.entries(withoutHopByHop(headers)).filter(([name]) => !/^x-(forwarded-|real-ip)/.test(name));
  return {
    ...Object.fromEntries(own),
    host: headers.host ?? host,
    'x-forwarded-for': client,
    'x-real-ip': client,
    'x-forwarded-host': headers.host ?? host,
    'x-forwarded-proto': scheme,
    'x-forwarded-port': String(port),
    'x-forwarded-server': 'traefik-standin',
  };
}

const network = (status: number, text: string, unsent: boolean): ProxyResponse => ({
  ...plain(status, text),
  unsent,
});

/** A connection that was kept open and is closed by now: a request without a body can be made again, as Go does it. */
class Stale extends Error {}

interface Attempt {
  agent: Agent | undefined;
  timeouts: Timeouts;
}

function attempt(server: URL, request: ProxyRequest, { agent, timeouts }: Attempt): Promise<ProxyResponse> {
  const { method, target, body, signal } = request;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(server, {
      ...{ method, path: target, headers: forwardedHeaders(request) as never, lookup },
      ...(agent && { agent }),
    });
    let connected = false;
    const dial = setTimeout(() => outgoing.destroy(new Error('connect timed out')), timeouts.dialMs);
    const header = setTimeout(() => outgoing.destroy(new Error('no answer in time')), timeouts.responseHeaderMs);
    const abort = () => outgoing.destroy(new Error('the client has gone'));
    signal.addEventListener('abort', abort, { once: true });
    const settle = () => {
      clearTimeout(dial);
      clearTimeout(header);
    };
    outgoing.on('socket', (socket) => {
      const ready = () => {
        connected = true;
        clearTimeout(dial);
      };
      if (socket.connecting) socket.once('connect', ready);
      else ready();
    });
    outgoing.on('response', (answer: IncomingMessage) => {
      settle();
      answer.on('close', () => signal.removeEventListener('abort', abort));
      const headers = withoutHopByHop(answer.headers);
      resolve({ status: answer.statusCode!, headers, body: answer });
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      settle();
      signal.removeEventListener('abort', abort);
      const stale = outgoing.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
      if (stale && BODILESS.has(method)) return reject(new Stale());
      if (signal.aborted) return resolve(network(499, 'Client Closed Request', false));
      const late = error.message === 'no answer in time' || error.message === 'connect timed out';
      resolve(network(late ? 504 : 502, late ? 'Gateway Timeout' : 'Bad Gateway', !connected));
    });
    if (body instanceof Readable && !BODILESS.has(method)) {
      // A retry reads it again only when nothing was sent, so nothing of it may be taken before there is a connection.
      outgoing.once('socket', (socket) => {
        const pipe = () => body.pipe(outgoing);
        if (socket.connecting) socket.once('connect', pipe);
        else pipe();
      });
      body.once('error', () => outgoing.destroy());
    } else {
      outgoing.end(body instanceof Buffer ? body : undefined);
    }
  });
}

/** Passes requests on to a server. Never throws: what goes wrong on the way is an answer, too. */
export class Forwarder {
  readonly #agent: Agent;
  readonly #timeouts: Timeouts;

  constructor(timeouts: Timeouts, maxIdle: number) {
    this.#timeouts = timeouts;
    this.#agent = new Agent({ keepAlive: true, maxFreeSockets: maxIdle, timeout: 0, scheduling: 'lifo' });
    this.#agent.on('free', (socket) => socket.setTimeout(timeouts.idleMs, () => socket.destroy()));
  }

  async forward(server: URL, request: ProxyRequest): Promise<ProxyResponse> {
    try {
      return await attempt(server, request, { agent: this.#agent, timeouts: this.#timeouts });
    } catch (error) {
      if (!(error instanceof Stale)) throw error;
      return attempt(server, request, { agent: new Agent(), timeouts: this.#timeouts });
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}
