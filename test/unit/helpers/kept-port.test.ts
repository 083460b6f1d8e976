import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { keepPort } from '../../helpers/kept-port.ts';

test('a kept port can be listened on again and again, and is taken for other tests', async (t) => {
  const port = await keepPort();
  for (let times = 0; times < 2; times++) {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  }
  const other = createSocket('udp4');
  t.after(() => other.close());
  other.bind({ port, address: '127.0.0.1', exclusive: true });
  await assert.rejects(once(other, 'listening'), { code: 'EADDRINUSE' });
});
