import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { findByVariable, isAlive, isRunning, startTimeOf } from '../../../../lib/runtime/process-identity.ts';
import { terminate } from '../../../../lib/runtime/terminate.ts';
import { until } from '../../../helpers/until.ts';

suite('process identity', () => {
  test('this process is alive, under one start time', () => {
    const startTime = startTimeOf(process.pid);
    assert.ok(startTime);
    assert.equal(isRunning({ pid: process.pid, startTime }), true);
    assert.equal(isRunning({ pid: process.pid, startTime: `${startTime}0` }), false);
  });

  test('what cannot be a process is not alive', () => {
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 30]) assert.equal(isAlive(pid), false);
    assert.equal(startTimeOf(2 ** 30), undefined);
  });

  test('a detached child is found by its environment, with its own children marked as no leaders', async () => {
    const mark = `test-${process.pid}-${Date.now()}`;
    // The shell starts a child instead of becoming it, because it has something left to do afterwards.
    const child = spawn('/bin/sh', ['-c', 'sleep 100; true'], {
      detached: true,
      env: { ...process.env, OMS_MARK: mark },
    });
    const found = await until('both are there', () => {
      const list = findByVariable('OMS_MARK', mark);
      return list.length === 2 ? list : undefined;
    });
    assert.deepEqual(
      found.filter(({ leader }) => leader).map(({ pid }) => pid),
      [child.pid],
    );
    const exit = once(child, 'exit');
    assert.equal(await terminate(found.find(({ leader }) => leader)!, 5_000), true);
    await exit;
    await until('its own child is gone as well', () => findByVariable('OMS_MARK', mark).length === 0);
  });
});
