import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { WebSocket } from 'ws';
import { AMQP_HEADER } from '../../../apps/hub/protocol/handshake.ts';
import { within } from '../../helpers/amqp-client.ts';
import { type Certificates, makeCertificates } from '../../helpers/certificates.ts';
import { startTestHub, type TestHub } from '../../helpers/hub.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

/** Long enough for a busy machine: what does not come at all is what is looked for. */
const DEADLINE_MS = 30_000;
const retryOptions = { maxRetries: 0, timeoutInMs: DEADLINE_MS };

async function secureHub(t: TestContext): Promise<{ hub: TestHub; port: number; certificates: Certificates }> {
  const certificates = await makeCertificates(tempFolder(t));
  const hub = await startTestHub(t, { tls: { port: 0, cert: certificates.cert, key: certificates.key } });
  return { hub, port: hub.tlsPort!, certificates };
}

/** As for a real namespace: nothing says that this is an emulator. */
const textFor = (port: number): string =>
  `Endpoint=sb://localhost:${port};SharedAccessKeyName=oms;SharedAccessKey=test-key`;

function trust(t: TestContext, { ca }: Certificates): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, ca]);
  t.after(() => setDefaultCACertificates(before));
}

/** Sends one event and reads it back. */
async function roundTrip(t: TestContext, text: string, options: object): Promise<unknown> {
  const producer = new EventHubProducerClient(text, 'orders', { retryOptions, ...options });
  const consumer = new EventHubConsumerClient('$default', text, 'orders', { retryOptions, ...options });
  t.after(() => Promise.all([producer.close(), consumer.close()]));
  await producer.sendBatch([{ body: 'sealed' }], { partitionId: '1' });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const subscription = consumer.subscribe(
    '1',
    {
      processEvents: async ([event]) => event && resolve(event.body),
      processError: async (error) => reject(error),
    },
    { startPosition: earliestEventPosition },
  );
  t.after(() => subscription.close());
  return within(promise, 'the event', DEADLINE_MS);
}

test('the SDK connects with TLS, as to a real namespace', async (t) => {
  const { port, certificates } = await secureHub(t);
  trust(t, certificates);
  assert.equal(await roundTrip(t, textFor(port), {}), 'sealed');
});

test('the SDK connects through WebSockets', async (t) => {
  const { port, certificates } = await secureHub(t);
  const webSocketOptions = { webSocket: WebSocket, webSocketConstructorOptions: { ca: certificates.ca } };
  assert.equal(await roundTrip(t, textFor(port), { webSocketOptions }), 'sealed');
});

/** What a client is answered to its first bytes inside TLS, until the hub closes. */
async function answerTo(port: number, ca: string, bytes: string | Buffer): Promise<string> {
  const socket: TLSSocket = connect({ port, host: 'localhost', ca });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.write(bytes);
  await within(once(socket, 'close'), 'close');
  return Buffer.concat(chunks).toString('latin1');
}

test('whoever speaks something else on the secure port is told what it is for', async (t) => {
  const { port, certificates } = await secureHub(t);
  const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${more}\r\n`;
  const upgrade =
    'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: eA==\r\n';
  assert.match(await answerTo(port, certificates.ca, get('/')), /^HTTP\/1\.1 426 .*servicebus\/websocket/s);
  assert.match(await answerTo(port, certificates.ca, get('/elsewhere', upgrade)), /^HTTP\/1\.1 404 /);
  assert.match(await answerTo(port, certificates.ca, get('/$servicebus/websocket', upgrade)), /^HTTP\/1\.1 400 /);
  assert.equal(await answerTo(port, certificates.ca, 'EHLO you there'), AMQP_HEADER.toString('latin1'));
  const plain = connectPlain(port, '127.0.0.1');
  plain.on('error', () => {});
  plain.resume();
  plain.write(AMQP_HEADER);
  await within(once(plain, 'close'), 'close of a client without TLS');
  trust(t, certificates);
  assert.equal(await roundTrip(t, textFor(port), {}), 'sealed');
});

test('a hub stops although somebody is connected who never said a word', async (t) => {
  const { hub, port, certificates } = await secureHub(t);
  const silent = connect({ port, host: 'localhost', ca: certificates.ca });
  silent.on('error', () => {});
  await once(silent, 'secureConnect');
  await within(hub.stop(), 'stop');
  silent.destroy();
});
