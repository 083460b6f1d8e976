import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { startTestDatabase } from '../../helpers/database.ts';
import { startHookReceiver } from '../../helpers/hook-receiver.ts';
import { readBook, SandboxOrder, startTestSandbox } from '../../helpers/sandbox.ts';
import { startSandboxProcess } from '../../helpers/sandbox-process.ts';
import { until } from '../../helpers/until.ts';

suite('idempotency keys', () => {
  test('the same request gets the same answer, one after the other and at once, and is booked once', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    const [key, body] = [order.key('authorize'), order.authorizeBody('tok_soft')];
    const ask = async () => (await sandbox.post('/psp/payments', key, body)).json();
    const first = await ask();
    const others = await Promise.all(Array.from({ length: 20 }, ask));
    for (const other of others) assert.deepEqual(other, first);
    const refunds = new SandboxOrder(sandbox);
    await refunds.authorize('tok_ok', { method: 'wallet', capture: true });
    const refund = {
      ...{ order_id: refunds.id, currency: 'USD', attempt: 1, amount_minor: 100, provider_ref: null },
      authorize_key: refunds.key('authorize'),
    };
    const path = `/psp/payments/${refunds.key('authorize')}/refund`;
    const sent = Array.from({ length: 20 }, () => sandbox.post(path, refunds.key('refund'), refund));
    assert.ok((await Promise.all(sent)).every(({ status }) => status === 200));
    assert.equal((await readBook(sandbox, refunds.id)).filter(({ kind }) => kind === 'refund').length, 1);
  });

  test('another request under a used key is refused, whatever is different', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    await order.authorize('tok_ok');
    const key = order.key('authorize');
    const follow = { ...order.authorizeBody(), authorize_key: key, provider_ref: null };
    const statuses = [
      await sandbox.post('/psp/payments', key, order.authorizeBody('tok_ok', { amount_minor: 999 })),
      await sandbox.post(`/psp/payments/${key}/capture`, key, follow),
    ].map(({ status }) => status);
    assert.deepEqual(statuses, [422, 422]);
    const label = order.labelBody('swiftpost');
    await sandbox.post('/carriers/swiftpost/labels', order.key('label'), label);
    assert.equal((await sandbox.post('/carriers/parcelway/labels', order.key('label'), label)).status, 422);
  });

  test('the same request with its members in another order is the same request', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    const answer = await order.authorize('tok_ok');
    const turned = Object.fromEntries(Object.entries(order.authorizeBody('tok_ok')).toReversed());
    assert.deepEqual(await (await sandbox.post('/psp/payments', order.key('authorize'), turned)).json(), answer);
  });

  test('a key or a body that is none is refused, and says what is wrong', async (t) => {
    const sandbox = await startTestSandbox(t);
    const order = new SandboxOrder(sandbox);
    const refusals = [
      await sandbox.post('/psp/payments', 'x'.repeat(97), order.authorizeBody()),
      await sandbox.post('/psp/payments', order.key('authorize'), { ...order.authorizeBody(), amount_minor: -1 }),
      await sandbox.post('/psp/payments', order.key('authorize'), order.authorizeBody('tok_ok', { attempt: 70_000 })),
      await sandbox.post('/carriers/No_Such/labels', order.key('label'), order.labelBody()),
      await sandbox.post(`/psp/payments/${'x'.repeat(97)}/void`, order.key('capture'), order.authorizeBody()),
    ];
    const details = await Promise.all(
      refusals.map(async (refusal) => [refusal.status, (await refusal.json()) as object]),
    );
    assert.deepEqual(details.slice(0, 3), [
      [400, { code: 'idempotency_key', detail: 'the header Idempotency-Key is missing or wrong' }],
      [400, { code: 'body', detail: '/amount_minor must be >= 0' }],
      [400, { code: 'body', detail: '/attempt must be <= 99' }],
    ]);
    assert.deepEqual(
      details.slice(3).map(([status]) => status),
      [404, 404],
    );
  });
});

suite('kill -9', () => {
  test('every answer that was given holds, what was asked meanwhile is booked once, parcels go on', async (t) => {
    const database = await startTestDatabase(t, { migrate: false });
    const shop = await startHookReceiver(t);
    const sandbox = await startSandboxProcess(t, database, shop.url);
    const parcels = Array.from({ length: 5 }, () => new SandboxOrder(sandbox, { time_scale: 200_000 }));
    for (const parcel of parcels) await parcel.parcel('pickup', (await parcel.label()).tracking_no!);

    const orders = Array.from({ length: 200 }, () => new SandboxOrder(sandbox));
    const answers = new Map<string, unknown>();
    const ask = async (order: SandboxOrder) => {
      const response = await sandbox.post('/psp/payments', order.key('authorize'), order.authorizeBody('tok_ok'));
      return response.json();
    };
    const asked = orders.map(async (order) => {
      const answer = await ask(order).catch(() => undefined);
      if (answer) answers.set(order.id, answer);
    });
    await until('some are answered', () => answers.size > 0);
    await sandbox.kill9();
    await Promise.all(asked);
    await sandbox.start();

    for (const order of orders) {
      const again = await ask(order);
      assert.deepEqual(answers.get(order.id) ?? again, again);
    }
    const booked = await readBook(sandbox);
    assert.equal(booked.length, orders.length);
    assert.equal(new Set(booked.map(({ key }) => key)).size, orders.length);
    for (const parcel of parcels) {
      const facts = await shop.untilFacts(parcel.id, 4);
      assert.equal(facts.at(-1)?.type, 'oms.shipment.delivered.v1');
      assert.equal(facts.length, 4);
    }
  });

  test('a database that goes away and comes back: 500 meanwhile, then the same key answers', async (t) => {
    const database = await startTestDatabase(t, { migrate: false });
    const sandbox = await startTestSandbox(t, { database });
    const order = new SandboxOrder(sandbox);
    await database.kill9();
    const ask = () => sandbox.post('/psp/payments', order.key('authorize'), order.authorizeBody('tok_ok'));
    const refused = await ask();
    assert.equal(refused.status, 500);
    assert.match(await refused.text(), /the book could not be written/);
    assert.equal((await fetch(`${sandbox.url}/readyz`)).status, 503);
    assert.equal((await fetch(`${sandbox.url}/livez`)).status, 200);
    await database.restart();
    await until('it answers again', async () => (await ask()).status === 200);
    assert.equal((await readBook(sandbox, order.id)).length, 1);
  });
});
