import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryDelayMs } from '../../../../../apps/consumer/outside/retry-ladder.ts';

test('a request is repeated after 1 s, 5 s, 30 s, then every 5 min; on a fast clock sooner, never below 200 ms', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 99].map((tries) => retryDelayMs(tries)),
    [1_000, 5_000, 30_000, 300_000, 300_000, 300_000],
  );
  assert.equal(retryDelayMs(3, 100), 300);
  assert.equal(retryDelayMs(4, 1_000_000), 200);
});
