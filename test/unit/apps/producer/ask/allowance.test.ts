import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Allowance } from '../../../../../apps/producer/ask/allowance.ts';

test('so many at a time, whatever is left of the minute', () => {
  const allowance = new Allowance({ concurrent: 2, perMinute: 60, now: () => 0 });
  assert.deepEqual([allowance.take(), allowance.take(), allowance.take()], [undefined, undefined, 1]);
  allowance.done();
  assert.equal(allowance.take(), undefined);
});

test('so many a minute, which come back one by one', () => {
  let now = 0;
  const allowance = new Allowance({ concurrent: 10, perMinute: 6, now: () => now });
  const ask = () => {
    const wait = allowance.take();
    if (wait === undefined) allowance.done();
    return wait;
  };
  assert.deepEqual(Array.from({ length: 7 }, ask), [...Array(6).fill(undefined), 10]);
  now = 4_000;
  assert.equal(ask(), 6);
  now = 10_000;
  assert.deepEqual([ask(), ask()], [undefined, 10]);
});
