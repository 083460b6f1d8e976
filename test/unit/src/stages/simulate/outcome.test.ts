import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOutcome } from '../../../../../src/stages/simulate/outcome.ts';

const ID = '3f2504e0-4f89-81d3-9a0c-0305e82c3301';
const answer = (status: number, body: unknown = {}, rest: { retryAfterMs?: number; replayed?: boolean } = {}) => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  retryAfterMs: rest.retryAfterMs,
  replayed: rest.replayed ?? false,
});

test('202 with the right order id and a total is accepted', () => {
  const body = { order_id: ID, total_minor: 1_999 };
  assert.deepEqual(readOutcome(answer(202, body), ID), { kind: 'accepted', totalMinor: 1_999, replayed: false });
  const again = readOutcome(answer(202, body, { replayed: true }), ID);
  assert.deepEqual(again, { kind: 'accepted', totalMinor: 1_999, replayed: true });
});

test('a 202 that breaks its promise counts as failed', () => {
  assert.deepEqual(readOutcome(answer(202, { order_id: 'x', total_minor: 1 }), ID), {
    kind: 'failed',
    reason: '202 with another order_id',
  });
  assert.deepEqual(readOutcome(answer(202, { order_id: ID }), ID), { kind: 'failed', reason: '202 without a total' });
});

test('what says nothing final is asked again, as late as the server wants', () => {
  for (const status of [408, 409, 425, 429, 500, 502, 503, 504]) {
    const outcome = readOutcome(answer(status, { code: 'busy' }, { retryAfterMs: 1_000 }), ID);
    assert.deepEqual(outcome, { kind: 'again', reason: `${status} busy`, afterMs: 1_000 });
  }
  const cut = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
  assert.deepEqual(readOutcome(cut, ID), { kind: 'again', reason: 'UND_ERR_SOCKET', afterMs: undefined });
});

test('any other answer is final', () => {
  assert.deepEqual(readOutcome(answer(422, { code: 'unknown_sku' }), ID), {
    kind: 'failed',
    reason: '422 unknown_sku',
  });
  assert.deepEqual(readOutcome(answer(404, '<html>'), ID), { kind: 'failed', reason: '404' });
  assert.deepEqual(readOutcome(answer(400, 'null'), ID), { kind: 'failed', reason: '400' });
});
