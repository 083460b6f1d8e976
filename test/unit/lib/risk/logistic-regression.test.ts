import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fitLogistic, type Samples } from '../../../../lib/risk/logistic-regression.ts';
import { randomOf } from '../../../../src/stages/workload/random.ts';

/** Rows with a constant and two values; the chance of a 1 follows bias and weights. */
function samplesFrom([bias, first, second]: readonly [number, number, number], count: number): Samples {
  const random = randomOf(1, 1);
  const rows = new Float64Array(count * 3);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const [x, y] = [random() * 4 - 2, random() * 4 - 2];
    rows.set([1, x, y], n * 3);
    labels[n] = random() < 1 / (1 + Math.exp(-(bias + first * x + second * y))) ? 1 : 0;
  }
  return { rows, columns: 3, labels, positiveWeight: 1 };
}

suite('fitLogistic', () => {
  test('finds the weights that the labels were drawn with', () => {
    const truth = [-1, 2, -0.5] as const;
    const weights = fitLogistic(samplesFrom(truth, 20_000), 1e-3);
    for (const [index, weight] of weights.entries()) {
      assert.ok(Math.abs(weight - truth[index]!) < 0.1, `${weight} is not ${truth[index]}`);
    }
  });

  test('stays finite when the classes can be told apart exactly', () => {
    const rows = Float64Array.of(1, -1, 1, -2, 1, 1, 1, 2);
    const weights = fitLogistic({ rows, columns: 2, labels: Uint8Array.of(0, 0, 1, 1), positiveWeight: 1 }, 1);
    assert.ok(weights[1]! > 0 && weights[1]! < 5);
  });

  test('a heavier class raises the constant and no more', () => {
    const samples = samplesFrom([-1, 2, -0.5], 20_000);
    const [bias] = fitLogistic(samples, 1e-3);
    const [heavier, first] = fitLogistic({ ...samples, positiveWeight: 10 }, 1e-3);
    assert.ok(Math.abs(heavier! - bias! - Math.log(10)) < 0.2);
    assert.ok(Math.abs(first! - 2) < 0.2);
  });
});
