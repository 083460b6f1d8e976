import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite, type TestContext, test } from 'node:test';
import { startTimeOf } from '../../../../lib/runtime/process-identity.ts';
import { terminate } from '../../../../lib/runtime/terminate.ts';

/** A process that ends at the n-th SIGTERM. */
async function stubborn(t: TestContext, n: number) {
  const script = `let left = ${n}; process.on('SIGTERM', () => { if (--left === 0) process.exit(); }); setInterval(() => {}, 1e6); console.log('up');`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const startTime = startTimeOf(child.pid!);
  assert.ok(startTime);
  return { identity: { pid: child.pid!, startTime }, exit: once(child, 'exit') };
}

suite('terminate', () => {
  test('one SIGTERM is enough for most', async (t) => {
    const { identity } = await stubborn(t, 1);
    assert.equal(await terminate(identity, 10_000), true);
  });

  test('a lost SIGTERM is sent again where that is asked for', async (t) => {
    const { identity } = await stubborn(t, 3);
    assert.equal(await terminate(identity, 10_000, 20), true);
  });

  test('what does not go by the deadline is killed', async (t) => {
    const { identity, exit } = await stubborn(t, 1_000);
    assert.equal(await terminate(identity, 50), false);
    assert.deepEqual(await exit, [null, 'SIGKILL']);
  });
});
