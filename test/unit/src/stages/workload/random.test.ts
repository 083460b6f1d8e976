import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  exponential,
  firstAbove,
  geometric,
  logNormal,
  pick,
  randomOf,
  STREAM,
  wholeBetween,
  zipf,
} from '../../../../../src/stages/workload/random.ts';

const draws = (count: number, draw: () => number) => Array.from({ length: count }, draw);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

suite('random', () => {
  test('a stream is a function of seed, kind and number, and lies in [0, 1)', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (seed, stream, n) => {
        const first = draws(5, randomOf(seed, stream, n));
        assert.deepEqual(draws(5, randomOf(seed, stream, n)), first);
        assert.notDeepEqual(draws(5, randomOf(seed, stream, n + 1)), first);
        assert.notDeepEqual(draws(5, randomOf(seed + 1, stream, n)), first);
        assert.ok(first.every((value) => value >= 0 && value < 1));
      }),
    );
  });

  test('first draws of neighbouring streams are spread evenly', () => {
    const firsts = Array.from({ length: 10_000 }, (_, n) => randomOf(1, STREAM.order, n)());
    const buckets = Array.from({ length: 10 }, (_, bucket) => firsts.filter((x) => Math.floor(x * 10) === bucket));
    for (const bucket of buckets) assert.ok(bucket.length > 850 && bucket.length < 1_150, String(bucket.length));
  });

  test('values are drawn by their weight', () => {
    const random = randomOf(1, 1);
    const drawn = Array.from({ length: 10_000 }, () =>
      pick(random, [
        ['often', 3],
        ['never', 0],
        ['seldom', 1],
      ]),
    );
    const often = drawn.filter((value) => value === 'often').length;
    assert.ok(often > 7_300 && often < 7_700, String(often));
    assert.ok(!drawn.includes('never'));
  });

  test('the means are those asked for', () => {
    const random = randomOf(2, 1);
    assert.ok(Math.abs(mean(draws(20_000, () => geometric(random, 2.2))) - 2.2) < 0.05);
    assert.equal(geometric(random, 1), 1);
    assert.ok(Math.abs(mean(draws(20_000, () => exponential(random))) - 1) < 0.03);
    const sorted = draws(9_999, () => logNormal(random, 100, 0.5)).sort((a, b) => a - b);
    assert.ok(Math.abs(sorted[4_999]! - 100) < 4);
    assert.deepEqual([...new Set(draws(200, () => wholeBetween(random, 3, 5)))].sort(), [3, 4, 5]);
  });

  test('the first rank of a Zipf draw is twice as popular as the second and ten times the tenth', () => {
    const random = randomOf(3, 1);
    const draw = zipf(100, 1);
    const counts = new Map<number, number>();
    for (let n = 0; n < 100_000; n++) {
      const rank = draw(random);
      counts.set(rank, (counts.get(rank) ?? 0) + 1);
    }
    assert.ok(Math.abs(counts.get(0)! / counts.get(1)! - 2) < 0.1);
    assert.ok(Math.abs(counts.get(0)! / counts.get(9)! - 10) < 1);
    assert.ok(Math.max(...counts.keys()) <= 99);
  });

  test('a Zipf exponent of 0 makes all ranks alike; the edges of the interval give the first and the last', () => {
    const random = randomOf(4, 1);
    const drawn = Map.groupBy(
      draws(50_000, () => zipf(10, 0)(random)),
      (rank) => rank,
    );
    for (const ranks of drawn.values()) assert.ok(Math.abs(ranks.length - 5_000) < 400, String(ranks.length));
    assert.equal(
      zipf(3, 1)(() => 0),
      0,
    );
    assert.equal(
      zipf(3, 1)(() => 1 - Number.EPSILON),
      2,
    );
  });

  test('firstAbove finds what a linear search finds', () => {
    const ascending = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 30 }).map((steps) => {
      let sum = 0;
      return steps.map((step) => (sum += step));
    });
    fc.assert(
      fc.property(ascending, fc.integer({ min: -5, max: 1_600 }), (values, wanted) => {
        const linear = values.findIndex((value) => value > wanted);
        assert.equal(firstAbove(Float64Array.from(values), wanted), linear < 0 ? values.length - 1 : linear);
      }),
    );
  });
});
