import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { RowChange } from '../../../../../apps/consumer/outside/op-rows.ts';
import { OpWorker } from '../../../../../apps/consumer/outside/op-worker.ts';
import { Peers } from '../../../../../apps/consumer/outside/peers.ts';
import {
  OutcomeUnknownError,
  PENDING,
  type Performer,
  UnavailableError,
} from '../../../../../apps/consumer/outside/performer.ts';
import { answerEventId } from '../../../../../lib/domain/ids.ts';
import type { ExternalOp } from '../../../../../lib/process/external-op.ts';
import { createLogger } from '../../../../../lib/runtime/logger.ts';
import {
  authorizedAnswer,
  FakeSender,
  keyOf,
  ORDER_ID,
  performer,
  testMetrics,
  waitingOp,
} from '../../../../helpers/outside.ts';
import { until } from '../../../../helpers/until.ts';

const logger = createLogger('test', 'silent');
const handed = (op: ExternalOp) => ({ seq: 7, orderId: ORDER_ID, op });

/** A worker with fakes all around it; `rows` keeps what would have been written to the database. */
function startWorker(t: TestContext, performers: readonly Performer[]) {
  const sender = new FakeSender();
  const rows: RowChange[] = [];
  const metrics = testMetrics();
  const peers = new Peers(performers, metrics, logger);
  const write = async (change: RowChange) => {
    rows.push(change);
  };
  const worker = new OpWorker({ peers, rows: { write }, sender, metrics, logger });
  t.after(() => worker.stop());
  return { worker, sender, rows };
}

const payments = (perform: Parameters<typeof performer<'authorize'>>[2]) =>
  performer('testpay', ['authorize'], perform);

