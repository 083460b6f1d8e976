import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { encodeComposite } from '../../../../../apps/hub/amqp/composites.ts';
import { Section } from '../../../../../apps/hub/amqp/message.ts';
import { Attach, Detach, Disposition, End, Flow, Source, Target } from '../../../../../apps/hub/amqp/performatives.ts';
import { ProducerKey } from '../../../../../apps/hub/amqp/producer-key.ts';
import type { AmqpMap, Described } from '../../../../../apps/hub/amqp/reader.ts';
import { type Encode, Writer } from '../../../../../apps/hub/amqp/writer.ts';
import type { HubStatus } from '../../../../../apps/hub/hub-status.ts';
import { AmqpClient, errorOf } from '../../../../helpers/amqp-client.ts';
import { startTestHub, type TestHub } from '../../../../helpers/hub.ts';
import { textMessage } from '../../../../helpers/hub-log.ts';

/** A producer's id, epoch and sequence number; what is left out is not sent. */
interface Numbers {
  id?: number;
  epoch?: number;
  sequence?: number;
}

const keys =
  ({ id, epoch, sequence }: Numbers): Encode =>
  (writer) =>
    writer.symbolMap({
      ...(id !== undefined && { [ProducerKey.id]: (value: Writer) => value.long(id) }),
      ...(epoch !== undefined && { [ProducerKey.epoch]: (value: Writer) => value.int(epoch) }),
      ...(sequence !== undefined && { [ProducerKey.sequence]: (value: Writer) => value.int(sequence) }),
    });

function stamped(numbers: Numbers): Buffer {
  const writer = new Writer();
  writer.described(Section.messageAnnotations, keys(numbers));
  writer.described(Section.value, (inner) => inner.string('x'));
  return Buffer.from(writer.bytes);
}

function attach(client: AmqpClient, numbers: Numbers, address = 'orders/Partitions/0'): void {
  client.send(0, Attach, {
    name: 'idempotent',
    handle: 0,
    role: false,
    source: encodeComposite(Source, {}),
    target: encodeComposite(Target, { address: (writer: Writer) => writer.string(address) }),
    initialDeliveryCount: 0,
    desiredCapabilities: ['com.microsoft:idempotent-producer'],
    properties: keys(numbers),
  });
}

async function attached(t: TestContext, hub: TestHub, numbers: Numbers = {}) {
  const client = await AmqpClient.ready(t, hub.port);
  attach(client, numbers);
  const { fields } = await client.next(Attach);
  assert.deepEqual(fields[11], ['com.microsoft:idempotent-producer'], 'offered');
  const properties = fields[13] as AmqpMap;
  const [id, epoch, sequence] = [ProducerKey.id, ProducerKey.epoch, ProducerKey.sequence].map((key) =>
    Number(properties.get(key)),
  ) as [number, number, number];
  await client.next(Flow);
  return { client, id, epoch, sequence };
}

/** null when the delivery was accepted, else the condition it was rejected with. */
async function outcome(client: AmqpClient): Promise<string | null> {
  const state = (await client.next(Disposition)).fields[4] as Described;
  return errorOf((state.value as never[])[0] ?? null)?.[0] ?? null;
}

