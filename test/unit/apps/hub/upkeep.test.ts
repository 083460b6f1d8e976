import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Broker } from '../../../../apps/hub/broker/broker.ts';
import type { HubConfig } from '../../../../apps/hub/broker/hub-config.ts';
import { fileSystem } from '../../../../apps/hub/storage/flusher.ts';
import { Upkeep } from '../../../../apps/hub/upkeep.ts';
import { createLogger } from '../../../../lib/runtime/logger.ts';
import { createMetrics } from '../../../../lib/runtime/metrics.ts';
import { append } from '../../../helpers/hub-log.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { until } from '../../../helpers/until.ts';

const START = 1_000_000;

/** A hub whose segments hold one event each, under a clock that is set. */
async function setting(t: TestContext, config: Partial<HubConfig>) {
  t.mock.timers.enable({ apis: ['Date', 'setInterval'], now: START });
  const dataDir = tempFolder(t);
  const observer = { appended() {}, synced() {}, cut() {}, diskFailed() {} };
  const options = { dataDir, segmentBytes: 1, tailBytes: 1, disk: fileSystem };
  const broker = new Broker({ ...options, hubs: [{ name: 'orders', partitions: 1, ...config }] }, observer);
  const registry = createMetrics('test');
  const upkeep = new Upkeep(registry, createLogger('test', 'silent'), undefined);
  t.after(async () => {
    await upkeep.stop();
    await broker.close();
  });
  const [hub] = broker.hubs;
  const { log } = hub!.partitions[0]!;
  for (const text of ['a', 'b', 'c']) await append(log, text);
  return { hub: hub!, log, upkeep, registry };
}

test('expired events are removed while the hub runs, and counted', async (t) => {
  const { hub, log, upkeep, registry } = await setting(t, { retention: { seconds: 60 } });
  await upkeep.follow(hub);
  t.mock.timers.tick(60_000);
  assert.equal(log.firstSequence, 0);
  t.mock.timers.tick(5_000);
  await until('the events are removed', () => log.isEmpty);
  await until('they are counted', async () =>
    /^oms_hub_expired_events_total\{hub="orders",.*\} 3$/m.test(await registry.metrics()),
  );
});

test('without a retention, or with one that was taken away, everything stays', async (t) => {
  const { hub, log, upkeep } = await setting(t, { retention: { seconds: 1 } });
  hub.settings = {};
  await upkeep.follow(hub);
  t.mock.timers.tick(3_600_000);
  await upkeep.stop();
  assert.equal(log.firstSequence, 0);
});

test('what cannot be removed is tried again', async (t) => {
  const { hub, log, upkeep } = await setting(t, { retention: { seconds: 60 } });
  const { path } = log.segments[0]!;
  rmSync(path);
  mkdirSync(path);
  await upkeep.follow(hub);
  t.mock.timers.tick(65_000);
  await until('an attempt', () => log.segments.length > 3);
  assert.equal(log.firstSequence, 0);
});

test('a captured hub that is left alone forgets how far it was', async (t) => {
  const capture = { storage: 'http://127.0.0.1:1/account?sig=x', container: 'archive' };
  const { hub, log, upkeep } = await setting(t, { capture });
  await upkeep.follow(hub);
  assert.ok(existsSync(join(log.folder, 'capture.json')));
  await upkeep.leave(hub);
  assert.ok(!existsSync(join(log.folder, 'capture.json')));
});
