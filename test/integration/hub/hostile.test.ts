import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EventHubProducerClient } from '@azure/event-hubs';
import { encodeComposite } from '../../../apps/hub/amqp/composites.ts';
import { encodeFrame, FrameType } from '../../../apps/hub/amqp/frames.ts';
import { Attach, Begin, Flow, Open, SaslInit, Source, Target, Transfer } from '../../../apps/hub/amqp/performatives.ts';
import { ProducerKey } from '../../../apps/hub/amqp/producer-key.ts';
import type { Encode } from '../../../apps/hub/amqp/writer.ts';
import { AMQP_HEADER, SASL_HEADER } from '../../../apps/hub/protocol/handshake.ts';
import { makeCertificates } from '../../helpers/certificates.ts';
import { startTestHub } from '../../helpers/hub.ts';
import { textMessage } from '../../helpers/hub-log.ts';
import { randomFrom } from '../../helpers/random.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

/** OMS_TEST_MUTATIONS=100000 for the full number. */
const CASES = Number(process.env.OMS_TEST_MUTATIONS ?? 5000);
const SECURE_CASES = CASES / 10;
const PARALLEL = 20;

const frame = (performative: Encode, payload: Buffer = Buffer.alloc(0)) =>
  encodeFrame(FrameType.amqp, 0, (writer) => {
    performative(writer);
    writer.raw(payload);
  });

const address =
  (text: string): Encode =>
  (writer) =>
    writer.string(text);

/** A whole, good conversation: handshake, open, a link each way, one event, an idempotent producer. */
const GENUINE = Buffer.concat([
  SASL_HEADER,
  encodeFrame(FrameType.sasl, 0, encodeComposite(SaslInit, { mechanism: 'ANONYMOUS' })),
  AMQP_HEADER,
  frame(encodeComposite(Open, { containerId: 'fuzz', idleTimeOut: 60_000 })),
  frame(encodeComposite(Begin, { nextOutgoingId: 0, incomingWindow: 2048, outgoingWindow: 2048 })),
  frame(
    encodeComposite(Attach, {
      name: 'send',
      handle: 0,
      role: false,
      source: encodeComposite(Source, {}),
      target: encodeComposite(Target, { address: address('fuzzed') }),
      initialDeliveryCount: 0,
    }),
  ),
  frame(
    encodeComposite(Attach, {
      name: 'receive',
      handle: 1,
      role: true,
      source: encodeComposite(Source, { address: address('fuzzed/ConsumerGroups/$default/Partitions/0') }),
      target: encodeComposite(Target, {}),
    }),
  ),
  frame(
    encodeComposite(Transfer, { handle: 0, deliveryId: 0, deliveryTag: Buffer.from([1]), messageFormat: 0 }),
    textMessage('hi'),
  ),
  frame(
    encodeComposite(Attach, {
      name: 'once',
      handle: 2,
      role: false,
      source: encodeComposite(Source, {}),
      target: encodeComposite(Target, { address: address('fuzzed/Partitions/0') }),
      initialDeliveryCount: 0,
      desiredCapabilities: ['com.microsoft:idempotent-producer'],
      properties: (writer) =>
        writer.symbolMap({
          [ProducerKey.id]: (value) => value.long(7),
          [ProducerKey.sequence]: (value) => value.int(0),
        }),
    }),
  ),
]);

/** One of the ways in which bytes go wrong. */
function mutate(random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  const kind = below(5);
  if (kind === 0) return Buffer.from(Array.from({ length: 1 + below(200) }, () => below(256)));
  const bytes = Buffer.from(GENUINE);
  if (kind === 1) return bytes.subarray(0, below(bytes.length));
  if (kind === 2) return Buffer.concat([bytes.subarray(0, below(bytes.length)), Buffer.alloc(below(50), below(256))]);
  for (let flips = 1 + below(4); flips > 0; flips--) bytes[below(bytes.length)] = below(256);
  return bytes;
}

