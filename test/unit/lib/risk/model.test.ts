import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FEATURE_CODES } from '../../../../lib/risk/features.ts';
import { parseRiskModel, type RiskModel, RiskModelError, score } from '../../../../lib/risk/model.ts';

const model = (weights: readonly number[]): RiskModel => ({
  version: 'logistic-test',
  bias: -2,
  features: FEATURE_CODES.map((code, index) => ({ code, mean: 1, deviation: 2, weight: weights[index] ?? 0 })),
  thresholds: { review: 0.5, block: 0.9 },
  trained: { orders: 10, frauds: 1, seeds: [1] },
});

const values = (...known: number[]) => Float64Array.from(FEATURE_CODES, (_, index) => known[index] ?? Number.NaN);

suite('score', () => {
  test('is the logistic function of the weighed, standardised values', () => {
    assert.equal(score(model([4]), values(2)).score, 0.5);
  });

  test('a value that is not known weighs nothing', () => {
    assert.equal(score(model([4, 100]), values(2)).score, 0.5);
  });

  test('reasons are what speaks for fraud, the strongest first, four at most', () => {
    const { reasons } = score(model([1, 6, -5, 2, 3, 4]), values(3, 3, 3, 3, 3, 3));
    assert.deepEqual(
      reasons,
      [1, 5, 4, 3].map((index) => FEATURE_CODES[index]),
    );
  });
});

suite('parseRiskModel', () => {
  test('takes back what was written', () => {
    const written = JSON.parse(JSON.stringify(model([1])));
    assert.deepEqual(parseRiskModel(written), written);
  });

  test('names what is wrong with a value of another shape', () => {
    assert.throws(() => parseRiskModel({ ...model([]), bias: 'low' }), /no risk model: \/bias/);
    assert.throws(() => parseRiskModel(7), RiskModelError);
  });

  test('refuses thresholds that block what is not even reviewed, and numbers that are none', () => {
    assert.throws(() => parseRiskModel({ ...model([]), thresholds: { review: 0.9, block: 0.5 } }), RiskModelError);
    assert.throws(() => parseRiskModel({ ...model([]), bias: JSON.parse('1e999') }), /no risk model: \/bias/);
  });

  test('refuses a model of other features', () => {
    const { features, ...rest } = model([]);
    assert.throws(() => parseRiskModel({ ...rest, features: features.slice(1) }), /oms fraud train/);
  });
});
