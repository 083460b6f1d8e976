import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, type TestContext, test } from 'node:test';
import { ContainerClient } from '@azure/storage-blob';
import { captureFileName } from '../../../lib/archive/capture-name.ts';
import { createCanary } from '../../../src/adapters/azure/canary.ts';
import { AccessDenied, type CanarySighting, type CanaryTarget } from '../../../src/adapters/azure/cloud.ts';
import type { OmsError } from '../../../src/errors.ts';
import { fakeCredential, trustedCertificates } from '../../helpers/arm-answers.ts';
import { startSecureBlobStorage, storageToken } from '../../helpers/blob-storage.ts';
import { writeCaptureFile } from '../../helpers/capture-writer.ts';
import { startTestHub } from '../../helpers/hub.ts';
import { startTlsFront } from '../../helpers/tls-front.ts';
import { captureOnce } from '../../standins/capture.ts';

const GROUP = 'oms-check';
const HUBS = [{ name: 'orders', partitions: 4, consumerGroups: [GROUP] }];

/** A namespace of this machine that takes tokens over TLS, and an archive that does. */
async function startCloud(t: TestContext) {
  const certificates = await trustedCertificates(t);
  const hub = await startTestHub(t, { hubs: HUBS, accessKey: null });
  const gateway = `sb://localhost:${await startTlsFront(t, hub.port, certificates)}`;
  const storage = await startSecureBlobStorage(t, certificates);
  const container = new ContainerClient(storage.connectionString, 'archive');
  await container.create();
  const target: CanaryTarget = {
    ...{
      environment: 'demo',
      host: 'evhns-oms-demo.servicebus.windows.net',
      gateway,
      hub: 'orders',
      consumerGroup: GROUP,
    },
    archive: { blobEndpoint: `${storage.endpoint}/`, container: 'archive', namespace: 'evhns-oms-demo' },
  };
  const credential = fakeCredential(storageToken());
  return { hub, target, container, canary: createCanary({ credential, receiveMs: 10_000, pollMs: 20 }) };
}

const { signal } = new AbortController();

/** A wait whose time is up after the given number of looks, however long a look takes. */
function patienceOf(t: TestContext, looks: number) {
  let looked = 1;
  t.mock.method(performance, 'now', () => looked);
  const notes: string[] = [];
  const onWait = (_waited: number, note?: string) => {
    looked++;
    notes.push(note!);
  };
  return { options: { signal, timeoutMs: looks - 1, onWait }, notes };
}

/** What a promise is rejected with. */
const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => assert.fail('it went well'),
    (reason) => reason,
  );

