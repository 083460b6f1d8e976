import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { type Judged, thresholdFor } from '../../../../lib/risk/thresholds.ts';

const judged = (...pairs: [score: number, fraud: boolean][]): Judged[] =>
  pairs.map(([score, fraud]) => ({ score, fraud }));

const precisionFrom = (orders: readonly Judged[], threshold: number): number => {
  const held = orders.filter(({ score }) => score >= threshold);
  return held.filter(({ fraud }) => fraud).length / held.length;
};

suite('thresholdFor', () => {
  test('goes as low as the precision allows, past a stretch that is not precise enough', () => {
    const orders = judged([0.9, true], [0.8, false], [0.7, true], [0.6, true], [0.5, true], [0.4, false]);
    assert.equal(thresholdFor(orders, 0.8), 0.5);
    assert.equal(thresholdFor(orders, 0.9), 0.9);
  });

  test('orders with the same score fall on the same side', () => {
    assert.equal(thresholdFor(judged([0.9, true], [0.9, false]), 0.9), 1);
  });

  test('is precise enough whenever it is below 1', () => {
    const order = fc.record({ score: fc.double({ min: 0, max: 0.99, noNaN: true }), fraud: fc.boolean() });
    fc.assert(
      fc.property(fc.array(order), fc.double({ min: 0.1, max: 1, noNaN: true }), (orders, precision) => {
        const threshold = thresholdFor(orders, precision);
        assert.ok(threshold === 1 || precisionFrom(orders, threshold) >= precision);
      }),
    );
  });
});
