import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { isAlive } from '../../../lib/runtime/process-identity.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', '..', 'scripts', 'with-standins.ts');

interface Run {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  ended: Promise<number | null>;
}

function start(t: TestContext, dir: string, ...command: string[]): Run {
  const child = spawn(process.execPath, [SCRIPT, '--', ...command], {
    env: { ...process.env, OMS_DIR: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { out: '', err: '' };
  child.stdout!.on('data', (chunk) => (texts.out += chunk));
  child.stderr!.on('data', (chunk) => (texts.err += chunk));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, out: () => texts.out, err: () => texts.err, ended };
}

suite('a command among stand-ins', { concurrency: false }, () => {
  test('has stdout to itself, its exit code passed on, and the same cloud the next time', async (t) => {
    const dir = tempFolder(t);
    const first = start(t, dir, 'sh', '-c', 'echo "$OMS_STANDIN_ARM"; exit 7');
    assert.equal(await first.ended, 7, first.err());
    assert.match(first.out(), /^https:\/\/localhost:\d+\n$/);
    assert.match(first.err(), /stand-ins: nothing reaches Azure/);
    for (const name of ['Azure Resource Manager', 'az', 'Terraform', 'Event Hubs', 'Capture', 'Blob storage']) {
      assert.match(first.err(), new RegExp(`^ {2}${name} `, 'm'));
    }
    const second = start(t, dir, 'sh', '-c', 'echo "$OMS_STANDIN_ARM"');
    assert.equal(await second.ended, 0, second.err());
    assert.equal(second.out(), first.out());
  });

  test('gets the signals, and nobody else gets its cloud meanwhile', async (t) => {
    const dir = tempFolder(t);
    const run = start(t, dir, process.execPath, '-e', 'console.log(process.pid); setInterval(() => {}, 1000)');
    await until('the command runs', () => run.out() !== '', 60_000);
    const other = start(t, dir, 'true');
    assert.equal(await other.ended, 1);
    assert.match(other.err(), /process \d+ is using/);
    run.child.kill('SIGTERM');
    assert.equal(await run.ended, 143);
    assert.ok(!isAlive(Number(run.out())));
  });

  test('that is none says how it is called', async (t) => {
    const run = start(t, tempFolder(t));
    assert.equal(await run.ended, 2);
    assert.match(run.err(), /^usage: /);
  });

  test('that does not exist is named, and everything is taken down again', async (t) => {
    const run = start(t, tempFolder(t), 'no-such-program');
    assert.equal(await run.ended, 1);
    assert.match(run.err(), /no-such-program/);
  });
});
