import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openPool } from '../../../lib/database/connect.ts';
import type { SimulateResult } from '../../../src/stages/simulate/result.ts';
import { type SimulateOptions, simulate } from '../../../src/stages/simulate/simulate.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { accept, type FakeAnswer, type Posted, startFakeProducer } from '../../helpers/fake-producer.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { insertProducts, storeOrder } from '../../helpers/stored-orders.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const DEFAULTS: Omit<SimulateOptions, 'url' | 'databaseUrl'> = {
  rate: 100,
  durationMs: 300,
  orders: undefined,
  seed: 42,
  zipf: 1,
  arrivals: 'uniform',
  from: undefined,
  speed: undefined,
  drainTimeoutMs: 10_000,
};

/** How long a run waits in vain for what never comes: enough for all the rest of it on a busy machine. */
const LOSING_MS = 3_000;

/** A shop whose order API does as `answer` says; orders it takes are stored unless `isStored` says otherwise. */
async function startShop(
  t: TestContext,
  {
    answer = accept,
    isStored = () => true,
  }: {
    answer?: (posted: Posted) => Promise<FakeAnswer> | FakeAnswer | undefined;
    isStored?: (posted: Posted) => boolean;
  } = {},
) {
  const database = await startTestDatabase();
  const pool = openPool(database.url);
  t.after(() => pool.end());
  const products = await insertProducts(pool, 5);
  const take = async (posted: Posted) => {
    const given = await answer(posted);
    if (given?.status !== 202 || !isStored(posted) || posted.before > 0) return given;
    const { totalMinor } = await storeOrder(pool, products, posted.request, posted.key);
    return { ...given, body: { ...(given.body as object), total_minor: totalMinor } };
  };
  const producer = await startFakeProducer(t, take);
  const folder = tempFolder(t);
  const run = (options: Partial<SimulateOptions> = {}, signal?: AbortSignal) =>
    simulate(
      { ...DEFAULTS, url: producer.url, databaseUrl: database.appUrl, ...options },
      quietContext(folder, signal),
    );
  return { run, pool, producer, folder };
}

/** The thresholds that failed, without those that only say how busy the machine is. */
const failed = (result: SimulateResult) =>
  result.thresholds
    .filter((threshold) => !threshold.ok && !/^(rate|generator)/.test(threshold.name))
    .map((t) => t.name);

const manifestOf = async (result: SimulateResult) =>
  (await readFile(result.manifest, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('orders are followed into the database, and all of it is written down', async (t) => {
  const { run, folder } = await startShop(t);
  const result = await run();
  assert.deepEqual(failed(result), []);
  const { asked, issued, accepted, stored, lost, duplicated } = result.counts;
  assert.deepEqual([asked, issued, accepted, stored, lost, duplicated], [30, 30, 30, 30, 0, 0]);
  assert.equal(result.latency_ms.stored.count, 30);

  const entries = await manifestOf(result);
  assert.equal(entries.length, 30);
  assert.deepEqual(new Set(entries.map((entry) => entry.n)).size, 30);
  assert.ok(entries.every((entry) => entry.outcome === 'accepted' && entry.key.startsWith(result.key_prefix)));
  assert.equal((await readFile(join(folder, 'runs', 'latest'), 'utf8')).trim(), result.run);
  const summary = JSON.parse(await readFile(join(folder, 'runs', result.run, 'summary.json'), 'utf8'));
  assert.deepEqual(summary, JSON.parse(JSON.stringify(result)));
});

test('an order that is accepted and never stored is lost', async (t) => {
  const { run } = await startShop(t, { isStored: ({ key }) => !key.endsWith('-7') });
  const result = await run({ drainTimeoutMs: LOSING_MS });
  assert.deepEqual([result.counts.stored, result.counts.lost], [29, 1]);
  assert.deepEqual(failed(result), ['lost', 'drained']);
  assert.notEqual(result.verdict, 'pass');
});

test('a row too many is a duplicate, whoever wrote it', async (t) => {
  const { run, pool, producer } = await startShop(t);
  const first = await run();
  assert.equal(first.counts.duplicated, 0);
  await pool.query('UPDATE orders SET idempotency_key = ?, customer_ref = ? LIMIT 2', ['from-1', 'c-1']);
  const recorded = await run({ from: await recordedFile(t, 1), rate: undefined });
  assert.equal(producer.posts.length, 31);
  assert.equal(recorded.counts.duplicated, 1);
  assert.deepEqual(failed(recorded), ['duplicated']);
});

/** Recorded orders r0, r1, ... a second apart. */
async function recordedFile(t: TestContext, count: number): Promise<string> {
  const folder = tempFolder(t);
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      at: new Date(Date.UTC(2018, 0, 1, 0, 0, n)).toISOString(),
      ref: `r${n}`,
      customer: `c${n}`,
      channel: 'web',
      currency: 'USD',
      items: [{ sku: 'P-1', quantity: 1 }],
      ship_to: { country: 'BR' },
      payment: { method: 'card' },
    }),
  );
  const file = join(folder, 'orders.ndjson');
  await writeFile(file, lines.join('\n'));
  return file;
}

