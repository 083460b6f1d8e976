import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attach, Begin, Close, Detach, End, Flow, Open, Transfer } from '../../../../../apps/hub/amqp/performatives.ts';
import { type AmqpMap, type Described, Reader } from '../../../../../apps/hub/amqp/reader.ts';
import type { Encode, Writer } from '../../../../../apps/hub/amqp/writer.ts';
import { AMQP_HEADER } from '../../../../../apps/hub/protocol/handshake.ts';
import { AmqpClient, errorOf, type ReceivedFrame } from '../../../../helpers/amqp-client.ts';
import { startTestHub, type TestHub } from '../../../../helpers/hub.ts';
import { textMessage } from '../../../../helpers/hub-log.ts';
import { until } from '../../../../helpers/until.ts';

type T = Parameters<typeof startTestHub>[0];
const ADDRESS = 'orders/ConsumerGroups/$default/Partitions/0';
const open = { accessKey: null };

const selector =
  (text: string): Encode =>
  (writer) =>
    writer.symbolMap({
      'apache.org:selector-filter:string': (value: Writer) =>
        value.described(0x468c00000004, (inner) => inner.string(text)),
    });

/** Stores one event for each text in partition 0. */
async function store(t: T, hub: TestHub, ...bodies: Buffer[]): Promise<void> {
  const client = await AmqpClient.ready(t, hub.port);
  client.attachSender('orders/Partitions/0');
  await client.next(Attach);
  for (const [id, body] of bodies.entries()) client.transfer(id, body);
  await stored(hub, bodies.length);
  client.destroy();
}

async function stored(hub: TestHub, count: number): Promise<void> {
  await until('they are stored', async () => {
    const [orders] = (await (await fetch(`http://127.0.0.1:${hub.httpPort}/hubs`)).json()) as [
      { partitions: [{ lastSequence: number }] },
    ];
    return orders.partitions[0].lastSequence >= count - 1;
  });
}

const numbered = (count: number) => Array.from({ length: count }, (_, i) => textMessage(`${i}`));

interface Received {
  sequence: number;
  body: unknown;
  settled: unknown;
  annotations: AmqpMap;
  delivery: AmqpMap | null;
}

function parse(frames: ReceivedFrame[]): Received {
  const reader = new Reader(Buffer.concat(frames.map(({ payload }) => payload)));
  const sections = new Map<number, unknown>();
  while (reader.remaining > 0) {
    const section = reader.value() as Described;
    sections.set(section.descriptor as number, section.value);
  }
  const annotations = sections.get(0x72) as AmqpMap;
  return {
    sequence: annotations.get('x-opt-sequence-number') as number,
    body: sections.get(0x77),
    settled: frames[0]!.fields[4],
    annotations,
    delivery: (sections.get(0x71) as AmqpMap) ?? null,
  };
}

/** The next message, put together from its transfers. */
async function nextMessage(client: AmqpClient): Promise<Received> {
  const frames: ReceivedFrame[] = [];
  do frames.push(await client.next(Transfer));
  while (frames.at(-1)!.fields[5] === true);
  return parse(frames);
}

test('events come settled, with eleven fields, their annotations typed', async (t) => {
  const hub = await startTestHub(t, open);
  await store(t, hub, textMessage('hello'));
  const client = await AmqpClient.ready(t, hub.port);
  client.attachReceiver(ADDRESS);
  await client.next(Attach);
  client.grant(0, 1);
  const frame = await client.next(Transfer);
  assert.equal(frame.fields.length, 11);
  const { annotations, body, settled } = parse([frame]);
  assert.deepEqual([body, settled], ['hello', true]);
  assert.equal(typeof annotations.get('x-opt-sequence-number'), 'number');
  assert.equal(typeof annotations.get('x-opt-offset'), 'string');
  assert.equal(frame.payload.includes(Buffer.from('\xa3\x13x-opt-enqueued-time\x83', 'latin1')), true, 'a timestamp');
  assert.equal(frame.payload.includes(Buffer.from('\xa3\x15x-opt-sequence-number\x81', 'latin1')), true, 'a long');
});

test('no more than the credit is sent, and what is clamped can be granted again', async (t) => {
  const hub = await startTestHub(t, open);
  await store(t, hub, ...numbered(10));
  const client = await AmqpClient.ready(t, hub.port);
  client.attachReceiver(ADDRESS);
  await client.next(Attach);
  client.grant(0, 3);
  for (let i = 0; i < 3; i++) assert.equal((await nextMessage(client)).body, `${i}`);
  client.grant(0, 0, { deliveryCount: 3, echo: true, nextIncomingId: 3 });
  const { fields } = await client.next(Flow);
  assert.deepEqual([fields[5], fields[6], fields[7]], [3, 0, 7], 'delivery-count, credit, available');
  client.grant(0, 2, { deliveryCount: 3, nextIncomingId: 3 });
  for (let i = 3; i < 5; i++) assert.equal((await nextMessage(client)).body, `${i}`);
});

