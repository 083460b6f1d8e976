import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { INVARIANTS } from '../../../src/stages/verify/invariants.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { SEED_NOW } from '../../helpers/seed-history.ts';
import { checksums, rowsOf, runSeed } from '../../helpers/seeding.ts';
import { until } from '../../helpers/until.ts';

const SMALL = { orders: 4_500, products: 60, days: 60 };
const LARGER = { ...SMALL, orders: 16_000 };
const DEV = join(import.meta.dirname, '..', '..', '..', 'bin', 'dev.js');

async function faultsOf(url: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { name, sql, params, isFault } of INVARIANTS) {
    const moment = { lateBefore: new Date(), quietBefore: new Date() };
    const rows = await rowsOf(url, sql, params?.(moment) as string[]);
    const found = isFault ? rows.filter((row) => isFault(row as never)) : rows;
    if (found.length > 0) faults.push(`${name}: ${JSON.stringify(found[0])}`);
  }
  return faults;
}

const count = async (url: string, from: string) =>
  Number((await rowsOf(url, `SELECT COUNT(*) AS n FROM ${from}`))[0]!.n);

/** `oms seed` as a process of its own, with the clock of the other seeds. */
function spawnSeed(t: TestContext, url: string, args: string[]) {
  const now = ['--now', new Date(SEED_NOW).toISOString()];
  const child = spawn(process.execPath, [DEV, 'seed', '--database-url', url, ...now, ...args], {
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { kill: (signal: NodeJS.Signals) => child.kill(signal), ended, errors: () => errors };
}

suite('a seeded database', () => {
  test('keeps every invariant that verify knows', async (t) => {
    const { url } = await startTestDatabase(t);
    const result = await runSeed(url, SMALL);
    assert.deepEqual([result.state, result.orders, result.written.orders], ['seeded', 4_500, 4_500]);
    assert.equal(result.history_until, new Date(SEED_NOW).toISOString());
    assert.deepEqual(await faultsOf(url), []);
    assert.ok((await count(url, 'reservations')) > 0);
    for (const [table, rows] of Object.entries(result.written)) {
      if (table !== 'stock_moves') assert.equal(await count(url, table), rows, table);
    }
  });

  test('refers to customers and products that are there, and is numbered from one', async (t) => {
    const { url } = await startTestDatabase(t);
    await runSeed(url, SMALL);
    assert.equal(await count(url, 'orders LEFT JOIN customers USING (customer_ref) WHERE segment IS NULL'), 0);
    assert.equal(await count(url, 'order_items LEFT JOIN products USING (product_id) WHERE sku IS NULL'), 0);
    assert.deepEqual(await rowsOf(url, 'SELECT MIN(product_id) AS first, MAX(product_id) AS last FROM products'), [
      { first: 1, last: 60 },
    ]);
  });

  test('is the same in another database', async (t) => {
    const [one, other] = [await startTestDatabase(t), await startTestDatabase(t)];
    await runSeed(one.url, SMALL);
    await runSeed(other.url, SMALL);
    assert.deepEqual(await checksums(other.url), await checksums(one.url));
  });

  test('stays as it is when it is seeded again, also at a later time', async (t) => {
    const { url } = await startTestDatabase(t);
    await runSeed(url, SMALL);
    const before = await checksums(url);
    const again = await runSeed(url, SMALL);
    const later = await runSeed(url, { ...SMALL, now: '2026-12-24T00:00:00Z' });
    assert.deepEqual([again.state, later.state, again.written.orders], ['already_seeded', 'already_seeded', 0]);
    assert.equal(later.history_until, new Date(SEED_NOW).toISOString());
    assert.deepEqual(await checksums(url), before);
  });

  test('refuses other values, and is made anew with --reset', async (t) => {
    const { url } = await startTestDatabase(t);
    await runSeed(url, SMALL);
    const before = await checksums(url);
    await assert.rejects(runSeed(url, { ...SMALL, orders: 10 }), { code: 'refused' });
    await assert.rejects(runSeed(url, { ...SMALL, orders: 10, reset: true }), { code: 'refused' });
    assert.deepEqual(await checksums(url), before);
    const anew = await runSeed(url, { ...SMALL, orders: 10, reset: true, yes: true });
    assert.equal(anew.state, 'seeded');
    assert.equal(await count(url, 'orders'), 10);
    assert.deepEqual(await faultsOf(url), []);
  });

  test('gets its history later, where only the catalogue was asked for at first', async (t) => {
    const [one, other] = [await startTestDatabase(t), await startTestDatabase(t)];
    await runSeed(one.url, SMALL);
    await runSeed(other.url, { ...SMALL, orders: 0 });
    assert.equal(await count(other.url, 'orders'), 0);
    await runSeed(other.url, SMALL);
    assert.deepEqual(await checksums(other.url), await checksums(one.url));
  });

  test('two seeds at the same time make one', async (t) => {
    const [one, both] = [await startTestDatabase(t), await startTestDatabase(t)];
    await runSeed(one.url, SMALL);
    await runSeed(both.url, { ...SMALL, orders: 0 });
    const outcomes = await Promise.allSettled([runSeed(both.url, SMALL), runSeed(both.url, SMALL)]);
    // The slower one is refused, or finds chunks to write; either way nothing is written twice.
    for (const outcome of outcomes) if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'refused');
    assert.ok(outcomes.some(({ status }) => status === 'fulfilled'));
    assert.deepEqual(await checksums(both.url), await checksums(one.url));
  });
});

suite('a seed that is cut off', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const) {
    test(`by ${signal} leaves what is whole, and goes on where it stopped`, async (t) => {
      const [whole, cut] = [await startTestDatabase(t), await startTestDatabase(t)];
      await runSeed(whole.url, LARGER);
      const child = spawnSeed(t, cut.url, ['--orders', String(LARGER.orders), '--products', '60', '--days', '60']);
      await until('a first chunk', async () => (await count(cut.url, 'seed_chunks').catch(() => 0)) > 0, 30_000);
      child.kill(signal);
      assert.equal(await child.ended, code);
      assert.ok((await count(cut.url, 'orders')) < LARGER.orders);
      if (signal === 'SIGINT') assert.match(child.errors(), /error stopped with [\d,]+ of 16,000 orders written/);
      assert.deepEqual(await faultsOf(cut.url), []);
      // The clock has gone on meanwhile; the history keeps the one it began with.
      const rest = await runSeed(cut.url, { ...LARGER, now: '2026-12-24T00:00:00Z' });
      assert.equal(rest.state, 'resumed');
      assert.deepEqual(await checksums(cut.url), await checksums(whole.url));
    });
  }

  test('in a chunk leaves nothing of that chunk', async (t) => {
    const { url } = await startTestDatabase(t);
    await runSeed(url, { ...SMALL, orders: 0 });
    // Orders of the later chunks are refused in the middle of their transactions.
    await rowsOf(url, 'ALTER TABLE payments ADD CONSTRAINT ck_no_second CHECK (created_at < ?)', ['2026-10-20']);
    await assert.rejects(runSeed(url, SMALL), /rows did not get into payments/);
    assert.deepEqual(await faultsOf(url), []);
    await rowsOf(url, 'ALTER TABLE payments DROP CONSTRAINT ck_no_second');
    const rest = await runSeed(url, SMALL);
    assert.equal(rest.state, 'resumed');
    assert.equal(await count(url, 'orders'), 4_500);
    assert.deepEqual(await faultsOf(url), []);
  });
});
