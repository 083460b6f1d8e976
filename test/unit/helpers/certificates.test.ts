import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { makeCertificates } from '../../helpers/certificates.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

test('a server with the certificate is trusted by who trusts the authority, and by nobody else', async (t) => {
  const { ca, cert, key, certFile } = await makeCertificates(tempFolder(t), ['*.servicebus.windows.net']);
  const server = createServer({ cert, key }, (_request, response) => response.end('here'));
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;

  const [response] = await once(get(url, { ca, agent: false }), 'response');
  assert.equal(response.statusCode, 200);
  response.resume();
  await assert.rejects(once(get(url, { agent: false }), 'response'), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });

  const read = new X509Certificate(readFileSync(certFile));
  assert.equal(read.checkHost('oms-demo.servicebus.windows.net'), '*.servicebus.windows.net');
});
