import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { GroupCommit } from '../../../../../apps/sandbox/book/group-commit.ts';

suite('group commit', () => {
  test('what comes together is done together, and each job gets its own answer', async () => {
    const gatherings: number[][] = [];
    const group = new GroupCommit<number, number>(async (jobs) => {
      gatherings.push([...jobs]);
      return jobs.map((job) => job * 10);
    });
    assert.deepEqual(await Promise.all([1, 2, 3].map((job) => group.submit(job))), [10, 20, 30]);
    assert.deepEqual(gatherings, [[1, 2, 3]]);
  });

  test('one gathering at a time, none larger than it may be, nothing left behind', async () => {
    let running = 0;
    const sizes: number[] = [];
    const group = new GroupCommit<number, number>(
      async (jobs) => {
        running += 1;
        assert.equal(running, 1);
        sizes.push(jobs.length);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return jobs;
      },
      { lingerMs: 1, maxJobs: 4 },
    );
    const jobs = Array.from({ length: 10 }, (_none, index) => index);
    assert.deepEqual(await Promise.all(jobs.map((job) => group.submit(job))), jobs);
    assert.deepEqual(sizes, [4, 4, 2]);
  });

  test('a failure is for its own gathering alone', async () => {
    let calls = 0;
    const group = new GroupCommit<number, number>(async (jobs) => {
      calls += 1;
      if (calls === 1) throw new Error('no disk');
      return jobs;
    });
    await assert.rejects(group.submit(1), /no disk/);
    assert.equal(await group.submit(2), 2);
  });

  test('what is done alone waits for the gathering before it, and holds up the next', async () => {
    const order: string[] = [];
    const group = new GroupCommit<string, string>(async (jobs) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(...jobs);
      return jobs;
    });
    const first = group.submit('first');
    await first;
    const alone = group.alone(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('alone');
    });
    await Promise.all([alone, group.submit('second')]);
    await group.drain();
    assert.deepEqual(order, ['first', 'alone', 'second']);
  });

  test('draining does what still waits', async () => {
    const group = new GroupCommit<number, number>(async (jobs) => jobs, { lingerMs: 60_000 });
    const answer = group.submit(1);
    await group.drain();
    assert.equal(await answer, 1);
  });
});
