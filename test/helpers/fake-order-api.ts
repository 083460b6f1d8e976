import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** One request as the fake order API got it. */
export interface Asked {
  path: string;
  key: string | undefined;
  authorization: string | undefined;
  body: Record<string, unknown>;
  /** How often this key came before. */
  before: number;
}

/** The part of the order API that takes requests about orders, answering as the test says; undefined cuts the connection. */
export async function startFakeOrderApi(
  t: TestContext,
  answer: (asked: Asked) => Promise<{ status: number; body: unknown } | undefined>,
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const key = message.headers['idempotency-key'] as string | undefined;
    const request: Asked = {
      path: message.url!,
      key,
      authorization: message.headers.authorization,
      body: JSON.parse(Buffer.concat(chunks).toString()),
      before: asked.filter((earlier) => earlier.key === key).length,
    };
    asked.push(request);
    const given = await answer(request);
    if (!given) return void message.socket.destroy();
    response.writeHead(given.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
