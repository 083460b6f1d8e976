import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { evaluateRisk } from '../../../../lib/risk/evaluate.ts';
import type { LabelledOrder } from '../../../../lib/risk/train.ts';
import { NO_VELOCITY, orderWith, REGULAR } from '../../../helpers/risk.ts';

const allowed = (fraud: string | null): LabelledOrder => ({ data: orderWith(REGULAR), velocity: NO_VELOCITY, fraud });
const blocked = (fraud: string | null): LabelledOrder => ({
  ...allowed(fraud),
  velocity: { ...NO_VELOCITY, device: 30 },
});

suite('evaluateRisk', () => {
  test('counts decisions by truth and by pattern', () => {
    const orders = [
      allowed(null),
      allowed(null),
      blocked(null),
      blocked('b'),
      blocked('a'),
      blocked('a'),
      allowed('a'),
    ];
    const evaluation = evaluateRisk(orders);
    assert.deepEqual(evaluation.confusion, {
      fraud: { allow: 1, review: 0, block: 3 },
      honest: { allow: 2, review: 0, block: 1 },
    });
    assert.deepEqual([evaluation.precision, evaluation.recall, evaluation.block_precision], [0.75, 0.75, 0.75]);
    assert.deepEqual(evaluation.by_pattern, [
      { pattern: 'a', orders: 3, caught: 2, recall: 2 / 3 },
      { pattern: 'b', orders: 1, caught: 1, recall: 1 },
    ]);
  });

  test('nothing held back is precise, nothing to catch is caught', () => {
    const { precision, recall } = evaluateRisk([allowed(null)]);
    assert.deepEqual([precision, recall], [1, 1]);
  });
});
