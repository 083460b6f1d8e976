import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Capture, CaptureConfigError } from '../../../../../apps/hub/capture/capture.ts';
import type { CaptureConfig } from '../../../../../apps/hub/capture/capture-config.ts';
import { createCaptureMetrics } from '../../../../../apps/hub/capture/capture-metrics.ts';
import { readPlace } from '../../../../../apps/hub/capture/place.ts';
import { createLogger } from '../../../../../lib/runtime/logger.ts';
import { createMetrics } from '../../../../../lib/runtime/metrics.ts';
import { append, openLog } from '../../../../helpers/hub-log.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

/** Nobody listens there. */
const config: CaptureConfig = { storage: 'http://127.0.0.1:1/account?sig=x', container: 'archive', skipEmpty: true };

async function setting(t: TestContext) {
  const log = openLog(tempFolder(t));
  const registry = createMetrics('test');
  const capture = new Capture(createCaptureMetrics(registry), createLogger('test', 'silent'), undefined);
  t.after(async () => {
    await capture.stop();
    await log.close();
  });
  await append(log, 'a', 'b');
  return { log, registry, capture, hub: { name: 'orders', partitions: [{ id: '0', log, reportDamage() {} }] } };
}

test('a hub is captured from the next event on, and after it was switched off from the next one then', async (t) => {
  const { log, capture, hub } = await setting(t);
  await capture.set(hub, config);
  assert.deepEqual([readPlace(log.folder)?.next, log.heldFrom], [2, 2]);
  await append(log, 'c');
  await capture.set(hub, { ...config, windowSeconds: 60 });
  assert.equal(log.heldFrom, 2, 'a change of the settings keeps the place');
  await capture.set(hub, { ...config, enabled: false });
  assert.ok(!existsSync(join(log.folder, 'capture.json')));
  assert.equal(log.heldFrom, Number.POSITIVE_INFINITY);
  await capture.set(hub, config);
  assert.equal(log.heldFrom, 3);
});

test('the figures tell how much waits', async (t) => {
  const { log, registry, capture, hub } = await setting(t);
  await capture.set(hub, config);
  await append(log, 'c');
  const figures = await registry.metrics();
  assert.match(figures, /^oms_hub_capture_waiting_events\{hub="orders",.*\} 1$/m);
  assert.match(figures, /^oms_hub_capture_behind_seconds\{hub="orders",.*\} 0$/m);
  await capture.set(hub, undefined);
  assert.doesNotMatch(await registry.metrics(), /^oms_hub_capture_waiting_events\{/m);
});

test('a configuration that cannot be used is refused by name, what was configured before goes on', async (t) => {
  const { log, capture, hub } = await setting(t);
  await capture.set(hub, config);
  const refused = (changes: Partial<CaptureConfig>, message: RegExp) =>
    assert.rejects(capture.set(hub, { ...config, ...changes }), (error: Error) => {
      assert.ok(error instanceof CaptureConfigError);
      assert.match(error.message, message);
      return true;
    });
  const { storage: _storage, ...withoutStorage } = config;
  await assert.rejects(capture.set(hub, withoutStorage), /give its capture a storage, or set OMS_HUB_CAPTURE_STORAGE/);
  await refused(
    { storage: 'nonsense' },
    /^hub orders cannot be captured: storage is no connection string and no address: /,
  );
  await refused(
    { nameFormat: '{Year}' },
    /^hub orders cannot be captured: name format "\{Year\}": \{Namespace\} is missing/,
  );
  assert.equal(log.heldFrom, 2);
  await append(log, 'c');
  assert.ok(existsSync(join(log.folder, 'capture.json')));
});