/** Sends bytes and waits until the hub has had time to read them: it closes, or we do after its answer. */
async function throwAt(socket: Socket, bytes: Buffer): Promise<void> {
  socket.on('error', () => {});
  socket.resume();
  socket.end(bytes);
  await once(socket, 'close');
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Memory in use, without what only waits to be collected. */
function liveBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function sendGood(t: TestContext, text: string, done: () => boolean): Promise<number> {
  // No second try: nobody may cut this one off. How long it takes beside the others is not measured.
  const retryOptions = { maxRetries: 0, timeoutInMs: 60_000 };
  const client = new EventHubProducerClient(text, 'orders', { retryOptions });
  t.after(() => client.close());
  let sent = 0;
  for (; !done(); sent++) await client.sendBatch([{ body: sent }]);
  return sent;
}

test(`${CASES} broken conversations disturb nobody`, async (t) => {
  const hubs = [
    { name: 'orders', partitions: 2 },
    { name: 'fuzzed', partitions: 1 },
  ];
  const hub = await startTestHub(t, { hubs, accessKey: null });
  const random = randomFrom(7);
  let left = CASES;
  const attack = async () => {
    while (left-- > 0) await throwAt(connect({ port: hub.port, host: '127.0.0.1' }), mutate(random));
  };
  const good = sendGood(t, hub.connectionString, () => left <= 0);
  const before = liveBytes();
  await Promise.all(Array.from({ length: PARALLEL }, attack));
  assert.ok((await good) > 0);
  assert.ok(liveBytes() - before < 100 * 1024 * 1024);
  await until('they are gone', async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${hub.httpPort}/metrics`)).text();
    return /^oms_hub_connections\{.*\} [0-9]$/m.test(metrics);
  });
});

/** The start of a genuine conversation through WebSockets. */
const UPGRADE = Buffer.from(
  'GET /$servicebus/websocket HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
    'sec-websocket-version: 13\r\nsec-websocket-protocol: AMQPWSB10\r\n' +
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
);

test('broken conversations inside TLS and behind an upgrade disturb nobody', async (t) => {
  const { cert, key, ca } = await makeCertificates(tempFolder(t));
  const hubs = [
    { name: 'orders', partitions: 2 },
    { name: 'fuzzed', partitions: 1 },
  ];
  const hub = await startTestHub(t, { hubs, accessKey: null, tls: { port: 0, cert, key } });
  const random = randomFrom(11);
  let left = SECURE_CASES;
  const attack = async () => {
    while (left-- > 0) {
      const bytes = left % 2 === 0 ? mutate(random) : Buffer.concat([UPGRADE, mutate(random)]);
      await throwAt(connectTls({ port: hub.tlsPort!, host: 'localhost', ca }), bytes);
    }
  };
  const good = sendGood(t, hub.connectionString, () => left <= 0);
  await Promise.all(Array.from({ length: PARALLEL }, attack));
  assert.ok((await good) > 0);
});

test('a client that never reads does not make the hub grow, and can be left', async (t) => {
  const hub = await startTestHub(t, { accessKey: null });
  const client = new EventHubProducerClient(hub.connectionString, 'orders');
  t.after(() => client.close());
  for (let i = 0; i < 20; i++) {
    await client.sendBatch(
      Array.from({ length: 100 }, () => ({ body: 'x'.repeat(8000) })),
      { partitionId: '0' },
    );
  }
  const deaf = connect({ port: hub.port, host: '127.0.0.1' });
  t.after(() => deaf.destroy());
  deaf.on('error', () => {});
  deaf.pause();
  const receive = encodeComposite(Attach, {
    name: 'deaf',
    handle: 0,
    role: true,
    source: encodeComposite(Source, { address: address('orders/ConsumerGroups/$default/Partitions/0') }),
    target: encodeComposite(Target, {}),
  });
  const credit = {
    nextIncomingId: 0,
    incomingWindow: 100_000,
    nextOutgoingId: 0,
    outgoingWindow: 1,
    handle: 0,
    deliveryCount: 0,
    linkCredit: 2000,
  };
  deaf.write(
    Buffer.concat([
      AMQP_HEADER,
      frame(encodeComposite(Open, { containerId: 'deaf' })),
      frame(encodeComposite(Begin, { nextOutgoingId: 0, incomingWindow: 100_000, outgoingWindow: 1 })),
      frame(receive),
      frame(encodeComposite(Flow, credit)),
    ]),
  );
  await client.sendBatch([{ body: 'still served' }]);
  const metrics = await (await fetch(`http://127.0.0.1:${hub.httpPort}/metrics`)).text();
  const delivered = Number(/^oms_hub_events_total\{.*direction="out".*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
  assert.ok(delivered < 2000, `${delivered} of 2000 events handed to a socket that nobody reads`);
});
