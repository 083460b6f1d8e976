import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { openPool, type Pool, type RowDataPacket } from '../../../lib/database/connect.ts';
import { statusEventId, uuidToBytes } from '../../../lib/domain/ids.ts';
import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import { OmsError } from '../../../src/errors.ts';
import { type ChangeOptions, cancelOrder, refundOrder, returnOrder } from '../../../src/stages/order/change.ts';
import { OrderStory } from '../../../src/stages/order/result.ts';
import { showOrder } from '../../../src/stages/order/show.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { type Asked, startFakeOrderApi } from '../../helpers/fake-order-api.ts';
import { quietContext } from '../../helpers/quiet-context.ts';
import { runCli } from '../../helpers/run-cli.ts';
import { insertProducts, type StoredOrder, storeOrder } from '../../helpers/stored-orders.ts';
import { cancel, complete, TO_DELIVERED, walk } from '../../helpers/whole-orders.ts';

const request = (n: number): OrderRequest => ({
  customer: `c-${n}`,
  channel: 'web',
  currency: 'USD',
  items: [
    { sku: 'P-1', quantity: 2 },
    { sku: 'P-2', quantity: 1 },
  ],
  ship_to: { country: 'DE', city: 'Berlin' },
  payment: { method: 'card' },
});

const EVENT = '0f0e0d0c-0b0a-8908-8706-050403020100';

