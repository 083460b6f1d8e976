import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { openPool, type Pool } from '../../../lib/database/connect.ts';
import { uuidToBytes } from '../../../lib/domain/ids.ts';
import type { SimulateResult } from '../../../src/stages/simulate/result.ts';
import { type SimulateOptions, simulate } from '../../../src/stages/simulate/simulate.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { accept, type FakeAnswer, type Posted, startFakeProducer } from '../../helpers/fake-producer.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { insertProducts, storeOrder, type TestProduct } from '../../helpers/stored-orders.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const TOKEN = 'token-of-the-staff';
const REFUSED: FakeAnswer = { status: 409, body: { code: 'invalid_transition' } };
const COUNT = 120;

/** Every third order, by its number: orders come at even times, so none of theirs will do. */
const isHeld = (key: string) => Number(key.slice(key.lastIndexOf('-') + 1)) % 3 === 0;

/** Where an order gets to by itself, as far as customers can tell. */
function firstStop({ payment }: Posted['request']): [status: string, reason: string | null] {
  if (payment.token?.endsWith('_mfa')) return ['action_required', 'mfa'];
  return payment.token?.includes('_decline_') ? ['action_required', 'payment'] : ['delivered', null];
}

/** A shop in miniature: orders stop where their customers have to act, and end when they have. */
class Shop {
  readonly pool: Pool;
  private readonly products: readonly TestProduct[];
  /** Whether some orders are held for review. */
  private readonly holds: boolean;

  constructor(pool: Pool, products: readonly TestProduct[], holds: boolean) {
    this.pool = pool;
    this.products = products;
    this.holds = holds;
  }

  async answer(posted: Posted): Promise<FakeAnswer> {
    if (posted.path === '/api/orders') return this.place(posted);
    const [, id = '', action = ''] = /([0-9a-f-]{36})\/(?:review\/)?([a-z-]+)$/.exec(posted.path) ?? [];
    if (posted.path.includes('/admin/') && posted.authorization !== `Bearer ${TOKEN}`) return { status: 401 };
    const [from, to, reason] = STEPS[action]!;
    return (await this.step(uuidToBytes(id), from, to, reason)) ? { status: 202 } : REFUSED;
  }

  private async place(posted: Posted): Promise<FakeAnswer> {
    if (posted.key.startsWith('bad-')) return { status: 422, body: { code: 'validation_failed' } };
    if (posted.before > 0) return accept(posted);
    const { seq, totalMinor } = await storeOrder(this.pool, this.products, posted.request, posted.key);
    await this.pool.query('UPDATE order_items SET shipped_quantity = quantity WHERE order_seq = ?', [seq]);
    const [status, reason] = this.holds && isHeld(posted.key) ? ['review', null] : firstStop(posted.request);
    await this.pool.query('UPDATE orders SET status = ?, reason_code = ?, version = 3 WHERE order_seq = ?', [
      status,
      reason,
      seq,
    ]);
    return { status: 202, body: { ...(accept(posted).body as object), total_minor: totalMinor } };
  }

  private async step(id: Buffer, from: readonly string[], to: string, reason: string | null): Promise<boolean> {
    const [result] = await this.pool.query(
      `UPDATE orders SET status = ?, reason_code = ?, version = version + 1, status_since = UTC_TIMESTAMP(6)
        WHERE order_id = ? AND status IN (?)`,
      [to, reason, id, from],
    );
    return (result as { affectedRows: number }).affectedRows === 1;
  }

  /** Return windows close: what nobody sends back is over. */
  async closeWindows(): Promise<void> {
    await this.pool.query(`UPDATE orders SET status = 'completed', version = version + 1
      WHERE status = 'delivered' AND status_since < UTC_TIMESTAMP(6) - INTERVAL 3 SECOND`);
  }
}

const STEPS: Record<string, [from: readonly string[], to: string, reason: string | null]> = {
  cancel: [['action_required', 'review'], 'cancelled', 'customer'],
  mfa: [['action_required'], 'delivered', null],
  'payment-method': [['action_required'], 'delivered', null],
  approve: [['review'], 'delivered', null],
  reject: [['review'], 'cancelled', 'fraud'],
  returns: [['delivered'], 'returned', 'returned'],
};

