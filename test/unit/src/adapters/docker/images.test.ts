import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { saveImageArchive } from '../../../../../src/adapters/docker/images.ts';
import { withPrograms } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

const IMAGES = [
  { reference: 'oms-app:1', context: '/contexts/app' },
  { reference: 'oms-web:1', context: '/contexts/web' },
  { reference: 'mysql:8', context: null },
];

test('what is not there is built or pulled, and a failure leaves the archive of before', async (t) => {
  const folder = tempFolder(t);
  const [calls, file] = [join(folder, 'calls'), join(folder, 'images.tar')];
  withPrograms(t, {
    docker: `echo "$*" >> ${calls}
case "$*" in
  *inspect*oms-web:1) exit 0;;
  *inspect*) exit 1;;
  save*) printf archive > "$3"; [ ! -e ${folder}/full ] || { echo "no space left on device" >&2; exit 1; };;
esac`,
  });
  const options = { report: () => undefined, signal: new AbortController().signal };
  assert.equal(await saveImageArchive(IMAGES, file, options), 'archive'.length);
  const made = readFileSync(calls, 'utf8')
    .split('\n')
    .filter((line) => /^(build|pull|save)/.test(line));
  assert.deepEqual(made, [
    'build --quiet --tag oms-app:1 /contexts/app',
    'pull --quiet mysql:8',
    `save --output ${file}.part oms-app:1 oms-web:1 mysql:8`,
  ]);
  writeFileSync(file, 'of before');
  writeFileSync(join(folder, 'full'), '');
  await assert.rejects(saveImageArchive(IMAGES, file, options), /no space left/);
  assert.deepEqual([readFileSync(file, 'utf8'), existsSync(`${file}.part`)], ['of before', false]);
});
