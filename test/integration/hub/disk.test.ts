import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EventHubProducerClient, type RetryOptions } from '@azure/event-hubs';
import { HubProcess } from '../../helpers/hub-process.ts';
import { readEverything } from '../../helpers/read-hub.ts';
import { mountSmallDisk } from '../../helpers/small-disk.ts';

const HUB = 'orders';
const ONE = [{ name: HUB, partitions: 1 }];

function producerFor(t: TestContext, hub: HubProcess, retryOptions: RetryOptions): EventHubProducerClient {
  const client = new EventHubProducerClient(hub.connectionString, HUB, { retryOptions });
  t.after(() => client.close().catch(() => {}));
  return client;
}

const event = (id: number) => ({ body: { id: String(id), filler: 'x'.repeat(100_000) } });

test('a full disk: the hub is busy, keeps what it has, and goes on by itself when there is room', async (t) => {
  const disk = mountSmallDisk(t, 2);
  if (disk === null) return t.skip('mounting needs root');
  const hub = new HubProcess(t, ONE, { OMS_HUB_DATA_DIR: join(disk.folder, 'data') });
  await hub.start();
  const impatient = producerFor(t, hub, { maxRetries: 0, timeoutInMs: 30_000 });
  const acknowledged: string[] = [];
  const fill = async () => {
    for (let id = 0; ; id++) {
      await impatient.sendBatch([event(id)]);
      acknowledged.push(String(id));
    }
  };
  await assert.rejects(fill(), { code: 'ServerBusyError', message: /the disk of the hub is full/ });
  assert.ok(acknowledged.length >= 10);
  await assert.rejects(impatient.sendBatch([event(-1)]), { code: 'ServerBusyError' });
  assert.equal((await fetch(`http://127.0.0.1:${hub.httpPort}/livez`)).status, 200);

  const patient = producerFor(t, hub, { maxRetries: 50, retryDelayInMs: 50, maxRetryDelayInMs: 50 });
  const waiting = patient.sendBatch([event(1_000)]);
  disk.resize(20);
  await waiting;
  acknowledged.push('1000');
  assert.deepEqual(await readEverything(t, hub.connectionString, HUB), [acknowledged]);
  await hub.kill();
  await hub.start();
  assert.deepEqual(await readEverything(t, hub.connectionString, HUB), [acknowledged]);
  assert.ok(!hub.log.some(({ msg }) => msg.startsWith('cut off')), 'nothing torn was left');
});

test('a disk that fails: nothing is acknowledged any more, the hub ends with 1 and says why', async (t) => {
  const env = {
    NODE_OPTIONS: `--import=${fileURLToPath(new URL('../../helpers/failing-sync.ts', import.meta.url))}`,
    OMS_TEST_SYNCS: '3',
  };
  const hub = new HubProcess(t, ONE, env);
  await hub.start();
  const producer = producerFor(t, hub, { maxRetries: 0, timeoutInMs: 30_000 });
  for (let id = 0; id < 3; id++) await producer.sendBatch([event(id)]);
  const impatient = producerFor(t, hub, { maxRetries: 0, timeoutInMs: 2_000 });
  await assert.rejects(impatient.sendBatch([event(3)]));
  assert.equal(await hub.ended(), 1);
  assert.match(hub.log.at(-1)!.err!.message, /EIO: i\/o error, fdatasync/);
  const healthy = new HubProcess(t, ONE, { OMS_HUB_DATA_DIR: hub.dataDir });
  await healthy.start();
  const [found] = await readEverything(t, healthy.connectionString, HUB);
  assert.deepEqual(found!.slice(0, 3), ['0', '1', '2']);
});
