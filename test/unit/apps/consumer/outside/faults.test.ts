import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RowChange } from '../../../../../apps/consumer/outside/op-rows.ts';
import { OpWorker } from '../../../../../apps/consumer/outside/op-worker.ts';
import { Peers } from '../../../../../apps/consumer/outside/peers.ts';
import { type Outcome, OutcomeUnknownError, PENDING } from '../../../../../apps/consumer/outside/performer.ts';
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

const FAULTS = ['none', 'lost_before', 'lost_after', 'pending', 'hub_away', 'crash'] as const;
type Fault = (typeof FAULTS)[number];

const logger = createLogger('test', 'silent');
const metrics = testMetrics();

/** A provider with a book of its own, idempotent by key, in front of which things go wrong as the schedule says. */
function startWorld(schedule: Fault[]) {
  const booked: string[] = [];
  const sender = new FakeSender();
  const rows = new Map<string, RowChange>();
  const next = (): Fault => schedule.shift() ?? 'none';
  let crash = () => {};
  const book = (key: string) => {
    if (!booked.includes(key)) booked.push(key);
  };
  const provider = performer('testpay', ['authorize'], async (op, key): Promise<Outcome> => {
    const fault = next();
    sender.failWith = fault === 'hub_away' ? new Error('the hub is away') : undefined;
    if (fault === 'lost_before') throw new OutcomeUnknownError('the request was lost');
    if (fault === 'pending') return PENDING;
    book(key);
    if (fault === 'crash') crash();
    if (fault === 'crash' || fault === 'lost_after') throw new OutcomeUnknownError('the answer was lost');
    return authorizedAnswer(op, key);
  });
  const startWorker = () => {
    let dead = false;
    crash = () => {
      dead = true;
    };
    const write = async (change: RowChange) => {
      // What a process that died meant to write is not written.
      if (!dead) rows.set(`${ORDER_ID}:${change.kind}:${change.no}`, change);
    };
    return new OpWorker({ peers: new Peers([provider], metrics, logger), rows: { write }, sender, metrics, logger });
  };
  return { booked, sender, rows, startWorker };
}

test('whatever is lost, late or crashes: each request is booked once and reported under one id', async () => {
  const faults = fc.array(fc.constantFrom(...FAULTS), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6 }), faults, async (count, schedule) => {
      const world = startWorld([...schedule]);
      const ops: ExternalOp[] = Array.from({ length: count }, (_, n) => waitingOp('authorize', { no: n + 1 }));
      const reported = (op: ExternalOp) => world.sender.sent.some(({ causationid }) => causationid === keyOf(op));
      // Whoever is due is looked for again and again, by a new owner each time.
      for (let round = 0; !ops.every(reported); round++) {
        assert.ok(round <= schedule.length, 'it comes to an end');
        const worker = world.startWorker();
        const due = ops.filter((op) => !reported(op));
        for (const op of due) worker.retry({ seq: 1, orderId: ORDER_ID, op }, world.rows.get(keyOf(op))?.tries ?? 0);
        await until('the round is over', () => due.every((op) => !worker.holds(keyOf(op))));
        await worker.stop();
      }
      assert.deepEqual(world.booked.sort(), ops.map(keyOf).sort());
      const ids = new Set(world.sender.sent.map(({ id }) => id));
      assert.deepEqual(ids, new Set(ops.map((op) => answerEventId(keyOf(op), 'oms.payment.authorized.v1'))));
    }),
    { numRuns: 50 },
  );
});