async function lastSequence(hub: TestHub): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${hub.httpPort}/hubs/orders`);
  return ((await response.json()) as HubStatus).partitions[0]!.lastSequence;
}

const start = (t: TestContext) => startTestHub(t, { accessKey: null });

test('a producer gets id, epoch and number; a delivery that is repeated is accepted and not stored', async (t) => {
  const hub = await start(t);
  const { client, id, epoch, sequence } = await attached(t, hub);
  assert.ok(id > 0);
  assert.deepEqual([epoch, sequence], [0, 0]);
  for (const delivery of [0, 1]) {
    client.transfer(delivery, stamped({ id, epoch, sequence: 1 }));
    assert.equal(await outcome(client), null);
  }
  assert.equal(await lastSequence(hub), 0);
});

test('after a restart of the hub a producer goes on with what it has', async (t) => {
  const hub = await start(t);
  const first = await attached(t, hub);
  first.client.transfer(0, stamped({ id: first.id, epoch: 0, sequence: 1 }));
  assert.equal(await outcome(first.client), null);
  await hub.restart();
  const again = await attached(t, hub, { id: first.id, epoch: 0, sequence: 0 });
  assert.equal(again.sequence, 0, 'what the producer knows, not what the hub has');
  again.client.transfer(0, stamped({ id: first.id, epoch: 0, sequence: 1 }));
  assert.equal(await outcome(again.client), null);
  again.client.transfer(1, stamped({ id: first.id, epoch: 0, sequence: 3 }));
  assert.equal(await outcome(again.client), 'com.microsoft:out-of-order-sequence');
});

test('numbers of a producer on a link that is not of one mean nothing, also after a restart', async (t) => {
  const hub = await start(t);
  const { client, id } = await attached(t, hub);
  client.transfer(0, stamped({ id, epoch: 0, sequence: 1 }));
  assert.equal(await outcome(client), null);
  const forger = await AmqpClient.ready(t, hub.port);
  forger.attachSender('orders/Partitions/0');
  for (const [delivery, sequence] of [2, -1].entries()) {
    forger.transfer(delivery, stamped({ id, epoch: 0, sequence }));
    assert.equal(await outcome(forger), null);
  }
  await hub.stop();
  // As after a crash: what is known of the producers is in the log alone.
  const path = join(hub.dataDir, 'hubs/orders/0/producers.json');
  writeFileSync(path, JSON.stringify({ format: 1, through: 0, producers: [{ id, epoch: 0, first: null, last: 0 }] }));
  await hub.restart();
  const again = await attached(t, hub, { id });
  assert.equal(again.sequence, 1);
  again.client.transfer(0, stamped({ id, epoch: 0, sequence: 2 }));
  assert.equal(await outcome(again.client), null);
  assert.equal(await lastSequence(hub), 3);
});

test('who is outranked is told so at the next delivery; its link stays', async (t) => {
  const hub = await start(t);
  const { client, id } = await attached(t, hub);
  await attached(t, hub, { id, epoch: 1, sequence: 0 });
  for (const delivery of [0, 1]) {
    client.transfer(delivery, stamped({ id, epoch: 0, sequence: 1 }));
    assert.equal(await outcome(client), 'com.microsoft:producer-epoch-stolen');
  }
});

test('events that carry other numbers than the link, or none, are rejected', async (t) => {
  const hub = await start(t);
  const { client, id } = await attached(t, hub);
  const wrong: Array<[Buffer, string]> = [
    [textMessage('bare'), 'com.microsoft:argument-error'],
    [stamped({ id: id + 1, epoch: 0, sequence: 1 }), 'com.microsoft:argument-error'],
    [stamped({ id, epoch: 0, sequence: -1 }), 'com.microsoft:argument-out-of-range'],
  ];
  for (const [delivery, [message, condition]] of wrong.entries()) {
    client.transfer(delivery, message);
    assert.equal(await outcome(client), condition);
  }
});

const refusals: Array<[string, Numbers, string, string]> = [
  ['a negative epoch', { epoch: -1 }, 'orders/Partitions/0', 'com.microsoft:argument-out-of-range'],
  ['an epoch beyond a short', { epoch: 40_000 }, 'orders/Partitions/0', 'com.microsoft:argument-out-of-range'],
  ['no partition', {}, 'orders', 'com.microsoft:argument-error'],
];

for (const [what, numbers, address, condition] of refusals) {
  test(`an attach with ${what} is refused with ${condition}`, async (t) => {
    const hub = await start(t);
    const client = await AmqpClient.ready(t, hub.port);
    attach(client, numbers, address);
    const { fields } = await client.next(Detach);
    assert.equal(errorOf(fields[2] ?? null)?.[0], condition);
  });
}

test('a transfer before the link is confirmed has no credit and ends the session', async (t) => {
  const hub = await start(t);
  const client = await AmqpClient.ready(t, hub.port);
  attach(client, { id: 1, epoch: 0, sequence: 0 });
  client.transfer(0, stamped({ id: 1, epoch: 0, sequence: 1 }));
  const { fields } = await client.next(End);
  assert.equal(errorOf(fields[0] ?? null)?.[0], 'amqp:session:window-violation');
});
