import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IdempotencyWindow } from '../../../../../apps/producer/http/idempotency-window.ts';

function openWindow(options: { maxEntries?: number; maxAgeMs?: number } = {}) {
  const clock = { now: 0 };
  return { clock, window: new IdempotencyWindow<string>({ ...options, now: () => clock.now }) };
}

test('the first request takes the order, the same one again gets its answer', () => {
  const { window } = openWindow();
  assert.deepEqual(window.claim('order', 'hash'), { kind: 'new' });
  assert.equal(window.answerOf('order'), undefined);
  assert.deepEqual(window.claim('order', 'hash'), { kind: 'in_progress' });
  window.answer('order', 'yes');
  assert.deepEqual(window.claim('order', 'hash'), { kind: 'answered', answer: 'yes' });
  assert.equal(window.answerOf('order'), 'yes');
});

test('another body under the same key is refused: under way, answered, and after an unknown outcome', () => {
  const { window } = openWindow();
  window.claim('order', 'hash');
  assert.deepEqual(window.claim('order', 'other'), { kind: 'reused' });
  window.fail('order');
  assert.deepEqual(window.claim('order', 'other'), { kind: 'reused' });
  assert.deepEqual(window.claim('order', 'hash'), { kind: 'new' });
  window.answer('order', 'yes');
  assert.deepEqual(window.claim('order', 'other'), { kind: 'reused' });
});

test('what was certainly not taken may come again with another body', () => {
  const { window } = openWindow();
  window.claim('order', 'hash');
  window.release('order');
  assert.deepEqual(window.claim('order', 'corrected'), { kind: 'new' });
});

test('an entry is forgotten at its age, and the oldest when there are too many', () => {
  const { clock, window } = openWindow({ maxEntries: 2, maxAgeMs: 100 });
  window.claim('a', 'hash');
  window.answer('a', 'A');
  clock.now = 99;
  assert.equal(window.answerOf('a'), 'A');
  clock.now = 100;
  assert.equal(window.answerOf('a'), undefined);
  assert.deepEqual(window.claim('a', 'other'), { kind: 'new' });
  for (const order of ['b', 'c']) {
    window.claim(order, 'hash');
    window.answer(order, order);
  }
  assert.deepEqual(
    ['a', 'b', 'c'].map((order) => window.answerOf(order)),
    [undefined, 'b', 'c'],
  );
});
