import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { OpRows } from '../../../../../apps/consumer/outside/op-rows.ts';
import { startOutside } from '../../../../../apps/consumer/outside/outside.ts';
import { OutcomeUnknownError } from '../../../../../apps/consumer/outside/performer.ts';
import { openPool, type Pool } from '../../../../../lib/database/connect.ts';
import { createLogger } from '../../../../../lib/runtime/logger.ts';
import { FakeSender, ORDER_ID, performer, waitingOp } from '../../../../helpers/outside.ts';
import { until } from '../../../../helpers/until.ts';

const logger = createLogger('test', 'silent');
const CHANGE = { seq: 4, kind: 'pickup', no: 1, tries: 1, dueAt: null, lastError: null } as const;

/** Connections that were asked something, of which the first never answers. */
function stallingPool() {
  const asked: string[] = [];
  const destroyed: number[] = [];
  const connection = (no: number) => ({
    query: (statement: string) => (asked.push(statement) === 1 ? new Promise(() => {}) : Promise.resolve([{}])),
    release: () => {},
    destroy: () => destroyed.push(no),
  });
  let connections = 0;
  const pool = { getConnection: async () => connection(++connections) } as unknown as Pool;
  return { pool, asked, destroyed };
}

suite('what connects orders with the outside, without the database', () => {
  test('stops all the same while the fate of a request waits to be written', async (t) => {
    // Port 9 is discard: nobody listens.
    const pool = openPool('mysql://root@127.0.0.1:9/none');
    t.after(() => pool.end());
    let asked = 0;
    const payments = performer('testpay', ['authorize'], async () => {
      asked += 1;
      throw new OutcomeUnknownError('no answer');
    });
    const parts = { pool, sender: new FakeSender(), performers: [payments], owned: () => [0] };
    const outside = startOutside({ ...parts, registry: new Registry(), logger });
    outside.take([{ seq: 4, orderId: ORDER_ID, op: waitingOp('authorize') }]);
    await until('it was asked', () => asked > 0);
    const late = delay(8_000, 'late', { ref: false });
    assert.equal(await Promise.race([outside.stop().then(() => 'stopped'), late]), 'stopped');
  });

  test('a connection that hangs is given up, and what it was to write is written by another', async (t) => {
    const { pool, asked, destroyed } = stallingPool();
    const rows = new OpRows(pool, logger, 50);
    t.after(() => rows.stop());
    await rows.write(CHANGE);
    assert.deepEqual([asked.length, destroyed], [2, [1]]);
  });
});
