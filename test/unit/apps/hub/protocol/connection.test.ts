import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeComposite } from '../../../../../apps/hub/amqp/composites.ts';
import { encodeFrame, FrameType } from '../../../../../apps/hub/amqp/frames.ts';
import {
  Attach,
  Begin,
  Close,
  Detach,
  End,
  Flow,
  Open,
  SaslInit,
  SaslMechanisms,
  SaslOutcome,
} from '../../../../../apps/hub/amqp/performatives.ts';
import { AMQP_HEADER, SASL_HEADER } from '../../../../../apps/hub/protocol/handshake.ts';
import { AmqpClient, errorOf, within } from '../../../../helpers/amqp-client.ts';
import { startTestHub } from '../../../../helpers/hub.ts';

const open = { accessKey: null };

/** Sends bytes as the very first ones and answers what came back before the hub closed. */
async function answerTo(t: Parameters<typeof startTestHub>[0], port: number, bytes: Buffer): Promise<Buffer> {
  const { connect } = await import('node:net');
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const chunks: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.on('close', () => resolve());
  socket.write(bytes);
  await within(promise, 'close');
  return Buffer.concat(chunks);
}

test('a wrong protocol gets the right header back and is closed', async (t) => {
  const hub = await startTestHub(t, open);
  const wrong = [
    Buffer.from('AMQP\x00\x00\x09\x01', 'latin1'),
    Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc]),
    Buffer.from([0x10, 0x2a, 0, 4, 0x4d, 0x51, 0x54, 0x54]),
    Buffer.from('AMQP\x02\x01\x00\x00', 'latin1'),
  ];
  for (const bytes of wrong) assert.deepEqual(await answerTo(t, hub.port, bytes), AMQP_HEADER);
});

test('a header that comes byte by byte is taken', async (t) => {
  const hub = await startTestHub(t, open);
  const client = await AmqpClient.connect(t, hub.port);
  for (const byte of AMQP_HEADER) client.write(Buffer.from([byte]));
  client.send(0, Open, { containerId: 'slow' });
  const { fields } = await client.next(Open);
  assert.equal(fields.length, 10);
});

const init = (mechanism: string, initialResponse: Buffer | null) =>
  encodeFrame(FrameType.sasl, 0, encodeComposite(SaslInit, { mechanism, initialResponse }));

async function sasl(t: Parameters<typeof startTestHub>[0], port: number, mechanism: string, response: Buffer | null) {
  const client = await AmqpClient.connect(t, port);
  client.write(SASL_HEADER);
  const offered = await client.next(SaslMechanisms);
  client.write(init(mechanism, response));
  const outcome = await client.next(SaslOutcome);
  return { client, offered: offered.fields[0], code: outcome.fields[0] };
}

test('SASL: the key opens the door, a wrong one or an unknown mechanism does not', async (t) => {
  const hub = await startTestHub(t);
  const plain = await sasl(t, hub.port, 'PLAIN', Buffer.from('\0oms\0test-key'));
  assert.deepEqual(plain.offered, ['MSSBCBS', 'PLAIN', 'ANONYMOUS', 'EXTERNAL']);
  assert.equal(plain.code, 0);
  for (const [mechanism, response] of [
    ['PLAIN', Buffer.from('\0oms\0wrong')],
    ['PLAIN', Buffer.from('\0other\0test-key')],
    ['PLAIN', null],
    ['SCRAM-SHA-256', null],
  ] as const) {
    const refused = await sasl(t, hub.port, mechanism, response);
    assert.equal(refused.code, 1);
    await within(refused.client.closed, 'close');
  }
});

test('SASL: a huge response and a frame of the wrong kind end the connection', async (t) => {
  const hub = await startTestHub(t, open);
  for (const bytes of [
    init('PLAIN', Buffer.alloc(5000)),
    encodeFrame(FrameType.amqp, 0, encodeComposite(Open, { containerId: 'x' })),
  ]) {
    const client = await AmqpClient.connect(t, hub.port);
    client.write(SASL_HEADER);
    await client.next(SaslMechanisms);
    client.write(bytes);
    await within(client.closed, 'close');
  }
});

test('a frame size below the minimum is an invalid field', async (t) => {
  const hub = await startTestHub(t, open);
  for (const maxFrameSize of [0, 1, 511]) {
    const client = await AmqpClient.connect(t, hub.port);
    client.write(AMQP_HEADER);
    client.send(0, Open, { containerId: 'tiny', maxFrameSize });
    assert.equal((await client.closeError())?.[0], 'amqp:invalid-field');
    await within(client.closed, 'close');
  }
});