suite('the canary', () => {
  test('comes back through its consumer group, and is found in the archive', async (t) => {
    const { hub, target, container, canary } = await startCloud(t);
    const archive = { container, namespace: target.archive.namespace, time: new Date() };
    await canary.roundTrip(target, randomUUID(), signal);
    const id = randomUUID();
    const sighting = await canary.roundTrip(target, id, signal);
    assert.ok(sighting.roundTripMs < 10_000);
    const waits: string[] = [];
    let captured: Promise<string[]> | undefined;
    const found = canary.inArchive(target, id, sighting, {
      ...{ signal, timeoutMs: 20_000 },
      onWait(_waited, note) {
        waits.push(note ?? '');
        if (waits.length === 2) captured = captureOnce(hub.connectionString, 'orders', archive);
      },
    });
    const { namespace, time } = archive;
    const expected = { namespace, hub: 'orders', partition: sighting.partition, time };
    assert.equal(await found, captureFileName().format(expected));
    assert.ok((await captured)?.length, 'the stand-in wrote more than nothing');
    assert.equal(waits[0], '0 files read');
  });

  test('that is not archived is waited for so long, and each file is read once', async (t) => {
    const { target, container, canary } = await startCloud(t);
    const sighting: CanarySighting = {
      partition: '1',
      sequenceNumber: 5,
      roundTripMs: 1,
      enqueuedAt: new Date().toISOString(),
    };
    const file = (sequenceNumber: number) =>
      writeCaptureFile([{ sequenceNumber, body: Buffer.from('{"id":"another"}') }]);
    const now = Date.now();
    const put = async (partition: string, second: number, sequenceNumber: number) => {
      const time = new Date(now - second * 1_000);
      const name = captureFileName().format({ namespace: 'evhns-oms-demo', hub: 'orders', partition, time });
      await container.getBlockBlobClient(name).uploadData(await file(sequenceNumber));
    };
    await put('1', 1, 4);
    await put('1', 2, 5);
    await put('1', 3, 6);
    await put('2', 1, 5);
    const { options, notes } = patienceOf(t, 4);
    assert.equal(await canary.inArchive(target, randomUUID(), sighting, options), undefined);
    assert.deepEqual(notes, Array(3).fill('3 files read'));
  });

  test('is not looked for any more after Ctrl-C', async (t) => {
    const { target, canary } = await startCloud(t);
    const interrupt = new AbortController();
    const sighting = { partition: '0', sequenceNumber: 0, roundTripMs: 1 };
    const waiting = canary.inArchive(target, randomUUID(), sighting, {
      ...{ signal: interrupt.signal, timeoutMs: 60_000 },
      onWait: () => interrupt.abort(new Error('Ctrl-C')),
    });
    await assert.rejects(waiting);
  });

  test('names a file of the archive that is none', async (t) => {
    const { target, container, canary } = await startCloud(t);
    const name = captureFileName().format({
      namespace: 'evhns-oms-demo',
      hub: 'orders',
      partition: '0',
      time: new Date(),
    });
    await container.getBlockBlobClient(name).uploadData(Buffer.from('not Avro'));
    const sighting = { partition: '0', sequenceNumber: 0, roundTripMs: 1 };
    const options = { signal, timeoutMs: 1_000 };
    const error = (await refusal(canary.inArchive(target, randomUUID(), sighting, options))) as OmsError;
    assert.equal(error.code, 'azure_failed');
    assert.match(error.message, new RegExp(`${name} in the archive cannot be read`));
    assert.match(error.why!, /no Avro container file/);
  });

  test('is found by the clock of the hub, however wrong that of this machine is', async (t) => {
    const { target, container, canary } = await startCloud(t);
    const [id, time] = [randomUUID(), new Date()];
    const name = captureFileName().format({ namespace: 'evhns-oms-demo', hub: 'orders', partition: '0', time });
    const file = await writeCaptureFile([{ sequenceNumber: 5, body: Buffer.from(JSON.stringify({ id })) }]);
    await container.getBlockBlobClient(name).uploadData(file);
    t.mock.timers.enable({ apis: ['Date'], now: time.getTime() - 40 * 3_600_000 });
    const sighting = { partition: '0', sequenceNumber: 5, roundTripMs: 1, enqueuedAt: time.toISOString() };
    assert.equal(await canary.inArchive(target, id, sighting, { signal, timeoutMs: 0 }), name);
  });

  test('at an archive that lets nobody in says so while it waits, and at the end', async (t) => {
    const { target } = await startCloud(t);
    const canary = createCanary({ credential: fakeCredential(storageToken({ aud: 'https://elsewhere' })), pollMs: 20 });
    const { options, notes } = patienceOf(t, 2);
    const sighting = { partition: '0', sequenceNumber: 0, roundTripMs: 1 };
    const error = await refusal(canary.inArchive(target, randomUUID(), sighting, options));
    assert.ok(error instanceof AccessDenied, String(error));
    assert.equal(error.right, 'read the archive');
    assert.match(notes[0]!, /^the archive lets nobody in yet/);
  });

  test('at a hub that refuses is a denial, which may pass; anything else says what to check', async (t) => {
    const certificates = await trustedCertificates(t);
    const hub = await startTestHub(t, { hubs: HUBS });
    const port = await startTlsFront(t, hub.port, certificates);
    const target: CanaryTarget = {
      ...{ environment: 'demo', host: 'ns.servicebus.windows.net', gateway: `sb://localhost:${port}` },
      ...{ hub: 'orders', consumerGroup: GROUP, archive: { blobEndpoint: '', container: '', namespace: '' } },
    };
    const canary = createCanary({ credential: fakeCredential('token'), receiveMs: 1_000 });
    const denied = await refusal(canary.roundTrip(target, randomUUID(), signal));
    assert.ok(denied instanceof AccessDenied, String(denied));
    assert.equal(denied.right, 'send');
    assert.match(denied.message, /shared access signatures alone/);
    await hub.stop();
    const away = (await refusal(canary.roundTrip(target, randomUUID(), signal))) as OmsError;
    assert.equal(away.code, 'hub_unreachable');
    assert.match(away.next[0]!, /port 5671/);
  });
});
