import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Latency } from '../../../../../src/stages/simulate/latency.ts';

test('percentiles come back to three digits', () => {
  const latency = new Latency();
  for (let ms = 1; ms <= 1_000; ms++) latency.record(ms);
  const { count, p50, p99, max } = latency.percentiles;
  assert.equal(count, 1_000);
  for (const [actual, expected] of [
    [p50, 500],
    [p99, 990],
    [max, 1_000],
  ] as const) {
    assert.ok(Math.abs(actual! - expected) <= expected / 500, `${actual} is not ${expected}`);
  }
});

test('nothing measured is null, not zero', () => {
  assert.deepEqual(new Latency().percentiles, { count: 0, p50: null, p90: null, p99: null, p999: null, max: null });
});

test('a clock that went back or a week of waiting do not break the histogram', () => {
  const latency = new Latency();
  latency.record(-5);
  latency.record(7 * 86_400_000);
  assert.equal(latency.percentiles.count, 2);
});
