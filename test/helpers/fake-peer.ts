import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A request as it came. */
export interface PeerCall {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** What a fake answers: a status and a body, or nothing (`hang`), or an end of the connection (`cut`). */
export type PeerReply =
  | { status?: number; json?: unknown; text?: string; headers?: Record<string, string> }
  | 'hang'
  | 'cut';

export interface FakePeer {
  url: string;
  calls: PeerCall[];
}

/** An HTTP server on a port of its own that answers as the test says, for the length of the test. */
export async function startFakePeer(t: TestContext, answer: (call: PeerCall) => PeerReply): Promise<FakePeer> {
  const calls: PeerCall[] = [];
  const server = createServer(async (message, response) => {
    let body = '';
    for await (const chunk of message.setEncoding('utf8')) body += chunk;
    const call = { method: message.method ?? '', path: message.url ?? '', headers: message.headers, body };
    calls.push(call);
    const reply = answer(call);
    if (reply === 'hang') return;
    if (reply === 'cut') {
      message.socket.destroy();
      return;
    }
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    response.end(reply.text ?? JSON.stringify(reply.json ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}
