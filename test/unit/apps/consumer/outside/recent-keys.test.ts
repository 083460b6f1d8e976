import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentKeys } from '../../../../../apps/consumer/outside/recent-keys.ts';

test('a key is remembered for at least one span of time and at most two', () => {
  const keys = new RecentKeys(100);
  keys.add('early', 1_000);
  keys.add('late', 1_099);
  assert.equal(keys.has('early', 1_099), true);
  assert.equal(keys.has('late', 1_199), true);
  assert.equal(keys.has('early', 1_200), false);
  assert.equal(keys.has('late', 1_200), false);
  assert.equal(keys.has('never', 1_200), false);
});

test('after a long silence nothing is remembered', () => {
  const keys = new RecentKeys(100);
  keys.add('a', 1_000);
  assert.equal(keys.has('a', 5_000), false);
});
