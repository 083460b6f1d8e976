import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomOf } from '../../../../../src/stages/simulate/random.ts';
import { zipfSampler } from '../../../../../src/stages/simulate/zipf.ts';

function frequencies(size: number, s: number, draws: number): number[] {
  const draw = zipfSampler(size, s);
  const random = randomOf(3);
  const counts = new Array<number>(size).fill(0);
  for (let i = 0; i < draws; i++) counts[draw(random)]!++;
  return counts.map((count) => count / draws);
}

test('rank r is drawn in proportion to 1 / r^s', () => {
  const shares = frequencies(100, 1, 50_000);
  const harmonic = Array.from({ length: 100 }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b, 0);
  for (const rank of [1, 2, 5, 10]) {
    const expected = 1 / rank / harmonic;
    assert.ok(Math.abs(shares[rank - 1]! - expected) < 0.1 * expected + 0.002, `rank ${rank}: ${shares[rank - 1]}`);
  }
});

test('an exponent of 0 makes all alike', () => {
  for (const share of frequencies(10, 0, 50_000)) assert.ok(Math.abs(share - 0.1) < 0.01);
});

test('the edges of the interval give the first and the last rank', () => {
  const draw = zipfSampler(3, 1);
  assert.equal(
    draw(() => 0),
    0,
  );
  assert.equal(
    draw(() => 1 - Number.EPSILON / 2),
    2,
  );
  assert.equal(zipfSampler(1, 2)(Math.random), 0);
});
