import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { OpRows, readDueRows } from '../../../../apps/consumer/outside/op-rows.ts';
import { createLogger } from '../../../../lib/runtime/logger.ts';
import { waitingOp } from '../../../helpers/outside.ts';
import { insertOp, readOps, startOutsideDatabase } from '../../../helpers/outside-rows.ts';

const logger = createLogger('test', 'silent');
const names = (rows: readonly { kind: string; no: number }[]) => rows.map(({ kind, no }) => `${kind}:${no}`).sort();

suite('the rows of requests', () => {
  test('due is what was tried and whose time has come, and what nobody took up for two seconds', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const rows: [kind: 'authorize' | 'capture', no: number, sketch: Parameters<typeof insertOp>[2]][] = [
      ['authorize', 1, { dueIn: -2_000 }],
      ['authorize', 2, { dueIn: -1_999 }],
      ['authorize', 3, { dueIn: -1, tries: 1 }],
      ['authorize', 4, { dueIn: 60_000, tries: 1 }],
      ['authorize', 5, { dueIn: null, tries: 1 }],
      ['capture', 1, { dueIn: -3_000, partition: 1 }],
      ['capture', 2, { dueIn: -3_000, partition: 2 }],
    ];
    for (const [kind, no, sketch] of rows) await insertOp(pool, waitingOp(kind, { no }), sketch);
    const due = await readDueRows(pool, [0, 1], Date.now(), 100);
    assert.deepEqual(names(due), ['authorize:1', 'authorize:3', 'capture:1']);
    assert.deepEqual(await readDueRows(pool, [], Date.now(), 100), []);
  });

  test('every partition has its share of a page, the longest waiting first', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    for (let no = 1; no <= 6; no++) await insertOp(pool, waitingOp('authorize', { no }), { dueIn: -10_000 + no * 100 });
    await insertOp(pool, waitingOp('capture'), { dueIn: -3_000, partition: 1 });
    assert.deepEqual(names(await readDueRows(pool, [0, 1], Date.now(), 4)), [
      'authorize:1',
      'authorize:2',
      'capture:1',
    ]);
  });

  test('changes are written together; what an event has answered meanwhile stays answered', async (t) => {
    const { pool } = await startOutsideDatabase(t);
    await insertOp(pool, waitingOp('authorize'), { dueIn: -1 });
    await insertOp(pool, waitingOp('pickup'), { dueIn: -1 });
    await insertOp(pool, waitingOp('refund'), { dueIn: null });
    const rows = new OpRows(pool, logger);
    t.after(() => rows.stop());
    const dueAt = Date.now() + 5_000;
    await insertOp(pool, waitingOp('return_label'), { dueIn: -1 });
    await rows.write({
      seq: 4,
      kind: 'return_label',
      no: 1,
      tries: 1,
      dueAt: null,
      lastError: null,
      answer: 'http://x',
    });
    const [kept] = await pool.query("SELECT answer FROM external_ops WHERE kind = 'return_label'");
    assert.deepEqual(kept, [{ answer: 'http://x' }]);
    await pool.query("DELETE FROM external_ops WHERE kind = 'return_label'");
    await Promise.all([
      rows.write({ seq: 4, kind: 'refund', no: 1, tries: 1, dueAt, lastError: null }),
      rows.write({ seq: 4, kind: 'pickup', no: 1, tries: 1, dueAt: null, lastError: null }),
      rows.write({ seq: 4, kind: 'authorize', no: 1, tries: 2, dueAt, lastError: `it's ${'é'.repeat(400)}` }),
    ]);
    assert.deepEqual(await readOps(pool), [
      { kind: 'authorize', op_no: 1, tries: 2, due_at: new Date(dueAt), last_error: `it's ${'é'.repeat(295)}` },
      { kind: 'pickup', op_no: 1, tries: 1, due_at: null, last_error: null },
      { kind: 'refund', op_no: 1, tries: 0, due_at: null, last_error: null },
    ]);
  });

  test('a database that is away is waited for', async (t) => {
    const { database, pool } = await startOutsideDatabase(t);
    await insertOp(pool, waitingOp('pickup'), { dueIn: -1 });
    await database.stop();
    const rows = new OpRows(pool, logger);
    t.after(() => rows.stop());
    const written = rows.write({ seq: 4, kind: 'pickup', no: 1, tries: 1, dueAt: null, lastError: null });
    await database.restart();
    await written;
    assert.equal((await readOps(pool))[0]?.due_at, null);
  });
});
