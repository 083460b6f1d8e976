import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EventHubProducerClient } from '@azure/event-hubs';
import { HubProcess } from '../../helpers/hub-process.ts';
import { readEverything } from '../../helpers/read-hub.ts';
import { until } from '../../helpers/until.ts';

const HUB = 'orders';
const PARTITIONS = 4;
/** OMS_TEST_KILLS=30 shows it at length. */
const KILLS = Number(process.env.OMS_TEST_KILLS ?? 3);
/** Events in each batch; large enough that writes are cut somewhere inside. */
const BATCH = 50;

/** What was acknowledged, by partition, in the order of sending. */
type Acknowledged = string[][];

/** Sends to one partition until told to stop. A failed batch is never sent again, so nothing may be there twice. */
async function sendOn(
  hub: HubProcess,
  partition: number,
  acknowledged: string[],
  stopped: () => boolean,
): Promise<void> {
  let client = newProducer(hub);
  for (let number = 0; !stopped(); number++) {
    const ids = Array.from({ length: BATCH }, (_, i) => `${partition}-${number}-${i}`);
    const events = ids.map((id) => ({ body: { id, filler: 'x'.repeat(500) } }));
    try {
      await client.sendBatch(events, { partitionId: String(partition) });
      acknowledged.push(...ids);
    } catch {
      await client.close().catch(() => {});
      client = newProducer(hub);
    }
  }
  await client.close();
}

const newProducer = (hub: HubProcess): EventHubProducerClient =>
  new EventHubProducerClient(hub.connectionString, HUB, { retryOptions: { maxRetries: 0, timeoutInMs: 1000 } });

test('kill -9 under load: whatever was acknowledged is there once, in order', async (t) => {
  const hub = new HubProcess(t, [{ name: HUB, partitions: PARTITIONS }]);
  await hub.start();
  const acknowledged: Acknowledged = Array.from({ length: PARTITIONS }, () => []);
  let stop = false;
  const senders = acknowledged.map((list, partition) => sendOn(hub, partition, list, () => stop));
  const total = () => acknowledged.reduce((sum, list) => sum + list.length, 0);
  const pauses: number[] = [];
  let cuts = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const target = total() + 2000 + kill * 37;
    await until('events received', () => total() >= target, 30_000);
    await hub.kill();
    await hub.start();
    cuts += hub.log.filter(({ msg }) => msg.startsWith('cut off')).length;
    const [before, ready] = [total(), performance.now()];
    await until('the first acknowledgement after a start', () => total() > before, 30_000);
    pauses.push(performance.now() - ready);
  }
  const target = total() + 500;
  await until('events received', () => total() >= target, 30_000);
  stop = true;
  await Promise.all(senders);
  const found = await readEverything(t, hub.connectionString, HUB);
  t.diagnostic(
    `${KILLS} kills, ${total()} events acknowledged, ${cuts} torn writes cut off, first acknowledgement ` +
      `${Math.round(Math.max(...pauses))} ms after a start at the latest`,
  );
  for (const [partition, ids] of found.entries()) {
    assert.equal(new Set(ids).size, ids.length, 'nothing is there twice');
    const wanted = new Set(acknowledged[partition]);
    assert.deepEqual(
      ids.filter((id) => wanted.has(id)),
      acknowledged[partition],
      `partition ${partition}`,
    );
  }
});

test('SIGTERM: the hub ends with 0 and keeps everything; a damaged log is refused with 1 and says where', async (t) => {
  const hub = new HubProcess(t, [{ name: HUB, partitions: 1 }]);
  await hub.start();
  const client = newProducer(hub);
  for (let i = 0; i < 3; i++) await client.sendBatch([{ body: { id: `${i}` } }]);
  await client.close();
  assert.equal(await hub.kill('SIGTERM'), 0);
  await hub.start();
  assert.deepEqual(await readEverything(t, hub.connectionString, HUB), [['0', '1', '2']]);
  await hub.kill();
  const folder = join(hub.dataDir, 'hubs', HUB, '0');
  const path = join(folder, readdirSync(folder)[0]!);
  const bytes = readFileSync(path);
  bytes[100]! ^= 1;
  writeFileSync(path, bytes);
  await assert.rejects(
    hub.start(),
    (error: Error) => /^ended with 1: /.test(error.message) && error.message.includes(`${path} is damaged at byte 0`),
  );
});

test('two hubs on one data folder, and a hub on a port that is taken: refused with what to do', async (t) => {
  const hub = new HubProcess(t, [{ name: HUB, partitions: 1 }]);
  await hub.start();
  const sameFolder = new HubProcess(t, [{ name: HUB, partitions: 1 }], { OMS_HUB_DATA_DIR: hub.dataDir });
  await assert.rejects(sameFolder.start(), /is in use by another hub; stop that one/);
  const samePort = new HubProcess(t, [{ name: HUB, partitions: 1 }], { OMS_HUB_PORT: String(hub.port) });
  await assert.rejects(samePort.start(), /port \d+ of 127.0.0.1 is taken; stop what listens there/);
});

test('a configuration that contradicts the data is refused', async (t) => {
  const hub = new HubProcess(t, [{ name: HUB, partitions: 1 }]);
  await hub.start();
  await hub.kill('SIGTERM');
  const other = new HubProcess(t, [{ name: HUB, partitions: 2 }], { OMS_HUB_DATA_DIR: hub.dataDir });
  await assert.rejects(other.start(), /hub orders has 1 partitions but 2 are asked for/);
});