test('credit that crosses with events on their way is not counted twice', async (t) => {
  const hub = await startTestHub(t, open);
  await store(t, hub, ...numbered(10));
  const client = await AmqpClient.ready(t, hub.port);
  client.attachReceiver(ADDRESS);
  await client.next(Attach);
  client.grant(0, 4);
  for (let i = 0; i < 4; i++) await nextMessage(client);
  // The client had not seen any of the four when it wrote this: 6 in all, so 2 more.
  client.grant(0, 6);
  client.grant(0, 6, { echo: true });
  await nextMessage(client);
  await nextMessage(client);
  assert.equal((await client.next(Flow)).fields[6], 0);
});

test('credit beyond 2000 is clamped', async (t) => {
  const hub = await startTestHub(t, open);
  await store(t, hub, ...numbered(2300));
  const client = await AmqpClient.ready(t, hub.port, 100_000);
  client.attachReceiver(ADDRESS);
  await client.next(Attach);
  client.grant(0, 50_000, { incomingWindow: 100_000 });
  for (let i = 0; i < 2000; i++) await nextMessage(client);
  client.grant(0, 0, { deliveryCount: 2000, nextIncomingId: 2000, echo: true });
  const { fields } = await client.next(Flow);
  assert.equal(fields[5], 2000, 'delivery-count');
});

test("the session's window holds back what credit would let through", async (t) => {
  const hub = await startTestHub(t, open);
  await store(t, hub, ...numbered(10));
  const client = await AmqpClient.ready(t, hub.port, 4);
  client.attachReceiver(ADDRESS);
  await client.next(Attach);
  client.grant(0, 100, { incomingWindow: 4 });
  for (let i = 0; i < 4; i++) await nextMessage(client);
  client.grant(0, 100, { incomingWindow: 0, nextIncomingId: 4, deliveryCount: 4, echo: true });
  assert.equal((await client.next(Flow)).fields[5], 4);
  client.send(0, Flow, { nextIncomingId: 4, incomingWindow: 3, nextOutgoingId: 0, outgoingWindow: 100 });
  for (let i = 4; i < 7; i++) assert.equal((await nextMessage(client)).body, `${i}`);
});

test('a message that is longer than frame and window comes in pieces as the window opens', async (t) => {
  const hub = await startTestHub(t, open);
  const large = textMessage('y'.repeat(3000));
  await store(t, hub, large, textMessage('after'));
  const client = await AmqpClient.connect(t, hub.port);
  client.write(AMQP_HEADER);
  client.send(0, Open, { containerId: 'small', maxFrameSize: 512 });
  client.send(0, Begin, { nextOutgoingId: 0, incomingWindow: 2, outgoingWindow: 2 });
  await client.next(Begin);
  client.attachReceiver(ADDRESS);
  await client.next(Attach);
  const frames: ReceivedFrame[] = [];
  for (let seen = 0; frames.at(-1)?.fields[5] !== false; seen += 2) {
    client.grant(0, 2, { nextIncomingId: seen, incomingWindow: 2 });
    frames.push(await client.next(Transfer));
    if (frames.at(-1)!.fields[5] === true) frames.push(await client.next(Transfer));
  }
  assert.ok(frames.length > 5);
  assert.equal(new Set(frames.map(({ fields }) => fields[1])).size, 1, 'one delivery id');
  assert.equal(parse(frames).body, 'y'.repeat(3000));
});

test('drain: what is there is sent, the rest of the credit is given back', async (t) => {
  const hub = await startTestHub(t, open);
  await store(t, hub, ...numbered(3));
  const client = await AmqpClient.ready(t, hub.port);
  client.attachReceiver(ADDRESS);
  await client.next(Attach);
  client.grant(0, 10, { drain: true });
  for (let i = 0; i < 3; i++) await nextMessage(client);
  const { fields } = await client.next(Flow);
  assert.deepEqual(
    [fields[4], fields[5], fields[6], fields[8]],
    [0, 10, 0, true],
    'handle, delivery-count, credit, drain',
  );
});

test('new events reach a reader that waits', async (t) => {
  const hub = await startTestHub(t, open);
  const client = await AmqpClient.ready(t, hub.port);
  client.attachReceiver(ADDRESS, 0, {}, selector("amqp.annotation.x-opt-offset > '@latest'"));
  await client.next(Attach);
  client.grant(0, 10);
  await store(t, hub, textMessage('news'));
  assert.equal((await nextMessage(client)).body, 'news');
});

test('the filter is confirmed; runtime metrics come when asked for', async (t) => {
  const hub = await startTestHub(t, open);
  await store(t, hub, ...numbered(2));
  const client = await AmqpClient.ready(t, hub.port);
  const expression = "amqp.annotation.x-opt-sequence-number > '-1'";
  client.attachReceiver(
    ADDRESS,
    0,
    { desiredCapabilities: ['com.microsoft:enable-receiver-runtime-metric'] },
    selector(expression),
  );
  const { fields } = await client.next(Attach);
  const filter = ((fields[5] as Described).value as AmqpMap[])[7]!;
  assert.equal((filter.get('apache.org:selector-filter:string') as Described).value, expression);
  assert.deepEqual(fields[11], ['com.microsoft:enable-receiver-runtime-metric']);
  client.grant(0, 1);
  const { delivery } = await nextMessage(client);
  assert.equal(delivery?.get('last_enqueued_sequence_number'), 1);
  assert.equal(typeof delivery?.get('last_enqueued_offset'), 'string');
  assert.equal(typeof delivery?.get('last_enqueued_time_utc'), 'number');
});

