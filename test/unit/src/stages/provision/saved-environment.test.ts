import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { OmsError } from '../../../../../src/errors.ts';
import { readEnvironment } from '../../../../../src/stages/provision/saved-environment.ts';
import { savedEnvironment } from '../../../../helpers/environment.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

function folderWith(t: TestContext, text: string): string {
  const dir = tempFolder(t);
  mkdirSync(join(dir, 'demo'));
  writeFileSync(join(dir, 'demo', 'environment.json'), text);
  return dir;
}

test('what was saved is read', async (t) => {
  const saved = savedEnvironment();
  assert.deepEqual(await readEnvironment(folderWith(t, JSON.stringify(saved)), 'demo'), saved);
});

test('nothing saved is no error', async (t) => {
  assert.equal(await readEnvironment(tempFolder(t), 'demo'), undefined);
});

const saved = savedEnvironment();
const DAMAGED: [what: string, text: string, why: RegExp][] = [
  ['nothing', '', /it is no JSON/],
  ['half of it', JSON.stringify(saved).slice(0, 200), /it is no JSON/],
  ['a byte order mark', `\uFEFF${JSON.stringify(saved)}`, /it is no JSON/],
  ['null', 'null', /it must be object/],
  ['a list', '[]', /it /],
  ['a wrong type', JSON.stringify({ ...saved, capacity: { ...saved.capacity, units: 'six' } }), /capacity\.units/],
  ['something missing', JSON.stringify({ ...saved, region: undefined }), /region/],
  ['a newer version', JSON.stringify({ ...saved, version: 2 }), /written by a newer oms \(version 2\)/],
  ['another name', JSON.stringify({ ...saved, name: 'prod' }), /about another environment, "prod"/],
  [
    'a name for a command line',
    JSON.stringify({ ...saved, names: { ...saved.names, resourceGroup: '-rf' } }),
    /names\.resourceGroup: expected/,
  ],
];
for (const [what, text, why] of DAMAGED) {
  test(`a file with ${what} is never passed over`, async (t) => {
    await assert.rejects(readEnvironment(folderWith(t, text), 'demo'), (error) => {
      assert.ok(error instanceof OmsError);
      assert.equal(error.code, 'input_file');
      assert.match(error.message, /demo\/environment\.json cannot be used as what is known of demo/);
      assert.match(error.why!, why);
      assert.match(error.next.join('\n'), /put the file back.*\n.*move it away/);
      return true;
    });
  });
}

test('a file where the folder should be is told too', async (t) => {
  const dir = tempFolder(t);
  writeFileSync(join(dir, 'demo'), '');
  await assert.rejects(readEnvironment(dir, 'demo'), /cannot be used as what is known of demo/);
});
