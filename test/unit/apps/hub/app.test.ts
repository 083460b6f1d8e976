import assert from 'node:assert/strict';
import { ftruncateSync, mkdirSync, readdirSync, readFileSync, write, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Attach, Detach, Disposition } from '../../../../apps/hub/amqp/performatives.ts';
import type { Described } from '../../../../apps/hub/amqp/reader.ts';
import { startHub } from '../../../../apps/hub/app.ts';
import type { HubStatus } from '../../../../apps/hub/hub-status.ts';
import type { Disk } from '../../../../apps/hub/storage/flusher.ts';
import { createLogger } from '../../../../lib/runtime/logger.ts';
import { AmqpClient, errorOf } from '../../../helpers/amqp-client.ts';
import { startTestHub, type TestHub } from '../../../helpers/hub.ts';
import { textMessage } from '../../../helpers/hub-log.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';

const get = (hub: TestHub, path: string) => fetch(`http://127.0.0.1:${hub.httpPort}${path}`);

test('the ops port tells of life, readiness, hubs and figures', async (t) => {
  const hubs = [{ name: 'orders', partitions: 2 }];
  // Rates are of whole seconds that have passed: none passes here.
  const now = Date.parse('2026-11-21T10:15:00.999Z');
  t.mock.timers.enable({ apis: ['Date'], now });
  const hub = await startTestHub(t, { accessKey: null, hubs });
  assert.equal((await get(hub, '/livez')).status, 200);
  assert.equal((await get(hub, '/readyz')).status, 200);
  const [empty] = (await (await get(hub, '/hubs')).json()) as HubStatus[];
  assert.deepEqual(empty!.partitions[0], {
    id: '0',
    firstSequence: -1,
    lastSequence: -1,
    lastEnqueuedAt: null,
    inPerSecond: 0,
    outPerSecond: 0,
    readers: 0,
    links: [],
  });
  const client = await AmqpClient.ready(t, hub.port);
  client.attachSender('orders/Partitions/1', 0);
  client.attachReceiver('orders/ConsumerGroups/$default/Partitions/1', 1);
  client.grant(1, 10);
  client.transfer(0, textMessage('a'));
  await client.next(Disposition);
  const [status] = (await (await get(hub, '/hubs')).json()) as HubStatus[];
  const { lastEnqueuedAt, ...partition } = status!.partitions[1]!;
  assert.deepEqual(partition, {
    id: '1',
    firstSequence: 0,
    lastSequence: 0,
    inPerSecond: 0,
    outPerSecond: 0,
    readers: 1,
    links: [{ group: '$default', name: partition.links[0]!.name, ownerLevel: null, lag: 0 }],
  });
  assert.equal(Date.parse(lastEnqueuedAt!), now);
  const metrics = await (await get(hub, '/metrics')).text();
  for (const line of [
    /^oms_hub_events_total\{hub="orders",direction="in",.*\} 1$/m,
    /^oms_hub_events_total\{hub="orders",direction="out",.*\} 1$/m,
    /^oms_hub_append_seconds_count\{.*\} 1$/m,
    /^oms_hub_fsync_seconds_count\{.*\} 1$/m,
    /^oms_hub_connections\{.*\} 1$/m,
  ]) {
    assert.match(metrics, line);
  }
});

const failedDisk: Disk = {
  write,
  fdatasync: (_fd, done) => done(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })),
  ftruncateSync,
};

test('when the disk fails nothing is accepted any more, the hub is not ready and asks to be ended', async (t) => {
  const fatal = Promise.withResolvers<Error>();
  const hub = await startTestHub(t, { accessKey: null, onFatal: fatal.resolve, disk: failedDisk });
  const client = await AmqpClient.ready(t, hub.port);
  client.attachSender('orders/Partitions/0');
  await client.next(Attach);
  for (const id of [0, 1]) {
    client.transfer(id, textMessage('lost'));
    const { fields } = await client.next(Disposition);
    assert.equal(errorOf(((fields[4] as Described).value as never[])[0]!)?.[0], 'amqp:internal-error');
  }
  assert.match((await fatal.promise).message, /EIO/);
  const ready = await get(hub, '/readyz');
  assert.equal(ready.status, 503);
  assert.match(await ready.text(), /EIO/);
});

test('a start that fails leaves nothing behind, the next one works', async (t) => {
  const dataDir = tempFolder(t);
  const logger = createLogger('hub', 'silent');
  const options = {
    host: '127.0.0.1',
    port: 0,
    httpPort: 0,
    dataDir,
    hubs: [{ name: 'orders', partitions: 1 }],
    accessKey: null,
  };
  const other = await startTestHub(t);
  await assert.rejects(startHub({ ...options, port: other.port }, logger), /is taken/);
  await assert.rejects(startHub({ ...options, httpPort: other.port }, logger), /EADDRINUSE/);
  await assert.rejects(startHub({ ...options, hubs: [{ name: 'orders', partitions: 2 }] }, logger), /1 partitions/);
  const hub = await startHub(options, logger);
  await hub.stop();
});

test('a data folder that cannot be made is named', async (t) => {
  const logger = createLogger('hub', 'silent');
  const file = join(tempFolder(t), 'file');
  writeFileSync(file, '');
  const options = { host: '127.0.0.1', port: 0, httpPort: 0, hubs: [], accessKey: null, dataDir: join(file, 'data') };
  await assert.rejects(startHub(options, logger), (error: Error) => error.message.includes(file));
});

test('folders without a description of a hub are left alone', async (t) => {
  const dataDir = tempFolder(t);
  mkdirSync(join(dataDir, 'hubs', 'stray'), { recursive: true });
  const hub = await startTestHub(t, { dataDir });
  const names = ((await (await get(hub, '/hubs')).json()) as HubStatus[]).map(({ name }) => name);
  assert.deepEqual(names, ['orders']);
});

test('damage in a closed segment: its readers are told, the hub is not ready, new events are taken', async (t) => {
  const hub = await startTestHub(t, { accessKey: null, segmentBytes: 1, tailBytes: 1 });
  const client = await AmqpClient.ready(t, hub.port);
  client.attachSender('orders/Partitions/0', 0);
  for (const id of [0, 1, 2]) {
    client.transfer(id, textMessage(`${id}`));
    await client.next(Disposition);
  }
  await hub.stop();
  const folder = join(hub.dataDir, 'hubs', 'orders', '0');
  const path = join(folder, readdirSync(folder).sort()[0]!);
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
  await hub.restart();
  const reader = await AmqpClient.ready(t, hub.port);
  reader.attachReceiver('orders/ConsumerGroups/$default/Partitions/0', 0);
  reader.grant(0, 10);
  const { fields } = await reader.next(Detach);
  assert.deepEqual(errorOf(fields[2]!)?.[0], 'amqp:internal-error');
  const ready = await get(hub, '/readyz');
  assert.equal(ready.status, 503);
  assert.ok((await ready.text()).includes(path));
  reader.attachSender('orders/Partitions/0', 5);
  reader.transfer(0, textMessage('new'), { handle: 5 });
  assert.equal(((await reader.next(Disposition)).fields[4] as Described).descriptor, 0x24);
});
