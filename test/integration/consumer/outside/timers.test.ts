import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Timers } from '../../../../apps/consumer/outside/timers.ts';
import type { Pool } from '../../../../lib/database/connect.ts';
import { uuidToBytes } from '../../../../lib/domain/ids.ts';
import { FakeSender, testMetrics } from '../../../helpers/outside.ts';
import { insertOrder, seqIn, startOutsideDatabase } from '../../../helpers/outside-rows.ts';

const id = (n: number): string => `0190a000-0000-8000-8000-${String(n).padStart(12, '0')}`;

function startTimers(pool: Pool, partitions: readonly number[] = [3]) {
  const sender = new FakeSender();
  return { sender, timers: new Timers({ pool, sender, metrics: testMetrics(), owned: () => partitions }) };
}

suite('the clock', () => {
  test('says of the orders of its partitions whose time has come that it has', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    await insertOrder(pool, { seq: seqIn(3, 1), orderId: id(1), status: 'reserved', dueIn: -1_000 });
    await insertOrder(pool, { seq: seqIn(3, 2), orderId: id(2), status: 'delivered', dueIn: -1_000, synthetic: true });
    await insertOrder(pool, { seq: seqIn(3, 3), orderId: id(3), status: 'reserved', dueIn: 60_000 });
    await insertOrder(pool, { seq: seqIn(3, 4), orderId: id(4), status: 'completed', dueIn: null });
    await insertOrder(pool, { seq: seqIn(4, 5), orderId: id(5), status: 'reserved', dueIn: -1_000 });
    const { sender, timers } = startTimers(pool);
    assert.equal(await timers.sweep(), true);
    assert.deepEqual(
      sender.sent.map(({ type, source, partitionkey, synthetic, data }) => ({
        type,
        source,
        partitionkey,
        synthetic,
        data,
      })),
      [
        {
          type: 'oms.order.timed_out.v1',
          source: '/timer',
          partitionkey: id(1),
          synthetic: undefined,
          data: { order_id: id(1), from: 'reserved', version: 3 },
        },
        {
          type: 'oms.return_window.closed.v1',
          source: '/timer',
          partitionkey: id(2),
          synthetic: true,
          data: { order_id: id(2), version: 3 },
        },
      ],
    );
  });

  test('says so of returns that never came', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    const seq = seqIn(3, 1);
    await insertOrder(pool, { seq, orderId: id(1), status: 'delivered', dueIn: null });
    await pool.query('INSERT INTO returns SET ?', {
      order_seq: seq,
      return_no: 1,
      return_id: uuidToBytes(id(9)),
      reason: 'other',
      status: 'approved',
      requested_at: new Date(),
      due_at: new Date(Date.now() - 1_000),
    });
    const { sender, timers } = startTimers(pool);
    await timers.sweep();
    assert.deepEqual(
      sender.sent.map(({ type, data }) => ({ type, data })),
      [{ type: 'oms.return.timed_out.v1', data: { order_id: id(1), return_id: id(9) } }],
    );
  });

  test('says a thing once while it is on its way, and anew when the alarm was set anew', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    await insertOrder(pool, { seq: seqIn(3, 1), orderId: id(1), status: 'confirmed', dueIn: -2_000 });
    const { sender, timers } = startTimers(pool);
    await timers.sweep();
    await timers.sweep();
    assert.equal(sender.sent.length, 1);
    await pool.query('UPDATE orders SET due_at = ?', [new Date(Date.now() - 1_000)]);
    await timers.sweep();
    assert.equal(sender.sent.length, 2);
    assert.notEqual(sender.sent[0]?.id, sender.sent[1]?.id);
    const other = startTimers(pool);
    await other.timers.sweep();
    assert.equal(other.sender.sent[0]?.id, sender.sent[1]?.id);
  });

  test('what the hub does not take is said in the next round', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    await insertOrder(pool, { seq: seqIn(3, 1), orderId: id(1), status: 'reserved', dueIn: -2_000 });
    const { sender, timers } = startTimers(pool);
    sender.failWith = new Error('the hub is away');
    await assert.rejects(timers.sweep(), /the hub is away/);
    sender.failWith = undefined;
    await timers.sweep();
    assert.equal(sender.sent.length, 1);
  });

  test('goes through more than a page, and no further than the hub should take at once', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    const due = { status: 'reserved', dueIn: -5_000 };
    for (let n = 1; n <= 1_600; n += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, at) =>
          insertOrder(pool, { seq: seqIn(3, n + at), orderId: id(n + at), ...due }),
        ),
      );
    }
    const { sender, timers } = startTimers(pool);
    await timers.sweep();
    assert.equal(sender.sent.length, 1_000);
    await timers.sweep();
    assert.equal(new Set(sender.sent.map(({ partitionkey }) => partitionkey)).size, 1_600);
    assert.equal(sender.sent.length, 1_600);
  });

  test('owns nothing, says nothing', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    await insertOrder(pool, { seq: seqIn(3, 1), orderId: id(1), status: 'reserved', dueIn: -2_000 });
    const { sender, timers } = startTimers(pool, []);
    assert.equal(await timers.sweep(), false);
    assert.deepEqual(sender.sent, []);
  });
});
