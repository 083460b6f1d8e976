import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { evaluateRisk } from '../../../../lib/risk/evaluate.ts';
import { parseRiskModel } from '../../../../lib/risk/model.ts';
import { type LabelledOrder, trainRiskModel } from '../../../../lib/risk/train.ts';
import { NO_VELOCITY, orderWith, REGULAR, SUSPECT } from '../../../helpers/risk.ts';

const honest: LabelledOrder = { data: orderWith(REGULAR), velocity: NO_VELOCITY, fraud: null };
const stranger: LabelledOrder = { ...honest, data: orderWith(undefined) };
const fraud: LabelledOrder = { data: orderWith(SUSPECT), velocity: NO_VELOCITY, fraud: 'address_mismatch' };
const robot: LabelledOrder = { ...fraud, velocity: { ...NO_VELOCITY, device: 30 }, fraud: 'card_testing' };

const orders = [
  ...Array.from({ length: 400 }, () => honest),
  ...Array.from({ length: 20 }, () => fraud),
  ...Array.from({ length: 5 }, () => robot),
];

suite('trainRiskModel', () => {
  test('learns to tell frauds from honest orders', () => {
    const model = trainRiskModel(orders, [1]);
    const { precision, recall } = evaluateRisk(orders, model);
    assert.deepEqual([precision, recall], [1, 1]);
    assert.deepEqual(model.trained, { orders: 425, frauds: 25, seeds: [1] });
  });

  test('the same orders give the same model, other ones another name', () => {
    const model = trainRiskModel(orders, [1]);
    assert.deepEqual(trainRiskModel(orders, [1]), model);
    assert.notEqual(trainRiskModel([...orders, stranger], [1]).version, model.version);
  });

  test('gives a model that can be read again', () => {
    const model = trainRiskModel(orders, [1]);
    assert.deepEqual(parseRiskModel(JSON.parse(JSON.stringify(model))), model);
  });
});