/** @param options.holds false: every order gets where it gets without the staff, who is faster than some runs are over */
async function startShop(t: TestContext, { holds = true } = {}) {
  const database = await startTestDatabase();
  const pool = openPool(database.url);
  const shop = new Shop(pool, await insertProducts(pool, 5), holds);
  const windows = setInterval(() => void shop.closeWindows().catch(() => {}), 200);
  t.after(async () => {
    clearInterval(windows);
    await pool.end();
  });
  const producer = await startFakeProducer(t, (posted) => shop.answer(posted));
  const context = quietContext(tempFolder(t));
  const settings = { ...context.settings, adminToken: TOKEN };
  const run = (options: Partial<SimulateOptions>) =>
    simulate(
      {
        rate: 100,
        durationMs: undefined,
        orders: COUNT,
        seed: 7,
        zipf: 1,
        arrivals: undefined,
        from: undefined,
        speed: undefined,
        url: producer.url,
        databaseUrl: database.appUrl,
        ...options,
      },
      { ...context, settings },
    );
  return { run, producer };
}

const failed = (result: SimulateResult) =>
  result.thresholds.filter(({ ok, name }) => !ok && !/^(rate|generator)/.test(name)).map(({ name }) => name);

interface Line {
  n: number;
  key: string;
  labels: { payment: string; fraud: string | null; plans: string[] };
}

const manifestOf = async ({ manifest }: SimulateResult): Promise<Line[]> =>
  (await readFile(manifest, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .sort((a, b) => a.n - b.n);

test('customers and staff see every order of a run to its end, by the truth about it', async (t) => {
  const { run, producer } = await startShop(t);
  const mix = 'declines=20,mfa=20,returns=30,cancels=10,fraud=5';
  const result = await run({ mix });
  assert.deepEqual(failed(result), []);
  const { statuses } = result.outcomes!;
  const ends = ['completed', 'cancelled', 'returned'].reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
  assert.equal(ends, COUNT);

  const lines = await manifestOf(result);
  const { customers = {} } = result;
  /** Whoever means to cancel may do so before the request; everybody else makes it. */
  const assertDone = (action: string, of: (line: Line) => boolean) => {
    const most = lines.filter(of);
    const sure = most.filter(({ labels }) => !labels.plans.some((plan) => plan.startsWith('cancel')));
    const done = customers[action]?.done ?? 0;
    assert.ok(sure.length > 0, `the run has somebody to ${action}`);
    assert.ok(done >= sure.length && done <= most.length, `${action}: ${done}, not ${sure.length} to ${most.length}`);
  };
  assertDone('mfa', ({ key, labels }) => !isHeld(key) && labels.payment === 'mfa');
  assertDone('approve', ({ key, labels }) => isHeld(key) && labels.fraud === null);
  assertDone('reject', ({ key, labels }) => isHeld(key) && labels.fraud !== null);
  assert.ok(customers.returns!.done > 0 && statuses.returned === customers.returns!.done);

  const requests = producer.posts.filter(({ path }) => path !== '/api/orders');
  assert.equal(new Set(requests.map(({ key }) => key)).size, requests.length, 'each request has a key of its own');
  assert.ok(requests.every(({ key }) => key.startsWith(result.key_prefix)));
});

test('an order that does not end is said to be open', async (t) => {
  const { run } = await startShop(t, { holds: false });
  const result = await run({ mix: 'mfa=100,silent=100', orders: 5, drainTimeoutMs: 3_000 });
  assert.deepEqual(failed(result), ['every order ended']);
  assert.equal(result.thresholds.find(({ name }) => name === 'every order ended')?.got, '5 still open');
});

test('without waiting for the end a run is over when its orders are stored', async (t) => {
  const { run } = await startShop(t, { holds: false });
  const result = await run({ mix: 'mfa=100,silent=100', orders: 5, untilDone: false });
  assert.deepEqual(failed(result), []);
  assert.deepEqual(result.outcomes!.statuses, { action_required: 5 });
});

test('bad requests are counted by what came of them', async (t) => {
  const { run } = await startShop(t);
  const result = await run({ badEvents: 100, duplicates: 50, orders: 30 });
  const { sent, as_expected, surprises } = result.bad_input!;
  assert.equal(sent, 30);
  assert.ok(as_expected > 0 && as_expected < sent, 'this shop gives every bad request the same answer');
  assert.ok(surprises.every(({ expected, got }) => got === '422 validation_failed' && expected !== got));
  assert.ok(result.sent_again!.times > 0);
  assert.deepEqual(failed(result), ['bad input']);
});