suite('oms order', () => {
  let pool: Pool;
  let databaseUrl = '';
  const orders: StoredOrder[] = [];
  const quiet = quietContext('/nowhere');
  const context = { ...quiet, settings: { ...quiet.settings, adminToken: 'a-token-of-the-staff' } };
  const name = (text: string, customer?: string) => ({ order: { text, customer }, databaseUrl });
  const cli = (...args: string[]) => runCli(['order', ...args], { env: { OMS_DATABASE_URL: databaseUrl } });

  before(async () => {
    const database = await startTestDatabase();
    databaseUrl = database.appUrl;
    pool = openPool(database.url, { connectionLimit: 1 });
    const products = await insertProducts(pool, 2);
    for (let n = 0; n < 8; n++) orders.push(await storeOrder(pool, products, request(n), `order-${n}`));
    await complete(pool, orders[0]!);
    await cancel(pool, orders[1]!);
    await walk(pool, orders[2]!, TO_DELIVERED);
  });
  after(() => pool.end());

  /** The event of a step as the inbox keeps it, heard half a minute after the last step so far. */
  const hear = async (order: StoredOrder, version: number, type: string, source: string, verdict = 'applied') => {
    const [[last]] = await pool.query<RowDataPacket[]>('SELECT MAX(at) AS at FROM order_history WHERE order_seq = ?', [
      order.seq,
    ]);
    await pool.query('INSERT INTO inbox SET ?', [
      {
        order_seq: order.seq,
        event_id: uuidToBytes(statusEventId(order.orderId, version)),
        ...{ type, source, verdict },
        detail: verdict === 'applied' ? null : 'the order is completed since',
        at: new Date(last!.at.getTime() + 30_000),
      },
    ]);
  };

  test('show reads like a story: what happened, who said so, and what came too late', async () => {
    const order = orders[0]!;
    await hear(order, 3, 'oms.payment.authorized.v1', '/psp/sandbox');
    await hear(order, 6, 'oms.shipment.delivered.v1', '/carrier/swiftpost');
    await hear(order, 99, 'oms.order.cancel_requested.v1', '/admin/ana', 'late');
    await pool.query('INSERT INTO tracking_events SET ?', [
      {
        order_seq: order.seq,
        parcel_no: 1,
        event_id: uuidToBytes(statusEventId(order.orderId, 6)),
        status: 'delivered',
        at: new Date(),
        place: 'Berlin',
      },
    ]);
    const { code, stdout, stderr } = await cli('show', order.orderId.slice(0, 13));
    assert.equal(code, 0, stderr);
    const lines = stdout.split('\n').map((line) => line.replace(/\d\d:\d\d:\d\d/g, 'TIME').trim());
    const expected = [
      `Order ${order.orderId}  Completed`,
      'TIME               the order was placed (shop)  → Confirming payment',
      'TIME     +1 m 0 s  the money was set aside (sandbox)  → Confirmed',
      'TIME     +1 m 0 s  parcel 1 delivered in Berlin (swiftpost)  → Delivered',
      'TIME       +30.0 s  a cancellation was asked for (staff (ana))  [late: the order is completed since]',
      'attempt 1 by card: captured, $40.70, taken $40.70',
      `oms order refund ${order.orderId} --amount ... (up to $40.70)`,
    ].map((line) => line.replace(/ +/g, ' '));
    const told = new Set(lines.map((line) => line.replace(/ +/g, ' ')));
    for (const line of expected) assert.ok(told.has(line), `${line}\n${stdout}`);
  });

  test('--json has all of it in the published form', async () => {
    const validator = Compile(OrderStory);
    for (const { orderId } of orders.slice(0, 3)) {
      const story = await showOrder(name(orderId), context);
      assert.deepEqual([...validator.Errors(story)], []);
    }
    const { stdout } = await cli('show', 'order-1', '--customer', 'c-1', '--json');
    const { status, result } = JSON.parse(stdout);
    assert.equal(status, 0);
    assert.deepEqual([result.order_id, result.status, result.refunds.length], [orders[1]!.orderId, 'cancelled', 1]);
  });

  test('an order is found by the beginning of its id, and nothing is guessed', async () => {
    const { orderId } = orders[3]!;
    assert.equal((await showOrder(name(orderId.toUpperCase()), context)).order_id, orderId);
    const twin = Buffer.from(uuidToBytes(orderId));
    twin[15]! ^= 1;
    await pool.query('UPDATE orders SET order_id = ? WHERE order_seq = ?', [twin, orders[4]!.seq]);
    const refused = async (text: string, code: string, customer?: string) => {
      await assert.rejects(showOrder(name(text, customer), context), (error: OmsError) => error.code === code);
    };
    await refused(orderId.slice(0, 20), 'usage');
    await refused('ffffffff-ffff', 'not_found');
    await refused('abc', 'usage');
    await refused("' OR 1=1", 'usage');
    await refused('order-77', 'not_found', 'c-1');
  });

  test('list shows the newest, or those of one status', async () => {
    const { stdout } = await cli('list', '--status', 'delivered');
    const [, , ...rows] = stdout.trim().split('\n');
    assert.equal(rows.length, 1);
    assert.match(rows[0]!, new RegExp(`^${orders[2]!.orderId} .* delivered +\\$40.70 +c-2$`));
    const wrong = await cli('list', '--status', 'sold');
    assert.equal(wrong.code, 2);
  });

  /** An API that takes a request and lets the event be handled with a verdict. */
  const desk = async (t: TestContext, verdict: string, order: StoredOrder, cuts = 0) => {
    const handle = async (asked: Asked) => {
      if (asked.before < cuts) return undefined;
      await pool.query('INSERT INTO inbox SET ?', [
        {
          order_seq: order.seq,
          event_id: uuidToBytes(EVENT),
          type: 'oms.order.cancel_requested.v1',
          source: '/admin/cli',
          verdict,
          detail: verdict === 'applied' ? null : 'a parcel has left',
          at: new Date(),
        },
      ]);
      return { status: 202, body: { order_id: order.orderId, event_id: EVENT, status_url: '/', return_id: EVENT } };
    };
    return startFakeOrderApi(t, handle);
  };
  const change = (order: StoredOrder, url: string): ChangeOptions => ({
    ...name(order.orderId),
    url,
    waitMs: 5_000,
  });

  test('cancel hands the wish in once, however often it has to be sent, and shows what came of it', async (t) => {
    const order = orders[3]!;
    const { url, asked } = await desk(t, 'applied', order, 1);
    const env = { OMS_DATABASE_URL: databaseUrl, OMS_PRODUCER_URL: url, OMS_ADMIN_TOKEN: 'a-token-of-the-staff' };
    const { code, stdout, stderr } = await runCli(['order', 'cancel', order.orderId, '--reason', 'twice'], { env });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^done, .*\n\nOrder /);
    assert.equal(asked.length, 2);
    assert.equal(asked[0]!.key, asked[1]!.key);
    assert.deepEqual(
      [asked[1]!.path, asked[1]!.authorization, asked[1]!.body],
      [`/api/admin/orders/${order.orderId}/cancel`, 'Bearer a-token-of-the-staff', { by: 'cli', reason: 'twice' }],
    );
  });

  test('an event that came too late is an error, although it was taken', async (t) => {
    const order = orders[5]!;
    const { url } = await desk(t, 'refused', order);
    await assert.rejects(cancelOrder({ ...change(order, url), reason: undefined }, context), (error: OmsError) => {
      assert.deepEqual([error.code, error.why], ['invalid_transition', 'a parcel has left']);
      return true;
    });
  });

  test('a refusal says what is possible instead', async (t) => {
    const body = {
      code: 'invalid_transition',
      detail: 'an order that is delivered cannot be cancelled',
      possible: ['returns'],
    };
    const { url } = await startFakeOrderApi(t, async () => ({ status: 409, body }));
    const env = { OMS_DATABASE_URL: databaseUrl, OMS_PRODUCER_URL: url, OMS_ADMIN_TOKEN: 'a-token-of-the-staff' };
    const { code, stderr } = await runCli(['order', 'cancel', orders[2]!.orderId], { env });
    assert.equal(code, 3);
    assert.match(stderr, /error an order that is delivered cannot be cancelled\n +why +possible now: returns\n/);
  });

  test('a return is announced in the name of the customer', async (t) => {
    const order = orders[6]!;
    const { url, asked } = await desk(t, 'applied', order);
    const lines = [{ line: 1, quantity: 2 }];
    const result = await returnOrder({ ...change(order, url), lines, reason: 'damaged' }, context);
    assert.equal(result.return_id, EVENT);
    assert.equal(asked[0]!.path, `/api/orders/${order.orderId}/returns`);
    assert.deepEqual(asked[0]!.body, { customer: 'c-6', reason: 'damaged', lines });
  });

  test("a refund is of an amount in the order's currency", async (t) => {
    const order = orders[7]!;
    const { url, asked } = await desk(t, 'applied', order);
    const refund = (amount: string) => refundOrder({ ...change(order, url), amount, reason: 'goodwill' }, context);
    for (const amount of ['1.234', '-1', '0', 'ten', '1,5']) {
      await assert.rejects(refund(amount), (error: OmsError) => error.code === 'usage', amount);
    }
    const tooMuch = refundOrder({ ...change(orders[0]!, url), amount: '40.71', reason: 'goodwill' }, context);
    await assert.rejects(tooMuch, (error: OmsError) => {
      assert.equal(error.message, '$40.71 is too much to give back');
      assert.equal(error.why, '$40.70 is left of what was paid');
      return true;
    });
    assert.equal(asked.length, 0);
    await refund('12.3');
    assert.deepEqual(asked[0]!.body, { by: 'cli', amount_minor: 1_230, reason: 'goodwill' });
  });

  test('an API that is away or does not know us is said so', async (t) => {
    const order = orders[7]!;
    const cases: [status: number, code: string][] = [
      [401, 'refused'],
      [404, 'not_found'],
      [422, 'usage'],
      [503, 'producer_unreachable'],
    ];
    for (const [status, code] of cases) {
      const { url } = await startFakeOrderApi(t, async () => ({ status, body: { code: 'x', detail: 'because' } }));
      const asked = cancelOrder({ ...change(order, url), reason: undefined }, context);
      await assert.rejects(
        asked,
        (error: OmsError) => error instanceof OmsError && error.code === code,
        String(status),
      );
    }
    const stranger = cancelOrder({ ...change(order, 'http://127.0.0.1:1'), reason: undefined }, quiet);
    await assert.rejects(stranger, (error: OmsError) => error.code === 'credential_missing');
    const away = cancelOrder({ ...change(order, 'http://127.0.0.1:1'), reason: undefined }, context);
    await assert.rejects(away, (error: OmsError) => error.code === 'producer_unreachable');
  });
});
