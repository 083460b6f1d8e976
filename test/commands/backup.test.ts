import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { runCli } from '../helpers/run-cli.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

suite('oms backup', () => {
  test('wrong calls end with 2 and say what is right', async () => {
    for (const [args, said] of [
      [['restore'], /name/],
      [['restore', '../../etc/passwd'], /for example 20261121T023000Z/],
      [['create', '--keep', '0'], /--keep 30/],
    ] as const) {
      const { code, stderr } = await runCli(['backup', ...args]);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, said);
    }
  });

  test('a site that nobody deployed from here ends with 4', async (t) => {
    const env = { OMS_DIR: join(tempFolder(t), 'oms') };
    for (const args of [['create'], ['list'], ['restore', 'latest', '--confirm', 'demo']]) {
      const { code, stdout } = await runCli(['backup', ...args, '--json'], { env });
      assert.equal(code, 4, args.join(' '));
      assert.equal(JSON.parse(stdout).error.code, 'not_deployed');
    }
  });
});