suite('requests to the outside', () => {
  test('an answer becomes an event whose id follows from the key, and the database hears nothing', async (t) => {
    const { worker, sender, rows } = startWorker(t, [payments(async (op, key) => authorizedAnswer(op, key))]);
    const op = waitingOp('authorize');
    worker.take([handed(op)]);
    const event = await until('it is published', () => sender.sent[0]);
    assert.equal(event.type, 'oms.payment.authorized.v1');
    assert.equal(event.id, answerEventId(keyOf(op), 'oms.payment.authorized.v1'));
    assert.equal(event.source, '/psp/testpay');
    assert.equal(event.causationid, keyOf(op));
    assert.equal(event.partitionkey, ORDER_ID);
    assert.equal(event.synthetic, undefined);
    assert.equal(event.data.op_key, keyOf(op));
    assert.deepEqual(rows, []);
  });

  test('the same request, handed over again while its answer is on its way, is done once', async (t) => {
    let calls = 0;
    const gate = Promise.withResolvers<void>();
    const { worker, sender } = startWorker(t, [
      payments(async (op, key) => {
        calls += 1;
        await gate.promise;
        return authorizedAnswer(op, key);
      }),
    ]);
    const op = waitingOp('authorize', { simulation: { time_scale: 10 } });
    worker.take([handed(op), handed(op)]);
    worker.retry(handed(op), 1);
    gate.resolve();
    await until('it is published', () => sender.sent.length > 0);
    worker.retry(handed(op), 1);
    assert.ok(worker.hasAnswered(keyOf(op)));
    assert.equal(calls, 1);
    assert.equal(sender.sent.length, 1);
    assert.equal(sender.sent[0]?.synthetic, true);
  });

  test('an answer that is a while on its way, because the hub has a backlog, is not asked for again', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
    const { worker, sender } = startWorker(t, [payments(async (op, key) => authorizedAnswer(op, key))]);
    const op = waitingOp('authorize', { dueAt: Date.now() });
    worker.take([handed(op)]);
    while (!worker.hasAnswered(keyOf(op))) await setImmediate();
    t.mock.timers.tick(50_000);
    worker.retry(handed(op), 0);
    await worker.stop();
    assert.equal(sender.sent.length, 1);
  });

  test('an unknown outcome and a pending one are tried again later under the same key', async (t) => {
    const outcomes = [new OutcomeUnknownError('no answer'), PENDING] as const;
    const keys: string[] = [];
    const { worker, sender, rows } = startWorker(t, [
      payments(async (_op, key) => {
        const outcome = outcomes[keys.push(key) - 1]!;
        if (outcome instanceof Error) throw outcome;
        return outcome;
      }),
    ]);
    const op = waitingOp('authorize');
    const start = Date.now();
    worker.take([handed(op)]);
    await until('the first is noted', () => rows.length === 1 && !worker.holds(keyOf(op)));
    worker.retry(handed(op), 1);
    await until('the second is noted', () => rows.length === 2);
    assert.deepEqual(keys, [keyOf(op), keyOf(op)]);
    assert.deepEqual(
      rows.map(({ tries, lastError }) => [tries, lastError]),
      [
        [1, 'no answer'],
        [2, null],
      ],
    );
    assert.ok(rows[0]!.dueAt! - start >= 1_000 && rows[1]!.dueAt! - start >= 5_000);
    assert.deepEqual(sender.sent, []);
  });

  test('what is done with nothing to report is noted as done', async (t) => {
    const { worker, sender, rows } = startWorker(t, [performer('swiftpost', ['pickup'], async () => null)]);
    worker.take([handed(waitingOp('pickup'))]);
    await until('it is noted', () => rows.length > 0);
    assert.deepEqual(rows, [{ seq: 7, kind: 'pickup', no: 1, tries: 1, dueAt: null, lastError: null }]);
    assert.deepEqual(sender.sent, []);
  });

  test('an answer that breaks the contract never reaches the hub', async (t) => {
    const { worker, sender, rows } = startWorker(t, [
      payments(async (op, key) => {
        const answer = authorizedAnswer(op, key);
        return { ...answer, data: { ...answer.data, amount_minor: 1.5 } } as typeof answer;
      }),
    ]);
    worker.take([handed(waitingOp('authorize'))]);
    await until('it is noted', () => rows.length > 0);
    assert.match(rows[0]?.lastError ?? '', /amount_minor/);
    assert.deepEqual(sender.sent, []);
  });

  test('an answer that the hub does not take is asked for again', async (t) => {
    const { worker, sender, rows } = startWorker(t, [payments(async (op, key) => authorizedAnswer(op, key))]);
    sender.failWith = new Error('the hub is away');
    const op = waitingOp('authorize');
    worker.take([handed(op)]);
    await until('it is noted', () => rows.length === 1 && !worker.holds(keyOf(op)));
    assert.equal(rows[0]?.lastError, 'the hub is away');
    sender.failWith = undefined;
    worker.retry(handed(op), 1);
    await until('it is published', () => sender.sent.length === 1);
  });

  test('what is due in a moment waits in memory, what is due later is left to the database', async (t) => {
    const { worker, sender } = startWorker(t, [payments(async (op, key) => authorizedAnswer(op, key))]);
    t.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_000_000 });
    const soon = waitingOp('authorize', { no: 1, dueAt: Date.now() + 50 });
    const later = waitingOp('authorize', { no: 2, dueAt: Date.now() + 60_000 });
    worker.take([handed(soon), handed(later)]);
    assert.ok(worker.holds(keyOf(soon)));
    assert.ok(!worker.holds(keyOf(later)));
    t.mock.timers.tick(49);
    await setImmediate();
    assert.deepEqual(sender.sent, []);
    t.mock.timers.tick(1);
    await until('the first is published', () => sender.sent.length === 1);
  });

  test('a request for which nobody is registered waits, and says why', async (t) => {
    const { worker, rows } = startWorker(t, [payments(async (op, key) => authorizedAnswer(op, key))]);
    worker.take([handed(waitingOp('label', { carrier: 'unheard_of' }))]);
    await until('it is noted', () => rows.length > 0);
    assert.match(rows[0]?.lastError ?? '', /nobody is registered for label/);
    assert.equal(rows[0]?.tries, 0);
  });

  test('who does not answer is left alone after ten failures; the rest waits without counting as tried', async (t) => {
    let calls = 0;
    const { worker, rows } = startWorker(t, [
      payments(async () => {
        calls += 1;
        throw new UnavailableError('no connection');
      }),
    ]);
    const ops = Array.from({ length: 10 }, (_, n) => handed(waitingOp('authorize', { no: n + 1 })));
    worker.take(ops);
    await until('all have failed', () => rows.length === 10);
    worker.take(Array.from({ length: 50 }, (_, n) => handed(waitingOp('authorize', { no: n + 11 }))));
    await until('all are set aside', () => rows.length === 60);
    assert.equal(calls, 10);
    assert.deepEqual(new Set(rows.slice(10).map(({ tries }) => tries)), new Set([0]));
  });

  test('a carrier that is away is answered for at once, so that another can be asked', async (t) => {
    const failed = (op: ExternalOp<'label'>, key: string) => ({
      type: 'oms.shipment.label_failed.v1' as const,
      data: { order_id: ORDER_ID, parcel_no: 1, carrier: op.request.carrier, op_key: key, code: 'carrier_unavailable' },
    });
    const errors = [new UnavailableError('answered 503', { untouched: true }), new UnavailableError('no answer')];
    let calls = 0;
    const perform = async () => {
      throw errors[calls++] ?? errors[1];
    };
    const { worker, sender, rows } = startWorker(t, [performer('swiftpost', ['label'], perform, failed)]);
    worker.take([handed(waitingOp('label', { no: 1 }))]);
    await until('turned away: answered for', () => sender.sent.length === 1);
    assert.equal(sender.sent[0]?.source, '/carrier/swiftpost');

    worker.take([handed(waitingOp('label', { no: 2 }))]);
    await until('unknown: tried again first', () => rows.length === 1);
    worker.retry(handed(waitingOp('label', { no: 3 })), 2);
    await until('in vain three times: answered for', () => sender.sent.length === 2);
    assert.equal(sender.sent[1]?.data.op_key, `${ORDER_ID}:label:3`);
  });

  test('a stop waits for what is under way and starts nothing more', async (t) => {
    const gate = Promise.withResolvers<void>();
    const { worker, sender } = startWorker(t, [
      payments(async (op, key) => {
        await gate.promise;
        return authorizedAnswer(op, key);
      }),
    ]);
    worker.take([handed(waitingOp('authorize', { no: 1 }))]);
    const stopped = worker.stop();
    worker.take([handed(waitingOp('authorize', { no: 2 }))]);
    gate.resolve();
    await stopped;
    assert.deepEqual(
      sender.sent.map(({ causationid }) => causationid),
      [`${ORDER_ID}:authorize:1`],
    );
  });
});
