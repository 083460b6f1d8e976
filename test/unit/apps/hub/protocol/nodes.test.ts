import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { encodeComposite } from '../../../../../apps/hub/amqp/composites.ts';
import { Section } from '../../../../../apps/hub/amqp/message.ts';
import { Attach, Detach, Disposition, Transfer } from '../../../../../apps/hub/amqp/performatives.ts';
import { Properties } from '../../../../../apps/hub/amqp/properties.ts';
import { type AmqpMap, type Described, Reader } from '../../../../../apps/hub/amqp/reader.ts';
import { type Encode, Writer } from '../../../../../apps/hub/amqp/writer.ts';
import { AmqpClient, errorOf, type ReceivedFrame } from '../../../../helpers/amqp-client.ts';
import { startTestHub } from '../../../../helpers/hub.ts';
import { textMessage } from '../../../../helpers/hub-log.ts';

const UUID = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const uuid: Encode = (writer) => {
  writer.uint8(0x98);
  writer.raw(UUID);
};

interface RequestOptions {
  messageId?: Encode;
  replyTo?: string;
  body?: string;
}

function request(
  properties: Record<string, string>,
  { messageId = uuid, replyTo, body = '' }: RequestOptions = {},
): Buffer {
  const writer = new Writer();
  encodeComposite(Properties, { messageId, replyTo: replyTo ?? null })(writer);
  const entries = Object.entries(properties).map(([key, text]) => [key, (value: Writer) => value.string(text)]);
  writer.described(Section.applicationProperties, (inner) => inner.stringMap(Object.fromEntries(entries)));
  writer.described(Section.value, (inner) => inner.string(body));
  return writer.bytes;
}

interface Answer {
  correlationId: unknown;
  raw: Buffer;
  status: unknown;
  description: string;
  condition: unknown;
  body: unknown;
  handle: unknown;
}

function parse({ fields, payload }: ReceivedFrame): Answer {
  const reader = new Reader(payload);
  const properties = (reader.value() as Described).value as unknown[];
  const application = (reader.value() as Described).value as AmqpMap;
  assert.ok(properties.length >= 6, 'the correlation id is the sixth');
  return {
    correlationId: properties[5],
    raw: payload,
    status: application.get('status-code'),
    description: application.get('status-description') as string,
    condition: application.get('error-condition'),
    body: (reader.value() as Described).value,
    handle: fields[0],
  };
}

/** A client with links to and from a node, the latter with credit. */
async function linked(t: Parameters<typeof startTestHub>[0], node: string, port: number): Promise<AmqpClient> {
  const client = await AmqpClient.ready(t, port);
  client.attachSender(node, 0);
  client.attachReceiver(node, 1);
  client.grant(1, 10);
  await client.next(Attach);
  await client.next(Attach);
  return client;
}

let delivery = 0;
async function ask(client: AmqpClient, bytes: Buffer): Promise<Answer> {
  client.transfer(delivery++, bytes);
  return parse(await client.next(Transfer));
}

function sign(hub: string, expires: number): string {
  const sr = encodeURIComponent(`sb://localhost/${hub}`);
  const sig = encodeURIComponent(createHmac('sha256', 'test-key').update(`${sr}\n${expires}`).digest('base64'));
  return `SharedAccessSignature sr=${sr}&sig=${sig}&se=${expires}&skn=oms`;
}

const soon = () => Math.floor(Date.now() / 1000) + 60;
const SAS = 'servicebus.windows.net:sastoken';
const putToken = (name: string, body: string, more: Record<string, string> = {}) =>
  request({ operation: 'put-token', type: SAS, name, ...more }, { body });

test('$cbs: without a reply-to the answer comes on the same session, the message id with its type', async (t) => {
  const hub = await startTestHub(t);
  const client = await linked(t, '$cbs', hub.port);
  delivery = 0;
  const answer = await ask(client, putToken('sb://localhost/orders', sign('orders', soon())));
  assert.deepEqual([answer.status, answer.description, answer.handle], [202, 'Accepted', 1]);
  assert.deepEqual(answer.correlationId, UUID);
  assert.ok(answer.raw.includes(Buffer.concat([Buffer.from([0x98]), UUID])), 'a uuid stays a uuid');
});

test('$cbs: with a reply-to it goes to the link of that name', async (t) => {
  const hub = await startTestHub(t);
  const client = await linked(t, '$cbs', hub.port);
  client.attachReceiver('$cbs', 2);
  client.grant(2, 10);
  await client.next(Attach);
  delivery = 0;
  const options = {
    replyTo: 'receiver-2',
    messageId: (writer: Writer) => writer.ulong(77),
    body: sign('orders', soon()),
  };
  const answer = await ask(client, request({ operation: 'put-token', type: SAS, name: 'sb://h/orders' }, options));
  assert.deepEqual([answer.handle, answer.correlationId], [2, 77]);
});

test('$cbs: an answer waits for credit', async (t) => {
  const hub = await startTestHub(t);
  const client = await AmqpClient.ready(t, hub.port);
  client.attachSender('$cbs', 0);
  client.attachReceiver('$cbs', 1);
  await client.next(Attach);
  client.transfer(0, putToken('sb://h/orders', sign('orders', soon())));
  await client.next(Disposition);
  assert.deepEqual(client.take(Transfer), []);
  client.grant(1, 1);
  assert.equal(parse(await client.next(Transfer)).status, 202);
});

