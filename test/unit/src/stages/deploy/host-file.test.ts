import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Context } from '../../../../../src/context.ts';
import { writeHostFile } from '../../../../../src/stages/deploy/host-file.ts';
import { sitePaths } from '../../../../../src/stages/deploy/site.ts';
import { targetOf } from '../../../../../src/stages/deploy/targets.ts';
import { quietContext } from '../../../../helpers/quiet-context.ts';
import { aSite, localHost, withPrograms } from '../../../../helpers/sites.ts';
import { tempFolder } from '../../../../helpers/temp-folder.ts';

function setUp(t: TestContext) {
  withPrograms(t);
  const folder = join(tempFolder(t), 'a folder');
  const context = quietContext(folder);
  const target = targetOf(localHost(), aSite(), sitePaths(folder, 'demo'));
  const file = join(folder, 'routes.yml');
  const write = (text: string, with_: Pick<Context, 'remote' | 'signal'> = context) =>
    writeHostFile({ target, file, text, purpose: 'it could not be written' }, with_);
  return { folder, file, context, write };
}

test('a file is written with its folder, for everybody to read, and left where it says the same', async (t) => {
  const { file, folder, write } = setUp(t);
  assert.equal(await write('Zurück um zwölf\n'), true);
  assert.deepEqual([readFileSync(file, 'utf8'), statSync(file).mode & 0o777], ['Zurück um zwölf\n', 0o644]);
  assert.equal(await write('Zurück um zwölf\n'), false);
  assert.equal(await write(''), true);
  assert.deepEqual(readdirSync(folder), ['routes.yml']);
});

test('a connection that breaks on the way leaves the file of before', async (t) => {
  const { file, folder, context, write } = setUp(t);
  await write('http: {}\n');
  for (const arrived of ['', 'http:']) {
    const run: Context['remote']['run'] = (target, argv, options) =>
      context.remote.run(target, argv, { ...options, input: arrived });
    const broken = { ...context, remote: { ...context.remote, run } };
    await assert.rejects(write('http: { routers: {} }\n', broken), { why: /connection broke/ });
    assert.equal(readFileSync(file, 'utf8'), 'http: {}\n');
  }
  assert.deepEqual(readdirSync(folder), ['routes.yml']);
});
