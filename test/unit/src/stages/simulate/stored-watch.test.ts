import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pool } from '../../../../../lib/database/connect.ts';
import { uuidToBytes } from '../../../../../lib/domain/ids.ts';
import { noCounts } from '../../../../../src/stages/simulate/counters.ts';
import { Latency } from '../../../../../src/stages/simulate/latency.ts';
import { StoredWatch } from '../../../../../src/stages/simulate/stored-watch.ts';
import { until } from '../../../../helpers/until.ts';

const ID = '00000000-0000-8000-8000-000000000001';
const row = { order_id: uuidToBytes(ID), stored_at: new Date(60_000) };

/** A watch on a database that answers each look as `answer` says. */
function startWatch(answer: (look: number) => Promise<object[]>, lastLookMs?: number) {
  const counts = noCounts();
  let looks = 0;
  const pool = { query: async () => [await answer(++looks)] } as unknown as Pool;
  const watch = new StoredWatch(pool, counts, new Latency(), lastLookMs);
  watch.add(ID, 0);
  watch.start(0);
  return { watch, counts, looks: () => looks };
}

test('what was stored after the last look, and before the end, is found', async () => {
  const end = new AbortController();
  const { watch, counts, looks } = startWatch(async (look) => (look === 1 ? [] : [row]));
  await until('a look in vain', () => looks() === 1);
  end.abort();
  await watch.drain(end.signal);
  assert.deepEqual([counts.stored, watch.backlog], [1, 0]);
});

test('a look that is under way at the end counts', async () => {
  const [end, answer] = [new AbortController(), Promise.withResolvers<object[]>()];
  const { watch, counts, looks } = startWatch(() => answer.promise);
  await until('it looks', () => looks() === 1);
  end.abort();
  const drained = watch.drain(end.signal);
  answer.resolve([row]);
  await drained;
  assert.deepEqual([counts.stored, watch.backlog, looks()], [1, 0, 1]);
});

test('a database that is away at the end leaves what was not found', async () => {
  const { watch, counts, looks } = startWatch(async () => {
    throw new Error('away');
  });
  await until('a look in vain', () => looks() === 1);
  await watch.drain(AbortSignal.abort());
  assert.deepEqual([counts.stored, watch.backlog, String(watch.lastError)], [0, 1, 'Error: away']);
});

test('a database that stands still at the end holds nothing up, and what it says later does not count', async () => {
  const answer = Promise.withResolvers<object[]>();
  const { watch, counts, looks } = startWatch(() => answer.promise, 20);
  await until('it looks', () => looks() === 1);
  await watch.drain(AbortSignal.abort());
  assert.equal(watch.backlog, 1);
  answer.resolve([row]);
  await new Promise(setImmediate);
  assert.deepEqual([counts.stored, watch.backlog, looks()], [0, 1, 1]);
});