test('$cbs refuses what it should', async (t) => {
  const hub = await startTestHub(t);
  const client = await linked(t, '$cbs', hub.port);
  delivery = 0;
  const cases: Array<[Buffer, number, string]> = [
    [putToken('sb://h/orders', sign('other', soon())), 401, 'amqp:unauthorized-access'],
    [putToken('sb://h/orders', 'nonsense'), 401, 'amqp:unauthorized-access'],
    [putToken('sb://h/orders', 'ey.ey.sig', { type: 'jwt' }), 401, 'amqp:unauthorized-access'],
    [putToken('sb://h/orders', 'x', { type: 'magic' }), 400, 'com.microsoft:argument-error'],
    [request({ operation: 'put-token', type: SAS }), 400, 'com.microsoft:argument-error'],
    [request({ operation: 'delete-token', type: SAS, name: 'x' }), 501, 'amqp:not-implemented'],
  ];
  for (const [bytes, status, condition] of cases) {
    const answer = await ask(client, bytes);
    assert.deepEqual([answer.status, answer.condition], [status, condition]);
  }
});

test('a link needs a claim, and loses its place when the claim ends', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const hub = await startTestHub(t);
  const client = await linked(t, '$cbs', hub.port);
  client.attachSender('orders', 5);
  const refused = await client.next(Detach);
  const [condition, description] = errorOf(refused.fields[2]!)!;
  assert.equal(condition, 'amqp:unauthorized-access');
  assert.match(description, /'Send' claim\(s\) are required/);
  delivery = 0;
  await ask(client, putToken('sb://h/orders', sign('orders', soon())));
  client.attachSender('orders/Partitions/0', 6);
  assert.notEqual((await client.next(Attach)).fields[6], null);
  t.mock.timers.setTime(Date.now() + 61_000);
  const expired = await client.next(Detach);
  assert.equal(expired.fields[0], 6);
  assert.match(errorOf(expired.fields[2]!)?.[1] ?? '', /ExpiredToken/);
});

test('$management: the token is looked at in every request', async (t) => {
  const hub = await startTestHub(t);
  const client = await linked(t, '$management', hub.port);
  delivery = 0;
  const read = { operation: 'READ', type: 'com.microsoft:eventhub', name: 'orders' };
  assert.equal((await ask(client, request({ ...read, security_token: sign('orders', soon()) }))).status, 200);
  const wrong = await ask(client, request({ ...read, security_token: sign('other', soon()) }));
  assert.deepEqual([wrong.status, wrong.condition], [401, 'amqp:unauthorized-access']);
  assert.equal((await ask(client, request(read))).status, 401);
});

test('$management describes hubs and partitions with the types of the service', async (t) => {
  const hub = await startTestHub(t, { accessKey: null });
  const client = await linked(t, 'orders/$management', hub.port);
  delivery = 0;
  const about = await ask(client, request({ operation: 'READ', type: 'com.microsoft:eventhub', name: 'ORDERS' }));
  const description = about.body as AmqpMap;
  assert.deepEqual(
    [...description.keys()],
    ['name', 'type', 'created_at', 'partition_count', 'partition_ids', 'georeplication_factor'],
  );
  assert.deepEqual([description.get('name'), description.get('partition_ids')], ['orders', ['0', '1', '2', '3']]);
  assert.ok(about.raw.includes(Buffer.from('created_at\x83', 'latin1')), 'a timestamp');
  const read = { operation: 'READ', type: 'com.microsoft:partition', name: 'orders' };
  const partition = (await ask(client, request({ ...read, partition: '1' }))).body as AmqpMap;
  assert.deepEqual(Object.fromEntries(partition), {
    name: 'orders',
    type: 'com.microsoft:partition',
    partition: '1',
    begin_sequence_number: 0,
    last_enqueued_sequence_number: -1,
    last_enqueued_offset: '-1',
    last_enqueued_time_utc: 0,
    is_partition_empty: true,
  });
});

test('$management refuses what it does not know', async (t) => {
  const hub = await startTestHub(t, { accessKey: null });
  const client = await linked(t, '$management', hub.port);
  delivery = 0;
  const cases: Array<[Record<string, string>, number, RegExp]> = [
    [
      { operation: 'READ', type: 'com.microsoft:eventhub', name: 'nope' },
      404,
      /The messaging entity .* could not be found/,
    ],
    [{ operation: 'READ', type: 'com.microsoft:partition', name: 'orders', partition: '77' }, 400, /between 0 and 3/],
    [{ operation: 'READ', type: 'com.microsoft:queue', name: 'orders' }, 501, /type/],
    [{ operation: 'DELETE', type: 'com.microsoft:eventhub', name: 'orders' }, 501, /operation/],
  ];
  for (const [properties, status, text] of cases) {
    const answer = await ask(client, request(properties));
    assert.equal(answer.status, status);
    assert.match(answer.description, text);
  }
});

test('a request that is too large or cannot be read ends its link or session, not more', async (t) => {
  const hub = await startTestHub(t, { accessKey: null });
  const client = await linked(t, '$management', hub.port);
  client.transfer(0, Buffer.alloc(60_000), { more: true });
  client.transfer(0, Buffer.alloc(60_000), { deliveryId: null });
  const { fields } = await client.next(Detach);
  assert.equal(errorOf(fields[2]!)?.[0], 'amqp:link:message-size-exceeded');
  client.attachSender('orders', 3);
  assert.notEqual((await client.next(Attach)).fields[6], null);
  client.send(0, Transfer, { handle: 3, deliveryId: 1, deliveryTag: Buffer.from([1]) }, textMessage('goes on'));
  assert.equal((await client.next(Disposition)).fields[1], 1);
});