const broken: Array<[string, Buffer, string]> = [
  ['a frame of 4 GB', Buffer.from([0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0]), 'amqp:connection:framing-error'],
  ['a frame that is shorter than its header', Buffer.from([0, 0, 0, 4]), 'amqp:connection:framing-error'],
  ['a SASL frame', init('ANONYMOUS', null), 'amqp:connection:framing-error'],
  ['a body that is no performative', Buffer.from([0, 0, 0, 9, 2, 0, 0, 0, 0x40]), 'amqp:decode-error'],
  [
    'a flow on a channel without a session',
    encodeFrame(0, 9, encodeComposite(Flow, { incomingWindow: 1, nextOutgoingId: 0, outgoingWindow: 1 })),
    'amqp:connection:framing-error',
  ],
  [
    'a second begin on a channel',
    encodeFrame(0, 0, encodeComposite(Begin, { nextOutgoingId: 0, incomingWindow: 1, outgoingWindow: 1 })),
    'amqp:connection:framing-error',
  ],
  [
    'a begin above channel-max',
    encodeFrame(0, 65535, encodeComposite(Begin, { nextOutgoingId: 0, incomingWindow: 1, outgoingWindow: 1 })),
    'amqp:connection:framing-error',
  ],
];

for (const [name, bytes, condition] of broken) {
  test(`${name} closes the connection with ${condition}, and no other`, async (t) => {
    const hub = await startTestHub(t, open);
    const good = await AmqpClient.ready(t, hub.port);
    const bad = await AmqpClient.ready(t, hub.port);
    bad.write(bytes);
    assert.equal((await bad.closeError())?.[0], condition);
    await within(bad.closed, 'close');
    good.attachSender('orders');
    await good.next(Attach);
  });
}

const session: Array<[string, (client: AmqpClient) => void, string]> = [
  [
    'a transfer on a handle nobody attached',
    (client) => client.transfer(0, Buffer.from([0])),
    'amqp:session:unattached-handle',
  ],
  [
    'a detach of a handle nobody attached',
    (client) => client.send(0, Detach, { handle: 5 }),
    'amqp:session:unattached-handle',
  ],
  [
    'an attach on a handle that is taken',
    (client) => {
      client.attachSender('orders');
      client.attachSender('orders');
    },
    'amqp:session:handle-in-use',
  ],
  [
    'delivery ids that do not count up by one',
    (client) => {
      client.attachSender('orders');
      client.transfer(0, Buffer.from([0, 0x53, 0x77, 0x40]));
      client.transfer(2, Buffer.from([0, 0x53, 0x77, 0x40]));
    },
    'amqp:invalid-field',
  ],
  [
    'a transfer on a link that receives',
    (client) => {
      client.attachReceiver('orders/ConsumerGroups/$default/Partitions/0');
      client.transfer(0, Buffer.from([0, 0x53, 0x77, 0x40]));
    },
    'amqp:not-allowed',
  ],
];

for (const [name, act, condition] of session) {
  test(`${name} ends the session with ${condition}; another begins on the same connection`, async (t) => {
    const hub = await startTestHub(t, open);
    const client = await AmqpClient.ready(t, hub.port);
    act(client);
    const { fields } = await client.next(End);
    assert.equal(errorOf(fields[0] ?? null)?.[0], condition);
    client.send(0, End, {});
    client.send(0, Begin, { nextOutgoingId: 0, incomingWindow: 10, outgoingWindow: 10 });
    await client.next(Begin);
  });
}

test('end and close are answered', async (t) => {
  const hub = await startTestHub(t, open);
  const client = await AmqpClient.ready(t, hub.port);
  client.attachSender('orders');
  await client.next(Attach);
  client.send(0, Detach, { handle: 0, closed: true });
  assert.deepEqual((await client.next(Detach)).fields, [0, true, null]);
  client.send(0, End, {});
  assert.deepEqual((await client.next(End)).fields, [null]);
  client.send(0, Close, {});
  assert.deepEqual((await client.next(Close)).fields, [null]);
  await within(client.closed, 'close');
});

test('a hub that stops tells its clients', async (t) => {
  const hub = await startTestHub(t, open);
  const client = await AmqpClient.ready(t, hub.port);
  await hub.stop();
  assert.equal((await client.closeError())?.[0], 'amqp:connection:forced');
});

test('begin names every field, the largest handle among them', async (t) => {
  const hub = await startTestHub(t, open);
  const client = await AmqpClient.connect(t, hub.port);
  client.write(AMQP_HEADER);
  client.send(0, Open, { containerId: 'x' });
  client.send(3, Begin, { nextOutgoingId: 0, incomingWindow: 1, outgoingWindow: 1 });
  const { channel, fields } = await client.next(Begin);
  assert.equal(channel, 3);
  assert.equal(fields.length, 8);
  assert.deepEqual([fields[0], fields[4]], [3, 255]);
});
