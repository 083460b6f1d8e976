import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { BUILT_IN_MODEL } from '../../../../lib/risk/built-in-model.ts';
import { RiskModelError } from '../../../../lib/risk/model.ts';
import { readRiskModel } from '../../../../lib/risk/model-file.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';

suite('readRiskModel', () => {
  test('without a file it is the model built in', () => {
    assert.equal(readRiskModel(undefined), BUILT_IN_MODEL);
  });

  test('reads a file', (t) => {
    const file = join(tempFolder(t), 'model.json');
    writeFileSync(file, JSON.stringify({ ...BUILT_IN_MODEL, version: 'another' }));
    assert.equal(readRiskModel(file).version, 'another');
  });

  test('says which file is no model', (t) => {
    const file = join(tempFolder(t), 'model.json');
    writeFileSync(file, '{');
    assert.throws(() => readRiskModel(file), new RiskModelError(`${file} is no JSON`));
  });
});
