import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Detach, Disposition, Transfer } from '../../../../../apps/hub/amqp/performatives.ts';
import type { Described } from '../../../../../apps/hub/amqp/reader.ts';
import type { FaultRule, FaultSettings } from '../../../../../apps/hub/faults/fault-rules.ts';
import { FaultSwitches } from '../../../../../apps/hub/faults/fault-switches.ts';
import type { HubStatus } from '../../../../../apps/hub/hub-status.ts';
import { AmqpClient, errorOf, within } from '../../../../helpers/amqp-client.ts';
import { startTestHub, type TestHub } from '../../../../helpers/hub.ts';
import { textMessage } from '../../../../helpers/hub-log.ts';

const ACCEPTED = 0x24;
const REJECTED = 0x25;

/** A hub on which the first thing of the kind goes wrong. */
async function hubWith(t: TestContext, rule: Omit<FaultRule, 'rate'>) {
  const faults = { rules: [{ times: 1, ...rule, rate: 1 }] };
  const hub = await startTestHub(t, { accessKey: null, hubs: [{ name: 'orders', partitions: 1 }], faults });
  return { hub, client: await AmqpClient.ready(t, hub.port) };
}

function send(client: AmqpClient, ...texts: string[]): void {
  client.attachSender('orders/Partitions/0', 0);
  for (const [id, text] of texts.entries()) client.transfer(id, textMessage(text));
}

async function lastSequence(hub: TestHub): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${hub.httpPort}/hubs/orders`);
  return ((await response.json()) as HubStatus).partitions[0]!.lastSequence;
}

async function setFaults(hub: TestHub, settings: FaultSettings): Promise<void> {
  const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(settings) };
  assert.equal((await fetch(`http://127.0.0.1:${hub.httpPort}/faults`, init)).status, 200);
}

/** A seed with which a rule spares the first event and befalls the second. */
function seedForSecond(rule: FaultRule): number {
  for (let seed = 1; ; seed++) {
    const switches = new FaultSwitches();
    switches.set({ seed, rules: [rule] });
    const [first, second] = [switches.draw('receive', 'orders', '0'), switches.draw('receive', 'orders', '0')];
    if (first === null && second !== null) return seed;
  }
}

const outcome = async (client: AmqpClient) => (await client.next(Disposition)).fields[4] as Described;

/** Events stored, then a reader of all of them. */
async function read(t: TestContext, hub: TestHub, client: AmqpClient): Promise<AmqpClient> {
  send(client, 'a', 'b');
  await client.next(Disposition);
  return readAll(t, hub);
}

async function readAll(t: TestContext, hub: TestHub): Promise<AmqpClient> {
  const reader = await AmqpClient.ready(t, hub.port);
  reader.attachReceiver('orders/ConsumerGroups/$default/Partitions/0', 0);
  reader.grant(0, 10);
  return reader;
}

test('throttle: a batch is rejected as by a busy server and not stored, the next one is taken', async (t) => {
  const { hub, client } = await hubWith(t, { fault: 'throttle', side: 'send' });
  send(client, 'a', 'b');
  const rejected = await outcome(client);
  assert.equal(rejected.descriptor, REJECTED);
  assert.equal(errorOf((rejected.value as never[])[0]!)?.[0], 'com.microsoft:server-busy');
  assert.equal((await outcome(client)).descriptor, ACCEPTED);
  assert.equal(await lastSequence(hub), 0);
});

test('delay: the answer to a batch comes later, those after it do not wait', async (t) => {
  const { hub, client } = await hubWith(t, { fault: 'delay', side: 'send', delayMs: 1000 });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  send(client, 'a', 'b');
  assert.equal((await client.next(Disposition)).fields[1], 1);
  t.mock.timers.tick(999);
  client.transfer(2, textMessage('c'));
  assert.equal((await client.next(Disposition)).fields[1], 2);
  t.mock.timers.tick(1);
  assert.equal((await client.next(Disposition)).fields[1], 0);
  t.mock.timers.reset();
  assert.equal(await lastSequence(hub), 2);
});

