import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { startTestDatabase } from '../../helpers/database.ts';
import { type HookReceiver, type ReportedFact, startHookReceiver } from '../../helpers/hook-receiver.ts';
import { SandboxOrder, startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { until } from '../../helpers/until.ts';

const FAST = { time_scale: 1_000_000 };

async function sendOff(sandbox: TestSandbox): Promise<SandboxOrder> {
  const order = new SandboxOrder(sandbox, FAST);
  await order.parcel('pickup', (await order.label()).tracking_no!);
  return order;
}

async function setFaults(sandbox: TestSandbox, faults: object): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${sandbox.url}/faults`, { method: 'PUT', headers, body: JSON.stringify(faults) })).status;
}

async function startBoth(t: TestContext): Promise<{ shop: HookReceiver; sandbox: TestSandbox }> {
  const shop = await startHookReceiver(t);
  return { shop, sandbox: await startTestSandbox(t, { hooksUrl: `${shop.url}/` }) };
}

const orderIdOf = ({ data }: ReportedFact) => (data as { order_id: string }).order_id;

suite('webhooks', () => {
  test('a shop that fails is told again until it takes them: the same facts, each once in the end', async (t) => {
    const { shop, sandbox } = await startBoth(t);
    let refusals = 0;
    const refused: string[] = [];
    shop.answer = (facts) => {
      refused.push(...facts.map(({ id }) => id));
      refusals += 1;
      return refusals > 3 ? 200 : 503;
    };
    const order = await sendOff(sandbox);
    const facts = await shop.untilFacts(order.id, 4);
    assert.equal(shop.facts.length, 4);
    assert.ok(refused.includes(facts[0]!.id));
    assert.deepEqual(shop.faults, []);
  });

  test('what was not taken when the sandbox stopped is told after it has started again', async (t) => {
    const database = await startTestDatabase(t, { migrate: false });
    const alone = await startTestSandbox(t, { database });
    const order = await sendOff(alone);
    await alone.stop();
    const shop = await startHookReceiver(t);
    await startTestSandbox(t, { database, hooksUrl: shop.url });
    const facts = await shop.untilFacts(order.id, 4);
    assert.equal(facts.at(-1)?.type, 'oms.shipment.delivered.v1');
  });

  test('a fact that the shop refuses holds up its own parcel and no other', async (t) => {
    const { shop, sandbox } = await startBoth(t);
    shop.answer = () => 503;
    const orders = [await sendOff(sandbox), await sendOff(sandbox), await sendOff(sandbox)];
    const bad = orders[1]!.id;
    shop.answer = (facts) => (facts.some((fact) => orderIdOf(fact) === bad) ? 400 : 200);
    await shop.untilFacts(orders[0]!.id, 4);
    await shop.untilFacts(orders[2]!.id, 4);
    assert.equal(shop.facts.length, 8);
  });

  test('many facts travel together', async (t) => {
    const { shop, sandbox } = await startBoth(t);
    shop.answer = () => 503;
    const orders = await Promise.all(Array.from({ length: 50 }, () => sendOff(sandbox)));
    shop.answer = () => 200;
    for (const order of orders) await shop.untilFacts(order.id, 4);
    assert.ok(shop.requests.length < 30, `${shop.requests.length} requests for 200 facts`);
  });
});

suite('faults on purpose', () => {
  test('webhooks that get lost or are sent twice: the shop still hears everything', async (t) => {
    const { shop, sandbox } = await startBoth(t);
    await setFaults(sandbox, { drop_webhooks_rate: 0.3, duplicate_webhooks_rate: 1 });
    const order = await sendOff(sandbox);
    await shop.untilFacts(order.id, 4);
    await until('the last was sent twice', () => shop.facts.length >= 8);
    const times = Map.groupBy(shop.facts, ({ id }) => id);
    assert.deepEqual(
      [...times.values()].map(({ length }) => length),
      [2, 2, 2, 2],
    );
    assert.deepEqual(shop.faults, []);
  });

  test('one carrier is out of service, the other goes on', async (t) => {
    const sandbox = await startTestSandbox(t);
    await setFaults(sandbox, { unavailable: { carrier: 'swiftpost' } });
    const order = new SandboxOrder(sandbox);
    const away = await order.send('label', '/carriers/swiftpost/labels', order.labelBody('swiftpost'));
    assert.equal(away.status, 503);
    assert.equal((await order.label('parcelway')).status, 'created');
    assert.equal((await order.authorize()).status, 'authorized');
    await setFaults(sandbox, { unavailable: { psp: true } });
    assert.equal((await order.label('swiftpost')).status, 'created');
    assert.equal((await order.send('authorize', '/psp/payments', order.authorizeBody())).status, 503);
  });

  test('server errors: half of them booked, and the same key answers in the end', async (t) => {
    const sandbox = await startTestSandbox(t);
    await setFaults(sandbox, { error_rate: 0.5, seed: 7 });
    for (let index = 0; index < 20; index++) {
      const order = new SandboxOrder(sandbox);
      const ask = () => sandbox.post('/psp/payments', order.key('authorize'), order.authorizeBody());
      let response = await ask();
      for (let again = 0; response.status === 500 && again < 50; again++) response = await ask();
      assert.equal(((await response.json()) as { status: string }).status, 'authorized');
    }
  });

  test('labels that a carrier does not make', async (t) => {
    const sandbox = await startTestSandbox(t);
    await setFaults(sandbox, { label_failure_rate: 1 });
    assert.deepEqual(await new SandboxOrder(sandbox).label(), { status: 'failed', code: 'label_service_error' });
  });

  test('settings that are none are refused and change nothing', async (t) => {
    const sandbox = await startTestSandbox(t);
    assert.equal(await setFaults(sandbox, { error_rate: 2 }), 400);
    assert.equal(await setFaults(sandbox, { eror_rate: 0.5 }), 400);
    const settings = (await (await fetch(`${sandbox.url}/faults`)).json()) as { error_rate: number };
    assert.equal(settings.error_rate, 0);
  });
});
