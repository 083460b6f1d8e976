import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exponential, geometric, pick, randomOf } from '../../../../../src/stages/simulate/random.ts';

const DRAWS = 20_000;

const mean = (draw: () => number) => Array.from({ length: DRAWS }, draw).reduce((a, b) => a + b, 0) / DRAWS;

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not near ${expected}`);

test('the same seed and number give the same stream, another number another one', () => {
  const draw = (seed: number, n: number) => {
    const random = randomOf(seed, n);
    return [random(), random(), random()];
  };
  assert.deepEqual(draw(42, 7), draw(42, 7));
  assert.notDeepEqual(draw(42, 7), draw(42, 8));
  assert.notDeepEqual(draw(42, 7), draw(43, 7));
});

test('first draws of neighbouring streams are spread evenly', () => {
  const buckets = new Array<number>(10).fill(0);
  for (let n = 0; n < DRAWS; n++) buckets[Math.floor(randomOf(1, n)() * 10)]!++;
  for (const count of buckets) near(count, DRAWS / 10, DRAWS / 100);
});

test('distributions have the mean they are asked for', () => {
  const random = randomOf(5);
  near(
    mean(() => geometric(random, 2.2)),
    2.2,
    0.05,
  );
  near(
    mean(() => exponential(random)),
    1,
    0.03,
  );
  assert.equal(geometric(random, 1), 1);
});

test('weighted choice follows the weights', () => {
  const random = randomOf(9);
  const rare = mean(() => pick(random, [[1, 10] as const, [0, 90] as const]));
  near(rare, 0.1, 0.01);
});
