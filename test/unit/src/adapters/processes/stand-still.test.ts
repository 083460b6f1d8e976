import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { startTimeOf } from '../../../../../lib/runtime/process-identity.ts';
import { standStill } from '../../../../../src/adapters/processes/stand-still.ts';

test('a process stands still, and goes on where it stood', async (t) => {
  const child = spawn(process.execPath, ['-e', "process.stdin.on('data', (data) => process.stdout.write(data))"]);
  t.after(() => child.kill('SIGKILL'));
  const echo = async (text: string) => {
    child.stdin.write(text);
    const [data] = await once(child.stdout, 'data');
    return String(data);
  };
  assert.equal(await echo('before'), 'before');

  const pid = child.pid!;
  const goOn = standStill({ pid, startTime: startTimeOf(pid)! });
  const answer = echo('while it stands');
  const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'silence'))]);
  assert.equal(first, 'silence');
  goOn();
  assert.equal(await answer, 'while it stands');
  goOn();
});

test('a process that has ended, or another with its number, is left alone', () => {
  assert.throws(() => standStill({ pid: process.pid, startTime: 'another time' }), /does not run/);
});