test('a client that insists on settling gets unsettled events', async (t) => {
  const hub = await startTestHub(t, open);
  await store(t, hub, textMessage('a'));
  const client = await AmqpClient.ready(t, hub.port);
  client.attachReceiver(ADDRESS, 0, { sndSettleMode: 0 });
  assert.equal((await client.next(Attach)).fields[3], 0);
  client.grant(0, 1);
  assert.equal((await nextMessage(client)).settled, false);
});

const epoch = (level: bigint): object => ({
  properties: (writer: Writer) => writer.symbolMap({ 'com.microsoft:epoch': (value: Writer) => value.long(level) }),
});

test('a reader of the same or a higher level takes over, one of a lower level or none is refused', async (t) => {
  const hub = await startTestHub(t, open);
  const client = await AmqpClient.ready(t, hub.port);
  client.attachReceiver(ADDRESS, 0, epoch(1n));
  await client.next(Attach);
  client.attachReceiver(ADDRESS, 1, epoch(1n));
  const taken = await client.next(Detach);
  assert.deepEqual([taken.fields[0], errorOf(taken.fields[2]!)?.[0]], [0, 'amqp:link:stolen']);
  for (const [handle, more] of [
    [2, epoch(0n)],
    [3, {}],
  ] as const) {
    client.attachReceiver(ADDRESS, handle, more);
    const refused = await client.next(Detach);
    assert.deepEqual([refused.fields[0], errorOf(refused.fields[2]!)?.[0]], [handle, 'amqp:link:stolen']);
  }
});

test('the sixth reader without a level is refused, in another group it is let in', async (t) => {
  const hub = await startTestHub(t, {
    ...open,
    hubs: [{ name: 'orders', partitions: 1, consumerGroups: ['oms-core'] }],
  });
  const client = await AmqpClient.ready(t, hub.port);
  for (let handle = 0; handle < 6; handle++) client.attachReceiver(ADDRESS, handle);
  const refused = await client.next(Detach);
  assert.deepEqual([refused.fields[0], errorOf(refused.fields[2]!)?.[0]], [5, 'amqp:resource-limit-exceeded']);
  client.attachReceiver('orders/ConsumerGroups/OMS-Core/Partitions/0', 6);
  assert.notEqual((await client.next(Attach)).fields[5], null);
  client.send(0, Detach, { handle: 0, closed: true });
  await client.next(Detach);
  client.attachReceiver(ADDRESS, 7);
  assert.notEqual((await client.next(Attach)).fields[5], null);
});

const refusals: Array<[string, string | null, string]> = [
  ['orders/ConsumerGroups/nobody/Partitions/0', null, 'amqp:not-found'],
  ['orders/ConsumerGroups/$default/Partitions/9', null, 'com.microsoft:argument-out-of-range'],
  ['nope/ConsumerGroups/$default/Partitions/0', null, 'amqp:not-found'],
  ['orders', null, 'amqp:not-found'],
  [ADDRESS, 'price > 10', 'com.microsoft:argument-error'],
  [ADDRESS, "amqp.annotation.x-opt-offset > '999999'", 'com.microsoft:argument-error'],
  [ADDRESS, "amqp.annotation.x-opt-sequence-number >= '7'", 'com.microsoft:argument-error'],
];

for (const [address, filter, condition] of refusals) {
  test(`reading ${address} from ${filter} is refused with ${condition}`, async (t) => {
    const hub = await startTestHub(t, open);
    const client = await AmqpClient.ready(t, hub.port);
    client.attachReceiver(address, 0, {}, filter === null ? undefined : selector(filter));
    assert.equal((await client.next(Attach)).fields[5], null, 'no source');
    const { fields } = await client.next(Detach);
    assert.equal(errorOf(fields[2] ?? null)?.[0], condition);
  });
}

test('a link that the client gives up before it was confirmed is attached, then detached', async (t) => {
  const hub = await startTestHub(t, open);
  const client = await AmqpClient.ready(t, hub.port);
  client.attachReceiver(ADDRESS);
  client.send(0, Detach, { handle: 0, closed: true });
  const attach = await client.next(Attach);
  assert.equal((attach.fields[5] as Described | null) ?? null, null, 'no source');
  assert.equal((await client.next(Detach)).fields[2] ?? null, null);
});

test('a position that turns out wrong after the session has ended is not answered', async (t) => {
  const hub = await startTestHub(t, open);
  const client = await AmqpClient.ready(t, hub.port);
  client.attachReceiver(ADDRESS, 0, {}, selector("amqp.annotation.x-opt-offset > '99999'"));
  client.send(0, End, {});
  client.send(1, Begin, { nextOutgoingId: 0, incomingWindow: 2048, outgoingWindow: 2048 });
  await client.next(End);
  await client.next(Begin);
  client.send(0, Close, {});
  await client.closed;
  assert.deepEqual(client.take(Attach), []);
});