test('duplicate: a batch is stored twice and accepted once', async (t) => {
  const { hub, client } = await hubWith(t, { fault: 'duplicate', side: 'send' });
  send(client, 'a');
  assert.equal((await outcome(client)).descriptor, ACCEPTED);
  assert.equal(await lastSequence(hub), 1);
});

test('detach: the link of the producer ends, its connection lives', async (t) => {
  const { client } = await hubWith(t, { fault: 'detach', side: 'send' });
  send(client, 'a');
  assert.equal(errorOf((await client.next(Detach)).fields[2]!)?.[0], 'amqp:link:detach-forced');
  client.attachSender('orders/Partitions/0', 1);
  client.transfer(1, textMessage('b'), { handle: 1 });
  assert.equal((await outcome(client)).descriptor, ACCEPTED);
});

test('drop: the connection of the producer ends without a word', async (t) => {
  const { client } = await hubWith(t, { fault: 'drop', side: 'send' });
  send(client, 'a');
  await within(client.closed, 'the end of the connection');
});

test('a reader gets an event twice', async (t) => {
  const { hub, client } = await hubWith(t, { fault: 'duplicate', side: 'receive' });
  const reader = await read(t, hub, client);
  const payloads = [await reader.next(Transfer), await reader.next(Transfer), await reader.next(Transfer)].map(
    ({ payload }) => payload,
  );
  assert.ok(payloads[0]!.equals(payloads[1]!));
  assert.ok(!payloads[1]!.equals(payloads[2]!));
});

test('a reader waits for the event after one', async (t) => {
  const { hub, client } = await hubWith(t, { fault: 'delay', side: 'receive', delayMs: 1000 });
  const start = performance.now();
  const reader = await read(t, hub, client);
  await reader.next(Transfer);
  await reader.next(Transfer);
  assert.ok(performance.now() - start >= 999);
});

test('a reader does not wait for the one before it', async (t) => {
  const { hub, client } = await hubWith(t, { fault: 'delay', side: 'receive', delayMs: 3_600_000 });
  const reader = await read(t, hub, client);
  await reader.next(Transfer);
  assert.deepEqual(reader.take(Transfer), []);
});

for (const [fault, condition] of [
  ['throttle', 'com.microsoft:server-busy'],
  ['detach', 'amqp:link:detach-forced'],
] as const) {
  test(`${fault}: the link of a reader ends with ${condition}; attached again it gets everything`, async (t) => {
    const { hub, client } = await hubWith(t, { fault, side: 'receive' });
    const reader = await read(t, hub, client);
    assert.equal(errorOf((await reader.next(Detach)).fields[2]!)?.[0], condition);
    reader.attachReceiver('orders/ConsumerGroups/$default/Partitions/0', 1);
    reader.grant(1, 10);
    assert.ok((await reader.next(Transfer)).payload.includes('a'));
  });
}

test('drop: what a reader was sent before still arrives, so that it gets further each time', async (t) => {
  const { hub, client } = await hubWith(t, { fault: 'drop', side: 'receive', hub: 'none' });
  send(client, 'a', 'b');
  await client.next(Disposition);
  const rule: FaultRule = { fault: 'drop', rate: 0.5, side: 'receive', times: 1 };
  await setFaults(hub, { seed: seedForSecond(rule), rules: [rule] });
  const reader = await readAll(t, hub);
  assert.ok((await reader.next(Transfer)).payload.includes('a'));
  await within(reader.closed, 'the end of the connection');
  assert.deepEqual(reader.take(Transfer), []);
});

test('drop: the connection of a reader ends', async (t) => {
  const { hub, client } = await hubWith(t, { fault: 'drop', side: 'receive' });
  await within((await read(t, hub, client)).closed, 'the end of the connection');
});
