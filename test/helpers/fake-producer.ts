import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { orderIdFor } from '../../lib/domain/ids.ts';
import type { OrderRequest } from '../../lib/domain/order-request.ts';

/** One POST as the fake order API got it. */
export interface Posted {
  path: string;
  /** The Authorization header. */
  authorization: string | undefined;
  key: string;
  request: OrderRequest;
  /** How often this key came before. */
  before: number;
}

export interface FakeAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface FakeProducer {
  url: string;
  /** Every POST, in the order of arrival. */
  posts: Posted[];
}

export const accept = ({ key, request }: Posted): FakeAnswer => ({
  status: 202,
  body: { order_id: orderIdFor(request.customer, key), status_url: '/', total_minor: 1_000, currency: 'USD' },
});

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** The body as JSON; what is none is left to the test as text. */
function parse(body: string) {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/**
 * An order API that answers as the test says.
 * @param answer undefined cuts the connection; the default takes every order
 */
export async function startFakeProducer(
  t: TestContext,
  answer: (posted: Posted) => Promise<FakeAnswer | undefined> | FakeAnswer | undefined = accept,
): Promise<FakeProducer> {
  const posts: Posted[] = [];
  const seen = new Map<string, number>();
  const handle = async (message: IncomingMessage, response: ServerResponse) => {
    if (message.method === 'GET') return void response.end('{"status":"ready"}');
    const key = message.headers['idempotency-key'] as string;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    const { authorization } = message.headers;
    const body = await readBody(message);
    const posted = { path: message.url!, authorization, key, request: parse(body), before };
    posts.push(posted);
    const given = await answer(posted);
    if (!given) return void message.socket.destroy();
    response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers });
    response.end(JSON.stringify(given.body ?? {}));
  };
  const server = createServer((message, response) => void handle(message, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posts };
}
