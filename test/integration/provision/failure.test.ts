import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fakeTerraform, terraformStream } from '../../helpers/fake-terraform.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

const COMMAND = join(import.meta.dirname, 'apply-command.ts');

function run(t: TestContext, args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const { bin } = fakeTerraform(t, { apply: { stdout: terraformStream('apply-linked-access'), exitCode: 1 } });
  const dir = tempFolder(t);
  mkdirSync(join(dir, 'demo', 'terraform'), { recursive: true });
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: dir, NO_COLOR: '1', OMS_DIR: dir };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

suite('an apply that fails', () => {
  test('for people: the lines so far, then what, why, what next, and the original words', async (t) => {
    const { code, stdout, stderr } = await run(t, []);
    assert.deepEqual([code, stdout], [5, '']);
    assert.match(stderr, /azurerm_eventhub_namespace\.main: created in 1 m 5 s \(9 of 14 done\)/);
    const [, error = ''] = stderr.split(/^error /m);
    const lines = error.trimEnd().split('\n');
    assert.match(lines[0]!, /Capture may not write to the archive yet/);
    assert.match(lines[1]!, /^ {2}why {3}whoever deploys/);
    assert.match(lines[2]!, /^ {2}next {2}wait five minutes/);
    assert.match(lines.at(-1)!, /^ {2}Generic: Linked access check failed/);
  });

  test('for programs: the same in the envelope, and nothing on stderr', async (t) => {
    const { code, stdout, stderr } = await run(t, ['--json']);
    const { status, error } = JSON.parse(stdout);
    assert.deepEqual([code, stderr, status, error.code], [5, '', 5, 'terraform_failed']);
    assert.match(error.original, /SubCode=40000/);
  });
});
