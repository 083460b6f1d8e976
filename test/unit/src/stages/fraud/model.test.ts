import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { evaluateFraudModel } from '../../../../../src/stages/fraud/eval.ts';
import { trainFraudModel } from '../../../../../src/stages/fraud/train.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

suite('the risk model', () => {
  test('catches 8 of 10 frauds of seeds it has not seen, and 9 of 10 orders it holds back are fraud', async () => {
    const options = { orders: 50_000, seeds: [201, 202], model: undefined };
    const { precision, recall, block_precision, decision_us } = await evaluateFraudModel(options, quietContext('.'));
    assert.ok(recall >= 0.8, `recall ${recall}`);
    assert.ok(precision >= 0.9, `precision ${precision}`);
    assert.ok(block_precision >= 0.98, `block_precision ${block_precision}`);
    assert.ok(decision_us < 5_000, `${decision_us} us`);
  });

  test('the same seeds train the same model; it is measured on other ones only', async (t) => {
    const folder = tempFolder(t);
    const context = quietContext(folder);
    const train = (out: string | undefined) => trainFraudModel({ orders: 2_000, seeds: [1], out }, context);
    const { file, model } = await train(undefined);
    assert.equal(file, join(folder, 'risk-model.json'));
    const other = join(folder, 'other.json');
    assert.deepEqual((await train(other)).model, model);
    assert.equal(readFileSync(other, 'utf8'), readFileSync(file, 'utf8'));

    const { model: version, orders } = await evaluateFraudModel({ orders: 200, seeds: [2], model: file }, context);
    assert.deepEqual([version, orders], [model.version, 200]);
    const seen = evaluateFraudModel({ orders: 200, seeds: [2, 1], model: file }, context);
    await assert.rejects(seen, { code: 'usage', message: 'the model was trained on seed 1' });
  });

  test('a file that is none is named', async (t) => {
    const file = join(tempFolder(t), 'none.json');
    const evaluating = evaluateFraudModel({ orders: 200, seeds: [2], model: file }, quietContext('.'));
    await assert.rejects(evaluating, { code: 'input_file', message: `${file} cannot be used` });
  });

  test('training that is interrupted writes nothing', async (t) => {
    const folder = tempFolder(t);
    const context = quietContext(folder, AbortSignal.abort(new Error('interrupted')));
    await assert.rejects(trainFraudModel({ orders: 200, seeds: [1], out: undefined }, context), /interrupted/);
    assert.equal(existsSync(join(folder, 'risk-model.json')), false);
  });
});
