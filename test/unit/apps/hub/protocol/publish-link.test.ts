import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attach, Detach, Disposition, Flow } from '../../../../../apps/hub/amqp/performatives.ts';
import type { Described } from '../../../../../apps/hub/amqp/reader.ts';
import { MAX_MESSAGE_BYTES } from '../../../../../apps/hub/protocol/publish-link.ts';
import { AmqpClient, errorOf, type ReceivedFrame } from '../../../../helpers/amqp-client.ts';
import { startTestHub } from '../../../../helpers/hub.ts';
import { textMessage } from '../../../../helpers/hub-log.ts';

async function sender(t: Parameters<typeof startTestHub>[0], address = 'orders/Partitions/0') {
  const hub = await startTestHub(t, { accessKey: null });
  const client = await AmqpClient.ready(t, hub.port);
  client.attachSender(address);
  return { hub, client, attach: await client.next(Attach) };
}

const ACCEPTED = 0x24;
const REJECTED = 0x25;

/** First and last delivery id, and the outcome's descriptor. */
function outcomeOf({ fields }: ReceivedFrame): [unknown, unknown, unknown] {
  assert.deepEqual([fields[0], fields[3]], [true, true], 'role receiver, settled');
  return [fields[1], fields[2], (fields[4] as Described).descriptor];
}

const rejection = ({ fields }: ReceivedFrame) => errorOf(((fields[4] as Described).value as never[])[0]!);

test('a sender is told the largest message and gets credit at once', async (t) => {
  const { client, attach } = await sender(t);
  assert.equal(attach.fields.length, 14);
  assert.equal(attach.fields[10], MAX_MESSAGE_BYTES);
  const { fields } = await client.next(Flow);
  assert.ok((fields[6] as number) >= 300);
});

test('credit is topped up before it runs out', async (t) => {
  const { client } = await sender(t);
  const credit = (await client.next(Flow)).fields[6] as number;
  for (let id = 0; id < credit / 2; id++) client.transfer(id, textMessage('x'), { settled: true });
  const { fields } = await client.next(Flow);
  assert.deepEqual([fields[5], fields[6]], [credit / 2, credit]);
});

test('neighbours are accepted with one disposition', async (t) => {
  const { client } = await sender(t);
  for (let id = 0; id < 5; id++) client.transfer(id, textMessage(`${id}`));
  let next = 0;
  while (next < 5) {
    const [first, last, outcome] = outcomeOf(await client.next(Disposition));
    assert.deepEqual([first, outcome], [next, ACCEPTED]);
    next = (last as number) + 1;
  }
});

test('a message in several transfers is one message', async (t) => {
  const { client } = await sender(t);
  const whole = textMessage('in pieces');
  client.transfer(0, whole.subarray(0, 4), { more: true });
  client.transfer(0, whole.subarray(4, 6), { deliveryId: null, more: true });
  client.transfer(0, whole.subarray(6), { deliveryId: null });
  assert.deepEqual(outcomeOf(await client.next(Disposition)), [0, 0, ACCEPTED]);
});

test('a message that the client aborts is forgotten', async (t) => {
  const { client } = await sender(t);
  client.transfer(0, Buffer.from('half'), { more: true });
  client.transfer(0, Buffer.alloc(0), { deliveryId: null, aborted: true });
  client.transfer(1, textMessage('next'));
  assert.deepEqual(outcomeOf(await client.next(Disposition)), [1, 1, ACCEPTED]);
});

test('settled transfers get no disposition', async (t) => {
  const { client } = await sender(t);
  client.transfer(0, textMessage('a'), { settled: true });
  client.transfer(1, textMessage('b'));
  assert.deepEqual(outcomeOf(await client.next(Disposition)), [1, 1, ACCEPTED]);
});

test('a message above the limit is rejected, the link lives on', async (t) => {
  const { client } = await sender(t);
  const part = Buffer.alloc(60_000);
  let sent = 0;
  for (; sent <= MAX_MESSAGE_BYTES; sent += part.length) client.transfer(0, part, { more: true });
  client.transfer(0, Buffer.alloc(1));
  const refused = await client.next(Disposition);
  assert.deepEqual(outcomeOf(refused), [0, 0, REJECTED]);
  const [condition, description] = rejection(refused)!;
  assert.equal(condition, 'amqp:link:message-size-exceeded');
  assert.match(description, new RegExp(`size:${sent + 1} bytes\\) exceeds the limit \\(${MAX_MESSAGE_BYTES} bytes`));
  client.transfer(1, textMessage('small'));
  assert.deepEqual(outcomeOf(await client.next(Disposition)), [1, 1, ACCEPTED]);
});

test('a message that cannot be decoded is rejected, the link lives on', async (t) => {
  const { client } = await sender(t);
  for (const [id, bytes] of [
    Buffer.from('not amqp'),
    Buffer.alloc(0),
    Buffer.from([0, 0x53, 0x75, 0xb0, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from([0, 0x53, 0x99, 0x40]),
    Buffer.from([0, 0x53, 0x77, 0x40, 0, 0x53, 0x70, 0x45]),
  ].entries()) {
    client.transfer(id, bytes);
    const refused = await client.next(Disposition);
    assert.deepEqual(outcomeOf(refused), [id, id, REJECTED]);
    assert.equal(rejection(refused)?.[0], 'amqp:decode-error');
  }
  client.transfer(5, textMessage('good'));
  assert.deepEqual(outcomeOf(await client.next(Disposition)), [5, 5, ACCEPTED]);
});

test('a batch of which one event is broken is rejected as a whole', async (t) => {
  const { hub, client } = await sender(t);
  const good = textMessage('good');
  const section = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0x53, 0x75, 0xa0, bytes.length]), bytes]);
  client.transfer(0, Buffer.concat([section(good), section(Buffer.from([1, 2, 3]))]), { messageFormat: 0x80013700 });
  assert.deepEqual(outcomeOf(await client.next(Disposition)), [0, 0, REJECTED]);
  const [orders] = (await (await fetch(`http://127.0.0.1:${hub.httpPort}/hubs`)).json()) as [
    { partitions: [{ lastSequence: number }] },
  ];
  assert.equal(orders.partitions[0].lastSequence, -1);
});

const refusals: Array<[string, string, RegExp]> = [
  ['nope', 'amqp:not-found', /^The messaging entity 'nope' could not be found/],
  ['orders/Partitions/4', 'com.microsoft:argument-out-of-range', /between 0 and 3/],
  ['orders/Partitions/x', 'com.microsoft:argument-out-of-range', /'x'/],
  ['orders/Elsewhere/0', 'amqp:not-found', /could not be found/],
  ['', 'amqp:not-found', /could not be found/],
];

for (const [address, condition, description] of refusals) {
  test(`an attach to '${address}' is answered, then detached with ${condition}`, async (t) => {
    const { client, attach } = await sender(t, address);
    assert.equal(attach.fields[6], null, 'no target');
    const { fields } = await client.next(Detach);
    assert.equal(fields[1], true);
    const [found, text] = errorOf(fields[2] ?? null)!;
    assert.equal(found, condition);
    assert.match(text, description);
  });
}

test('addresses may be whole URIs and differ in case, and come back as they were', async (t) => {
  const address = 'amqps://some.host:5671/ORDERS/partitions/1';
  const { attach } = await sender(t, address);
  assert.equal(((attach.fields[6] as Described).value as unknown[])[0], address);
});
