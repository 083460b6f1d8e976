import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { suite, test } from 'node:test';
import { findFreePort, findPortOwner, isPortFree } from '../../../../../src/adapters/net/ports.ts';
import { probe } from '../../../../../src/adapters/net/probe.ts';

suite('ports', () => {
  test('a free one can be listened on, lies below the outgoing range and is none of those excluded', async () => {
    const port = await findFreePort();
    assert.ok(port >= 18_000 && port < 32_000);
    assert.equal(await isPortFree(port), true);
    assert.notEqual(await findFreePort(new Set([port])), port);
  });

  test('a port in use is not free, and its owner is named', async (t) => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    assert.equal(await isPortFree(port), false);
    const owner = findPortOwner(port);
    assert.equal(owner?.pid, process.pid);
    assert.match(owner?.command ?? '', /node/);
  });

  test('a port nobody listens on has no owner', async () => {
    assert.equal(findPortOwner(await findFreePort()), undefined);
  });
});

suite('probes', () => {
  async function serve(t: { after(fn: () => void): void }, status: number, body: string | undefined) {
    const { createServer: createHttpServer } = await import('node:http');
    const server = createHttpServer((_, response) => {
      if (body !== undefined) response.writeHead(status).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  test('an answer is told with its status and its JSON', async (t) => {
    const url = await serve(t, 503, '{"status":"not ready"}');
    assert.deepEqual(await probe(url, 5_000), { ok: false, status: 503, body: { status: 'not ready' } });
  });

  test('silence and refusal are answers too', async (t) => {
    const silent = { ok: false, status: undefined, body: undefined };
    assert.deepEqual(await probe(await serve(t, 200, undefined), 30), silent);
    assert.deepEqual(await probe(`http://127.0.0.1:${await findFreePort()}/`, 5_000), silent);
  });
});
