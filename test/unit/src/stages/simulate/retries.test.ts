import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryDelay } from '../../../../../src/stages/simulate/retries.ts';

const least = () => 0;
const most = () => 1;

test('the delay doubles up to two seconds, and up to half of it comes on top', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 20].map((attempt) => retryDelay(attempt, undefined, least)),
    [100, 200, 400, 800, 1_600, 2_000, 2_000],
  );
  assert.equal(retryDelay(1, undefined, most), 150);
});

test('what the server asks for comes first, within the same bound', () => {
  assert.equal(retryDelay(5, 300, least), 300);
  assert.equal(retryDelay(1, 60_000, least), 2_000);
});
