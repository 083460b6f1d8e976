import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** A request on its way through the proxy; middlewares hand on changed copies. */
export interface ProxyRequest {
  method: string;
  /** Path and query. */
  target: string;
  /** Path as rules see it: dots and needless percent-encoding resolved. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Readable | Buffer | undefined;
  /** Address of whoever is connected; what headers say of it is not believed. */
  client: string;
  host: string;
  scheme: 'http' | 'https';
  entryPoint: string;
  port: number;
  /** What to do once the answer is through. */
  after: (() => void)[];
  /** Aborted when the client has gone. */
  signal: AbortSignal;
  /** For the access log. */
  notes: { router?: string; service?: string; server?: string; retries: number };
}

export interface ProxyResponse {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Readable | string | undefined;
  /** The server could not be reached: nothing of the request was sent. */
  unsent?: boolean;
}

export type Handler = (request: ProxyRequest) => Promise<ProxyResponse>;
export type Wrap = (next: Handler) => Handler;

export const plain = (status: number, text: string, headers: OutgoingHttpHeaders = {}): ProxyResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...headers },
  body: `${text}\n`,
});

/** Percent-encoding of letters, digits and -._~ says nothing, and neither do "." and "..". */
export function routingPath(target: string): string {
  const decoded = target.split('?', 1)[0]!.replaceAll(/%([0-9A-Fa-f]{2})/g, (whole, hex: string) => {
    const letter = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/.test(letter) ? letter : whole.toUpperCase();
  });
  const kept: string[] = [];
  for (const part of decoded.split('/').slice(1)) {
    if (part === '..') kept.pop();
    else if (part !== '.' && part !== '') kept.push(part);
  }
  const tail = /\/\.{0,2}$/.test(decoded) && kept.length > 0 ? '/' : '';
  return `/${kept.join('/')}${tail}`;
}
