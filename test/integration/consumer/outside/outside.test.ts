import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { Registry } from 'prom-client';
import { startOutside } from '../../../../apps/consumer/outside/outside.ts';
import { OutcomeUnknownError, type Performer, UnavailableError } from '../../../../apps/consumer/outside/performer.ts';
import type { Pool } from '../../../../lib/database/connect.ts';
import { createLogger } from '../../../../lib/runtime/logger.ts';
import { authorizedAnswer, FakeSender, keyOf, ORDER_ID, performer, waitingOp } from '../../../helpers/outside.ts';
import { insertOp, readOps, startOutsideDatabase } from '../../../helpers/outside-rows.ts';
import { until } from '../../../helpers/until.ts';

const logger = createLogger('test', 'silent');

function start(t: TestContext, pool: Pool, performers: readonly Performer[], partitions = [0]) {
  const sender = new FakeSender();
  const registry = new Registry();
  const outside = startOutside({ pool, sender, performers, owned: () => partitions, registry, logger });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= outside.stop();
    return stopped;
  };
  t.after(stop);
  return { outside, sender, registry, stop };
}

/** Answers authorisations, and keeps the keys it was asked under. */
function payments(keys: string[], failures = 0) {
  return performer('testpay', ['authorize'], async (op, key) => {
    if (keys.push(key) <= failures) throw new OutcomeUnknownError('no answer');
    return authorizedAnswer(op, key);
  });
}

suite('the world outside, with the database', () => {
  test('what a process that died left behind is done by the next owner, under the same key', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    const op = waitingOp('authorize');
    await insertOp(pool, op, { dueIn: -10_000 });
    await insertOp(pool, waitingOp('authorize', { no: 2 }), { dueIn: -10_000, partition: 1 });
    const keys: string[] = [];
    const { sender } = start(t, pool, [payments(keys)]);
    await until('it is answered', () => sender.sent.length > 0);
    assert.deepEqual(keys, [keyOf(op)]);
    assert.equal(sender.sent[0]?.causationid, keyOf(op));
  });

  test('an unknown outcome is asked for again until it is known', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    const op = waitingOp('authorize', { simulation: { time_scale: 1_000_000 } });
    await insertOp(pool, op, { dueIn: 0 });
    const keys: string[] = [];
    const { outside, sender } = start(t, pool, [payments(keys, 2)]);
    outside.take([{ seq: 4, orderId: ORDER_ID, op }]);
    await until('it is answered', () => sender.sent.length > 0);
    assert.deepEqual(keys, [keyOf(op), keyOf(op), keyOf(op)]);
    const [row] = await readOps(pool);
    assert.equal(row?.tries, 2);
    assert.equal(row?.last_error, 'no answer');
  });

  test('a row whose answer is still on its way to the order is not asked for again, and hides nothing', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    const op = waitingOp('authorize');
    await insertOp(pool, op, { dueIn: -10_000 });
    const keys: string[] = [];
    start(t, pool, [payments(keys)]);
    await until('it is set aside', async () => ((await readOps(pool))[0]?.due_at?.getTime() ?? 0) > Date.now());
    assert.deepEqual(keys, [keyOf(op)]);
  });

  test('what is in hand is left alone, however long it takes: only its outcome says when it is due again', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    const slow = waitingOp('authorize', { simulation: { time_scale: 1_000_000 } });
    await insertOp(pool, slow, { dueIn: -10_000 });
    const gate = Promise.withResolvers<void>();
    const keys: string[] = [];
    const provider = performer('testpay', ['authorize'], async (op, key) => {
      if (keys.push(key) === 1) {
        await gate.promise;
        throw new OutcomeUnknownError('no answer');
      }
      return authorizedAnswer(op, key);
    });
    const { sender } = start(t, pool, [provider]);
    await until('it is in hand', () => keys.length === 1);
    // The next one is found by a later look, which has seen the first again.
    await insertOp(pool, waitingOp('authorize', { no: 2 }), { dueIn: -5_000 });
    await until('the next is answered', () => sender.sent.length === 1);
    assert.ok((await readOps(pool))[0]!.due_at! < new Date());
    gate.resolve();
    // What is set aside is looked at again after 30 s.
    await until('both are answered', () => sender.sent.length === 2, 20_000);
  });

  test('a row that cannot be read is set aside with the reason', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    await insertOp(pool, waitingOp('authorize'), { dueIn: -10_000, request: '{"order_id":1}' });
    await insertOp(pool, waitingOp('authorize', { no: 2 }), { dueIn: -9_000 });
    const keys: string[] = [];
    const { sender } = start(t, pool, [payments(keys)]);
    await until('the good one is answered', () => sender.sent.length > 0);
    const [bad] = await until('the bad one is set aside', async () => {
      const rows = await readOps(pool);
      return rows[0]?.last_error ? rows : undefined;
    });
    assert.match(bad?.last_error ?? '', /Error: /);
    assert.ok((bad?.due_at?.getTime() ?? 0) > Date.now() + 60_000);
  });

  test('a database that goes and comes back is survived', async (t) => {
    const { database, pool } = await startOutsideDatabase(t);
    const keys: string[] = [];
    const { sender } = start(t, pool, [payments(keys)]);
    await database.kill9();
    await database.restart();
    await insertOp(pool, waitingOp('authorize'), { dueIn: -10_000 });
    await until('it is answered', () => sender.sent.length > 0, 20_000);
  });

  test('a provider that was away is asked again when it is back, and until then left alone', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    const ops = Array.from({ length: 40 }, (_, n) => waitingOp('authorize', { no: n + 1 }));
    for (const op of ops) await insertOp(pool, op, { dueIn: -10_000 });
    let away = true;
    let calls = 0;
    const provider = performer('testpay', ['authorize'], async (op, key) => {
      calls += 1;
      if (away) throw new UnavailableError('no connection', { untouched: true });
      return authorizedAnswer(op, key);
    });
    const { sender, registry } = start(t, pool, [provider]);
    const isOpen = async () => (await registry.metrics()).includes('oms_external_circuit_open{peer="testpay"} 1');
    await until('calls have stopped', isOpen);
    assert.ok(calls <= ops.length);
    away = false;
    await until('every one is answered', () => sender.sent.length === ops.length, 20_000);
    assert.equal(await isOpen(), false);
    assert.equal(new Set(sender.sent.map(({ id }) => id)).size, ops.length);
  });

  test('without anybody to ask, requests wait untouched', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    const op = waitingOp('authorize');
    await insertOp(pool, op, { dueIn: -10_000 });
    const { outside, stop } = start(t, pool, []);
    outside.take([{ seq: 4, orderId: ORDER_ID, op }]);
    await stop();
    assert.equal((await readOps(pool))[0]?.tries, 0);
  });
});
