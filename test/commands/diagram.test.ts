import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { DiagramResult } from '../../src/stages/diagram/diagram.ts';
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
    assert.deepEqual(Compile(DiagramResult).Errors(result), []);
    assert.match(readFileSync(file, 'utf8'), />oms · demo<\/text>/);
    assert.equal(statSync(file).mode & 0o044, 0o044);
  });

  test('an environment that is not there, or whose file is damaged: what is wrong and what to do', async (t) => {
    const folder = tempFolder(t);
    writeDemo(folder, { 'environment.json': '{' });
    for (const [name, expected, message] of [
      ['prod', 4, 'nothing is known of an environment prod'],
      ['demo', 2, `${join(folder, 'demo', 'environment.json')} cannot be used as what is known of demo`],
    ] as const) {
      const { code, stdout } = await runCli(['diagram', '--env', name, '--json'], { env: { OMS_DIR: folder } });
      const { error } = JSON.parse(stdout);
      assert.deepEqual([code, error.message, error.next.length > 0], [expected, message, true]);
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
    assert.match(unwritable.stderr, /could not be written[\s\S]*next {2}oms diagram --output architecture.svg/);
  });

  test('what could be taken for a flag, a list of arguments or a command of the terminal is no file', async (t) => {
    const cwd = tempFolder(t);
    for (const name of ['-rf.svg', '--help.svg', '@file.svg', 'a\nb.svg', `${'x'.repeat(10_240)}.svg`]) {
      const { code, stderr } = await runCli(['diagram', `--output=${name}`], { cwd });
      assert.equal(code, 2, name.slice(0, 20));
      assert.ok(stderr.length < 400);
    }
    const { code, stderr } = await runCli(['diagram', '--format', '\u001b[31mpng'], { cwd });
    assert.deepEqual([code, stderr.includes('\u001b')], [2, false]);
    assert.deepEqual(readdirSync(cwd), []);
  });

  test('what is no file is written to, not replaced by one', async (t) => {
    const folder = tempFolder(t);
    writeFileSync(join(folder, 'a.svg'), '');
    symlinkSync('a.svg', join(folder, 'link.svg'));
    assert.equal((await runCli(['diagram', '--output', join(folder, 'link.svg')])).code, 0);
    assert.ok(lstatSync(join(folder, 'link.svg')).isSymbolicLink());
    assert.match(readFileSync(join(folder, 'a.svg'), 'utf8'), /<svg /);
  });
});
