import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EventHubProducerClient } from '@azure/event-hubs';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { readCaptureFile } from '../../../lib/archive/capture-file.ts';
import { captureFileName } from '../../../lib/archive/capture-name.ts';
import { asJson, readContainer } from '../../helpers/avro-reader.ts';
import { startBlobStorage } from '../../helpers/blob-storage.ts';
import { startTestHub } from '../../helpers/hub.ts';
import { HubProcess } from '../../helpers/hub-process.ts';
import { readEverything } from '../../helpers/read-hub.ts';
import { until } from '../../helpers/until.ts';

const CONTAINER = 'archive';

/** The files of a container, by name. */
async function filesOf(container: ContainerClient): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  if (!(await container.exists())) return files;
  for await (const { name } of container.listBlobsFlat()) {
    files.set(name, await container.getBlobClient(name).downloadToBuffer());
  }
  return files;
}

/** One of the hub's own figures. */
async function figure({ httpPort }: { httpPort: number }, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
  return Number(new RegExp(`^${name}\\{.*\\} (.*)$`, 'm').exec(text)?.[1]);
}

async function countFiles(container: ContainerClient): Promise<number> {
  if (!(await container.exists())) return 0;
  let count = 0;
  for await (const _blob of container.listBlobsFlat()) count++;
  return count;
}

async function sequencesOf(files: Map<string, Buffer>): Promise<number[]> {
  const sequences: number[] = [];
  for (const [, file] of [...files].sort()) {
    for await (const { sequenceNumber } of readCaptureFile(file)) sequences.push(sequenceNumber);
  }
  return sequences;
}

const containerOf = (storage: string) => BlobServiceClient.fromConnectionString(storage).getContainerClient(CONTAINER);

test('what the SDK sends is in a file with the name and the fields of the service', async (t) => {
  const storage = await startBlobStorage(t);
  const capture = { storage, container: CONTAINER, windowSeconds: 1, skipEmpty: true, namespace: 'here' };
  const hub = await startTestHub(t, { hubs: [{ name: 'orders', partitions: 1, capture }] });
  const producer = new EventHubProducerClient(hub.connectionString, 'orders');
  t.after(() => producer.close());
  const event = {
    body: { id: 'o-1' },
    properties: { type: 'order.placed', attempt: 3, ratio: 0.5 },
    contentType: 'application/json',
    messageId: 'm-1',
  };
  await producer.sendBatch([event], { partitionKey: 'o-1' });
  const container = containerOf(storage);
  const files = await until('a file', async () => {
    const found = await filesOf(container);
    return found.size > 0 ? found : undefined;
  });
  const [[name, file]] = [...files] as [[string, Buffer]];
  const { time, ...parts } = captureFileName().parse(name)!;
  assert.deepEqual(parts, { namespace: 'here', hub: 'orders', partition: '0' });
  assert.ok(Math.abs(time.getTime() - Date.now()) < 60_000);
  const { records } = await readContainer(file);
  const { EnqueuedTimeUtc, Body, SequenceNumber, ...others } = records[0]!;
  assert.equal(SequenceNumber, 0n);
  assert.match(String(EnqueuedTimeUtc), /^\d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M$/);
  assert.deepEqual(JSON.parse((Body as { bytes: Buffer }).bytes.toString()), { id: 'o-1' });
  assert.deepEqual(asJson(others), {
    Offset: '40',
    SystemProperties: {
      'x-opt-partition-key': { string: 'o-1' },
      'message-id': { string: 'm-1' },
      'content-type': { string: 'application/json' },
    },
    Properties: { type: { string: 'order.placed' }, attempt: { long: '3' }, ratio: { double: 0.5 } },
  });
});

/** Kills of a hub that captures; OMS_TEST_KILLS=30 shows it at length. */
const KILLS = Number(process.env.OMS_TEST_KILLS ?? 3);

const SENDER = fileURLToPath(new URL('../../helpers/restless-sender.ts', import.meta.url));

/** Sends until it is stopped. */
function startSender(t: TestContext, hub: HubProcess): { stop(): Promise<void> } {
  const child = spawn(process.execPath, [SENDER, hub.connectionString], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  t.after(stop);
  return { stop };
}

test('kill -9 while it captures: the archive has every event of the hub once, in order', async (t) => {
  const storage = await startBlobStorage(t);
  // Small files, so that kills come before, between and after uploads and notes.
  const capture = { storage, container: CONTAINER, windowSeconds: 1, sizeBytes: 20_000, skipEmpty: true };
  const hub = new HubProcess(t, [{ name: 'orders', partitions: 2, capture }]);
  await hub.start();
  const container = containerOf(storage);
  const sender = startSender(t, hub);
  for (let kill = 1; kill <= KILLS; kill++) {
    const before = await countFiles(container);
    await until('more files', async () => (await countFiles(container)) > before + (kill % 4), 60_000);
    await hub.kill();
    await hub.start();
  }
  await sender.stop();
  // What is still on its way goes with the connection.
  await hub.kill();
  await hub.start();
  const stored = await readEverything(t, hub.connectionString, 'orders');
  const total = stored.flat().length;
  const archived = async () => {
    const files = await filesOf(container);
    const events = new Map<string, [sequence: number, id: string][]>();
    for (const [name, file] of [...files].sort()) {
      const partition = captureFileName().parse(name)!.partition;
      const list = events.get(partition) ?? [];
      events.set(partition, list);
      for await (const { sequenceNumber, body } of readCaptureFile(file)) {
        list.push([sequenceNumber, JSON.parse(String(body)).id]);
      }
    }
    return events;
  };
  await until('nothing waits', async () => (await figure(hub, 'oms_hub_capture_waiting_events')) === 0, 60_000);
  const events = await archived();
  t.diagnostic(`${KILLS} kills, ${total} events in ${(await filesOf(container)).size} files`);
  for (const [partition, ids] of stored.entries()) {
    assert.deepEqual(
      events.get(String(partition)),
      ids.map((id, sequence) => [sequence, id]),
      `partition ${partition}`,
    );
  }
});

/** Stands before a blob service and turns everybody away until it is opened. */
async function startGate(t: TestContext, storage: string) {
  const target = new URL(/BlobEndpoint=([^;]+)/.exec(storage)![1]!);
  let isOpen = false;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    if (!isOpen) return socket.destroy();
    const upstream = connect(Number(target.port), target.hostname);
    upstream.on('error', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    storage: storage.replace(target.origin, `http://127.0.0.1:${port}`),
    open: () => {
      isOpen = true;
    },
  };
}

test('events of an outage of the storage are archived when it is back; large files arrive in parts', async (t) => {
  const storage = await startBlobStorage(t);
  const gate = await startGate(t, storage);
  const capture = { storage: gate.storage, container: CONTAINER, windowSeconds: 1, skipEmpty: true };
  const hub = await startTestHub(t, { hubs: [{ name: 'orders', partitions: 1, capture }] });
  const producer = new EventHubProducerClient(hub.connectionString, 'orders');
  t.after(() => producer.close());
  const large = Buffer.alloc(900_000, 'x');
  for (let i = 0; i < 4; i++) await producer.sendBatch([{ body: large }]);
  await until('a failure', async () => (await figure(hub, 'oms_hub_capture_failures_total')) > 0);
  assert.equal(await figure(hub, 'oms_hub_capture_waiting_events'), 4);
  await hub.restart();
  gate.open();
  await until('nothing waits', async () => (await figure(hub, 'oms_hub_capture_waiting_events')) === 0, 30_000);
  assert.deepEqual(await sequencesOf(await filesOf(containerOf(storage))), [0, 1, 2, 3]);
});
