import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Answer, type OrderApi, openOrderApi } from '../../../../../src/adapters/http/order-api.ts';

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function open(t: TestContext, url: string, timeoutMs = 5_000): OrderApi {
  const api = openOrderApi(url, { connections: 2, timeoutMs });
  t.after(() => api.close());
  return api;
}

const post = (api: OrderApi, key = 'k1', body = '{}') =>
  new Promise<Answer | Error>((resolve) => api.post({ key, body }, resolve));

test('a post carries key and body, and brings back status, body and what its headers say', async (t) => {
  const url = await serve(t, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    response.writeHead(409, { 'retry-after': '2', 'idempotent-replayed': 'true' });
    response.write(`${request.method} ${request.url} ${request.headers['idempotency-key']} `);
    response.end(`${request.headers['content-type']} ${body}`);
  });
  assert.deepEqual(await post(open(t, url), 'key-1', '{"ä":1}'), {
    status: 409,
    body: 'POST /api/orders key-1 application/json {"ä":1}',
    retryAfterMs: 2_000,
    replayed: true,
  });
});

test('connections are kept and used again', async (t) => {
  const sockets = new Set<unknown>();
  const url = await serve(t, (request, response) => {
    sockets.add(request.socket);
    response.end('{}');
  });
  const api = open(t, url);
  for (let i = 0; i < 10; i++) await post(api);
  assert.ok(sockets.size <= 2, `${sockets.size} connections for 10 posts`);
});

test('no server, a cut connection and a header that cannot be sent are errors, never thrown', async (t) => {
  const url = await serve(t, (request) => request.socket.destroy());
  assert.ok((await post(open(t, url))) instanceof Error);
  assert.ok((await post(open(t, 'http://127.0.0.1:1'))) instanceof Error);
  assert.ok((await post(open(t, url), 'a\nb')) instanceof Error);
});

test('an answer that does not come in time is an error', async (t) => {
  const url = await serve(t, () => {});
  const result = await post(open(t, url, 50));
  assert.equal((result as Error & { code?: string }).code, 'UND_ERR_HEADERS_TIMEOUT');
});
