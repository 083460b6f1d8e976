import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { savedEnvironment } from '../helpers/environment.ts';
import { someOutputs } from '../helpers/outputs.ts';
import { runCli } from '../helpers/run-cli.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

/** An environment "demo" in a folder of its own. */
function writeDemo(folder: string, files: Record<string, unknown>): void {
  mkdirSync(join(folder, 'demo'));
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(folder, 'demo', name), typeof value === 'string' ? value : JSON.stringify(value));
  }
}

suite('oms diagram', () => {
  test('without anything: the defaults as Mermaid on stdout', async (t) => {
    const { code, stdout, stderr } = await runCli(['diagram'], { env: { OMS_DIR: tempFolder(t) } });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^---\ntitle: "oms"\n---\nflowchart LR\n/);
  });

  test('an environment into a picture that everybody may read', async (t) => {
    const folder = tempFolder(t);
    writeDemo(folder, { 'environment.json': savedEnvironment(), 'outputs.json': someOutputs() });
    const file = join(folder, 'demo.svg');
    const { code, stdout } = await runCli(['diagram', '--env', 'demo', '--output', file, '--json'], {
      env: { OMS_DIR: folder },
    });
    assert.equal(code, 0);
    const result = { environment: 'demo', provisioned: true, format: 'svg', file, text: null };
    assert.deepEqual(JSON.parse(stdout), { status: 0, result, warnings: [] });
    assert.match(readFileSync(file, 'utf8'), />oms · demo<\/text>/);
    assert.equal(statSync(file).mode & 0o044, 0o044);
  });

  test('an environment that is not there, or whose file is damaged: exit 4 and what to do', async (t) => {
    const folder = tempFolder(t);
    writeDemo(folder, { 'environment.json': '{' });
    for (const [name, message] of [
      ['prod', 'there is no environment prod'],
      ['demo', `${join(folder, 'demo', 'environment.json')} is damaged`],
    ] as const) {
      const { code, stdout } = await runCli(['diagram', '--env', name, '--json'], { env: { OMS_DIR: folder } });
      assert.equal(code, 4);
      const next = [`oms provision --env ${name} --plan-only`, 'oms diagram'];
      assert.deepEqual(JSON.parse(stdout).error, { code: 'not_provisioned', message, next });
    }
  });

  test('a name that leaves the folder, a file of no known format, a folder that is not there', async (t) => {
    const folder = tempFolder(t);
    const run = (...args: string[]) => runCli(['diagram', ...args], { env: { OMS_DIR: folder } });
    assert.equal((await run('--env', '../x')).code, 2);
    const unknown = await run('--output', join(folder, 'a.png'));
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /does not say which format/);
    const unwritable = await run('--output', join(folder, 'none', 'a.svg'));
    assert.equal(unwritable.code, 5);
    assert.match(unwritable.stderr, /could not be written/);
  });
});
