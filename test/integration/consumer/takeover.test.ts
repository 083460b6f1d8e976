import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { placedEvent } from '../../helpers/orders.ts';
import { type Pipeline, startPipeline } from '../../helpers/pipeline.ts';
import { until } from '../../helpers/until.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'apps', 'consumer', 'main.ts');
/** What a dead consumer's partitions may take to move: ownership expires after 5 s, and is looked at every second. */
const TAKEOVER_DEADLINE_MS = 10_000;

function spawnConsumer(t: TestContext, pipeline: Pipeline, name: string): ChildProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      OMS_CONSUMER_NAME: name,
      OMS_EVENTHUB_CONNECTION_STRING: pipeline.hub.connectionString,
      OMS_DATABASE_URL: pipeline.database.appUrl,
      OMS_LOG_LEVEL: 'silent',
    },
    stdio: 'ignore',
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

const orders = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, n) => placedEvent({ key: `${prefix}${n}` }));

test('kill -9 of one of two consumers: the other has every partition within 10 s, nothing is lost or doubled', async (t) => {
  const pipeline = await startPipeline(t);
  const owned = (name: string) => pipeline.count(`SELECT COUNT(*) FROM partition_owners WHERE owner_id = '${name}'`);
  const stored = () => pipeline.count('SELECT COUNT(*) FROM orders');

  const first = spawnConsumer(t, pipeline, 'first');
  await until('the first has all', async () => (await owned('first')) === 4, 30_000);
  spawnConsumer(t, pipeline, 'second');
  await until('they share', async () => (await owned('first')) === 2 && (await owned('second')) === 2, 30_000);

  await pipeline.send(orders(1_000, 'a'));
  const killedAt = performance.now();
  first.kill('SIGKILL');
  await once(first, 'exit');
  await pipeline.send(orders(1_000, 'b'));
  await until('the second has all', async () => (await owned('second')) === 4, TAKEOVER_DEADLINE_MS);
  t.diagnostic(`taken over after ${Math.round(performance.now() - killedAt)} ms`);

  await until('all are stored', async () => (await stored()) === 2_000, 20_000);
  assert.equal(await pipeline.count('SELECT SUM(reserved) FROM stock'), 2_000);
  assert.equal(await pipeline.count('SELECT COUNT(*) FROM dead_letters'), 0);
});
