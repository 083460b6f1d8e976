import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEFAULT_MIX, readMix } from '../../../../../src/stages/simulate/mix.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

test('a mix is a name, a list of percentages, or a file of them', async (t) => {
  assert.equal(await readMix(undefined), undefined);
  assert.equal(await readMix('none'), undefined);
  assert.equal(await readMix('default'), DEFAULT_MIX);
  assert.deepEqual(await readMix('declines=8, failed-delivery=2.5'), { declines: 8, 'failed-delivery': 2.5 });
  const file = join(tempFolder(t), 'mix.json');
  writeFileSync(file, '{"returns": 12}');
  assert.deepEqual(await readMix(file), { returns: 12 });
});

const WRONG = [
  ['declines=much', /declines must be number/],
  ['declines=101', /declines must be <= 100/],
  ['refusals=3', /there is no "refusals"/],
  ['declines=60,mfa=50', /payments add up to over 100/],
  ['lost=60,undeliverable=50', /parcels add up to over 100/],
  ['/nowhere/mix.json', /cannot read \/nowhere\/mix.json/],
] as const;

for (const [words, problem] of WRONG) {
  test(`--mix ${words} is a wrong call that names its fault`, async () => {
    await assert.rejects(readMix(words), (error: { code: string; message: string; why: string }) => {
      assert.equal(error.code, 'usage');
      assert.match(error.message, problem);
      assert.match(error.why, /declines, mfa, /);
      return true;
    });
  });
}
