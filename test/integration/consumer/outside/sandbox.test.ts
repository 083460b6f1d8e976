import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { ConsumerOptions } from '../../../../apps/consumer/app.ts';
import { SandboxCarrier } from '../../../../apps/consumer/outside/providers/sandbox-carrier.ts';
import { SandboxPayments } from '../../../../apps/consumer/outside/providers/sandbox-payments.ts';
import { orderEvent } from '../../../../lib/domain/order-events.ts';
import { startHookReceiver } from '../../../helpers/hook-receiver.ts';
import { placedEvent } from '../../../helpers/orders.ts';
import { type Pipeline, startPipeline } from '../../../helpers/pipeline.ts';
import { readBook, startTestSandbox, type TestSandbox } from '../../../helpers/sandbox.ts';
import { until } from '../../../helpers/until.ts';

type Who = NonNullable<ConsumerOptions['outside']>;

const CARRIERS = ['swiftpost', 'parcelway'];
const TIME_SCALE = 1_000_000;

/** Hub, consumer and sandbox; what the sandbox reports goes into the hub as the API would put it there. */
async function startShop(t: TestContext): Promise<{ pipeline: Pipeline; sandbox: TestSandbox; connect(): Who }> {
  const pipeline = await startPipeline(t);
  const hooks = await startHookReceiver(t);
  hooks.answer = (facts) => {
    const events = facts.map(({ id, type, time, data }) =>
      orderEvent(type, data as { order_id: string }, { id, time, source: '/hook' }),
    );
    void pipeline.send(events);
    return 202;
  };
  const sandbox = await startTestSandbox(t, { hooksUrl: hooks.url });
  const connect = () => ({
    performers: [
      new SandboxPayments(sandbox.url),
      ...CARRIERS.map((carrier) => new SandboxCarrier(carrier, sandbox.url)),
    ],
  });
  return { pipeline, sandbox, connect };
}

const order = (key: string, token: string) => ({
  ...placedEvent({
    key,
    data: { payment: { method: 'card', token }, simulation: { time_scale: TIME_SCALE, parcel: 'delivered' } },
  }),
  synthetic: true,
});

/** The return window of an order with a fast clock closes soon after. */
const DELIVERED = `('delivered', 'completed')`;
const counted = (pipeline: Pipeline, statuses: string) =>
  pipeline.count(`SELECT COUNT(*) FROM orders WHERE status IN ${statuses}`);

/** An order can be with its customer while the answer to its capture is on its way. */
const untilAnswered = (pipeline: Pipeline) =>
  until(
    'nothing waits that was done',
    async () =>
      (await pipeline.count(
        `SELECT COUNT(*) FROM external_ops o JOIN orders USING (order_seq)
         WHERE o.due_at IS NOT NULL AND status IN ${DELIVERED}`,
      )) === 0,
  );

suite('orders with the sandbox as provider and carriers', () => {
  test('are paid, packed, captured and delivered, whatever the provider does', async (t) => {
    const { pipeline, sandbox, connect } = await startShop(t);
    await pipeline.startConsumer(connect());
    const good = ['ok', 'soft', 'slow', 'timeout_after_execute', 'capture_fails'];
    const events = good.map((token) => order(token, `tok_${token}`));
    await pipeline.send([...events, order('stolen', 'tok_decline_stolen')]);
    await until('the good ones are delivered', async () => (await counted(pipeline, DELIVERED)) === 5, 60_000);
    await untilAnswered(pipeline);
    // From its history: nobody pays another way, and with a fast clock it is closed soon after.
    const refused = "SELECT COUNT(*) FROM order_history WHERE to_status = 'action_required'";
    await until('the stolen card is refused', async () => (await pipeline.count(refused)) === 1);
    assert.equal(await pipeline.count('SELECT COUNT(*) FROM dead_letters'), 0);

    const book = await readBook(sandbox);
    const captured = book.filter(({ kind }) => kind === 'capture');
    assert.deepEqual(captured.map(({ order_id }) => order_id).sort(), events.map(({ data }) => data.order_id).sort());
    const sum = captured.reduce((total, { amount_minor }) => total + amount_minor, 0);
    assert.equal(sum, await pipeline.count(`SELECT SUM(debit_minor) FROM ledger_entries WHERE account = 'provider'`));
  });

  test('requests that a consumer left behind are done by the next one, and money moves once', async (t) => {
    const { pipeline, sandbox, connect } = await startShop(t);
    const first = await pipeline.startConsumer();
    const events = Array.from({ length: 20 }, (_, n) => order(`left-${n}`, 'tok_ok'));
    await pipeline.send(events);
    await until('all wait for their payment', async () => (await counted(pipeline, `('reserved')`)) === 20, 30_000);
    await first.stop();
    await pipeline.startConsumer(connect());
    await until('all are delivered', async () => (await counted(pipeline, DELIVERED)) === 20, 60_000);
    await untilAnswered(pipeline);
    const keys = (await readBook(sandbox)).map(({ kind, order_id }) => `${kind} ${order_id}`);
    assert.equal(new Set(keys).size, 40);
    assert.equal(keys.length, 40);
  });
});