test('recorded orders replayed again are the same orders', async (t) => {
  const { run, pool } = await startShop(t);
  const from = await recordedFile(t, 50);
  const first = await run({ from, rate: undefined });
  assert.equal(first.verdict, 'pass');
  assert.match(first.mode, /^50 recorded orders, as fast as answers come \(closed loop/);
  assert.deepEqual([first.counts.accepted, first.counts.stored_before], [50, 0]);

  const second = await run({ from, rate: undefined });
  assert.equal(second.verdict, 'pass');
  assert.deepEqual([second.counts.accepted, second.counts.stored, second.counts.stored_before], [50, 50, 50]);
  const [rows] = await pool.query('SELECT COUNT(*) AS orders FROM orders');
  assert.deepEqual(rows, [{ orders: 50 }]);
});

test('recorded orders keep their distances, at the speed asked for', async (t) => {
  const { run } = await startShop(t);
  const result = await run({ from: await recordedFile(t, 20), rate: undefined, speed: 100 });
  assert.deepEqual(failed(result), []);
  const planned = (await manifestOf(result)).map((entry) => Date.parse(entry.planned_at)).sort();
  assert.equal(planned.at(-1)! - planned[0]!, 190);
});

test('a limit of orders ends a replay early', async (t) => {
  const { run } = await startShop(t);
  const result = await run({ from: await recordedFile(t, 20), rate: 1_000, orders: 5 });
  assert.deepEqual([result.counts.asked, result.counts.stored], [5, 5]);
});

test('Ctrl-C stops sending, waits for what is under way, and leaves a whole manifest', async (t) => {
  const abort = new AbortController();
  const { run } = await startShop(t, {
    answer(posted) {
      if (posted.key.endsWith('-10')) abort.abort();
      return accept(posted);
    },
  });
  const result = await run({ durationMs: 3_600_000 }, abort.signal);
  assert.equal(result.verdict, 'interrupted');
  // Of 360,000; a machine that stood still for a moment sends at once what was due meanwhile.
  assert.ok(result.counts.issued < 1_000);
  assert.equal(result.counts.stored, result.counts.issued);
  assert.equal((await manifestOf(result)).length, result.counts.issued);
});

test('Ctrl-C while draining ends the drain at once', async (t) => {
  const abort = new AbortController();
  const { run } = await startShop(t, {
    isStored: () => false,
    answer(posted) {
      if (posted.key.endsWith('-2')) setImmediate(() => abort.abort());
      return accept(posted);
    },
  });
  const startedAt = performance.now();
  const result = await run({ orders: 3, rate: 1_000, drainTimeoutMs: 3_600_000 }, abort.signal);
  assert.equal(result.verdict, 'interrupted');
  assert.ok(performance.now() - startedAt < 30_000);
});

test('a database that goes away during the run costs the verdict, not the report', async (t) => {
  const { run, pool } = await startShop(t, {
    async answer(posted) {
      if (posted.key.endsWith('-5')) await pool.query('DROP TABLE orders');
      return accept(posted);
    },
    isStored: () => false,
  });
  const result = await run({ drainTimeoutMs: LOSING_MS });
  assert.equal(result.counts.accepted, 30);
  assert.ok(failed(result).includes('drained'));
  assert.match(Object.keys(result.answers).join(), /duplicates not counted: .*orders/);
});

test('an order without an answer is in the manifest as unknown', async (t) => {
  const { run } = await startShop(t, {
    answer: (posted) => (posted.key.endsWith('-3') ? undefined : accept(posted)),
  });
  const result = await run({ drainTimeoutMs: LOSING_MS });
  assert.equal(result.counts.unknown, 1);
  assert.deepEqual(failed(result), ['unknown', 'drained']);
  const unknown = (await manifestOf(result)).filter((entry) => entry.outcome === 'unknown');
  assert.deepEqual(
    unknown.map((entry) => [entry.n, entry.total_minor]),
    [[3, null]],
  );
});

test('what is missing is said before anything is sent', async (t) => {
  const { run, pool, producer } = await startShop(t);
  await assert.rejects(run({ url: 'http://127.0.0.1:1' }), { code: 'producer_unreachable', exitCode: 5 });
  await assert.rejects(run({ databaseUrl: 'mysql://a:b@127.0.0.1:1/x' }), { code: 'database_unreachable' });
  await pool.query('DELETE FROM products');
  await assert.rejects(run(), { code: 'stack_not_ready', next: ['oms seed'] });
  assert.equal(producer.posts.length, 0);
});
