import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AccessDenied, type Canary, type CanaryTarget } from '../../../../../src/adapters/azure/cloud.ts';
import type { OmsError } from '../../../../../src/errors.ts';
import { type CanaryOptions, sendCanary } from '../../../../../src/stages/provision/canary.ts';
import { demoContext, demoEnvironment, demoOutputs } from '../../../../helpers/provisioned.ts';

const SIGHTING = { partition: '3', sequenceNumber: 41, roundTripMs: 80 };
const FILE = 'evhns-oms-demo/orders/3/2026/01/02/03/04/05.avro';

const denied = (right: AccessDenied['right']) => new AccessDenied(right, new Error("'Send' claim(s) are required"));

const canaryOf = (changes: Partial<Canary> = {}): Canary => ({
  roundTrip: async () => SIGHTING,
  inArchive: async () => FILE,
  ...changes,
});

/** With no time to wait, unless a test gives it. */
function send(canary: Canary, options: CanaryOptions = {}, signal?: AbortSignal) {
  const patience = { roleMs: 0, pauseMs: 1, archiveSlackMs: 1_000, ...options.patience };
  const context = demoContext({ canary, ...(signal && { signal }) });
  return sendCanary(demoEnvironment(), demoOutputs(), { ...options, patience }, context);
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail('it went well'),
    (reason) => reason as OmsError,
  );

suite('sending a canary', () => {
  test('reports where it was seen', async () => {
    const progress: string[] = [];
    const report = await send(canaryOf(), { onProgress: (text) => progress.push(text) });
    assert.match(report.id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(
      { ...report, id: '', archive: { ...report.archive, waitedMs: 0 } },
      { ...SIGHTING, id: '', archive: { account: 'stomsdemoarch', file: FILE, waitedMs: 0 } },
    );
    assert.deepEqual(progress, ['back after 80 ms']);
  });

  test('goes where the environment is, and waits as long as a window of Capture and some more', async () => {
    const seen: { target?: CanaryTarget; timeoutMs?: number } = {};
    const canary = canaryOf({
      async inArchive(target, _id, _sighting, options) {
        Object.assign(seen, { target, timeoutMs: options.timeoutMs });
        options.onWait?.(61_000, '2 files read');
        return FILE;
      },
    });
    const progress: string[] = [];
    const gateway = 'sb://gateway:5671';
    await send(canary, { gateway, nameFormat: '{Year}', onProgress: (text) => progress.push(text) });
    assert.deepEqual(seen, {
      target: {
        ...{ environment: 'demo', host: 'evhns-oms-demo.servicebus.windows.net', gateway, hub: 'orders' },
        consumerGroup: 'oms-check',
        archive: {
          ...{ blobEndpoint: 'https://stomsdemoarch.blob.core.windows.net/', container: 'archive' },
          ...{ namespace: 'evhns-oms-demo', nameFormat: '{Year}' },
        },
      },
      timeoutMs: 301_000,
    });
    assert.equal(progress.at(-1), 'waiting for Capture to write its file: 1 m 1 s of at most 5 m 1 s, 2 files read');
  });

  test('is tried again while a role is on its way', async () => {
    let attempts = 0;
    const canary = canaryOf({
      async roundTrip() {
        attempts++;
        if (attempts < 3) throw denied(attempts === 1 ? 'send' : 'receive');
        return SIGHTING;
      },
    });
    const progress: string[] = [];
    await send(canary, { patience: { roleMs: 10_000 }, onProgress: (text) => progress.push(text) });
    assert.equal(attempts, 3);
    assert.match(progress[0]!, /^waiting for the role to send to be in force: .* of at most 10.0 s$/);
    assert.match(progress[1]!, /^waiting for the role to receive/);
  });

  test('that stays denied names the role that is missing, and the call that assigns it', async () => {
    const cases = [
      [
        canaryOf({ roundTrip: () => Promise.reject(denied('send')) }),
        /send to hub orders/,
        /"Azure Event Hubs Data Sender"/,
      ],
      [
        canaryOf({ roundTrip: () => Promise.reject(denied('receive')) }),
        /receive from/,
        /"Azure Event Hubs Data Receiver"/,
      ],
      [
        canaryOf({ inArchive: () => Promise.reject(denied('read the archive')) }),
        /read the archive/,
        /"Storage Blob Data Reader" --scope \/sub/,
      ],
    ] as const;
    for (const [canary, message, next] of cases) {
      const error = await refusal(send(canary));
      assert.equal(error.code, 'azure_failed');
      assert.match(error.message, message);
      assert.match(error.next[0]!, next);
    }
  });

  test('that never gets into the archive says what to check: firewall, role, backlog', async () => {
    const error = await refusal(send(canaryOf({ inArchive: async () => undefined })));
    assert.equal(error.code, 'azure_failed');
    assert.equal(error.message, 'the canary did not get into the archive within 5 m 1 s');
    assert.match(error.why!, /no file of Capture in stomsdemoarch\/archive has it/);
    for (const [index, check] of [/trusted services/, /Storage Blob Data Contributor/, /CaptureBacklog/].entries()) {
      assert.match(error.next[index]!, check);
    }
  });

  test('ends on Ctrl-C, also while a role is waited for', async () => {
    const interrupt = new AbortController();
    const onProgress = () => interrupt.abort(new Error('Ctrl-C'));
    const canary = canaryOf({ roundTrip: () => Promise.reject(denied('send')) });
    const patience = { roleMs: 60_000, pauseMs: 60_000 };
    await assert.rejects(send(canary, { patience, onProgress }, interrupt.signal), { name: 'AbortError' });
  });
});
