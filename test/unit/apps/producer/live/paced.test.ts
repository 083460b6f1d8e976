import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Paced } from '../../../../../apps/producer/live/paced.ts';

suite('a paced question', () => {
  test('is asked once, however many ask, until its time is over', async () => {
    let asked = 0;
    const paced = new Paced(async () => ++asked, { everyMs: 60_000 });
    assert.deepEqual(await Promise.all([paced.get(), paced.get()]), [1, 1]);
    assert.equal(await paced.get(), 1);
    const eager = new Paced(async () => ++asked, { everyMs: 0 });
    assert.deepEqual([await eager.get(), await eager.get()], [2, 3]);
  });

  test('what takes long is asked rarely', async () => {
    let asked = 0;
    const slow = () => new Promise<number>((resolve) => setTimeout(() => resolve(++asked), 5));
    const paced = new Paced(slow, { everyMs: 0, ratio: 10_000 });
    assert.deepEqual([await paced.get(), await paced.get()], [1, 1]);
  });

  test('a failure is passed on, and asked again the next time', async () => {
    let asked = 0;
    const paced = new Paced(async () => (++asked === 1 ? Promise.reject(new Error('away')) : asked), {
      everyMs: 60_000,
    });
    await assert.rejects(paced.get(), /away/);
    assert.equal(await paced.get(), 2);
  });

  test('an answer from before a failure is not given after it', async () => {
    let asked = 0;
    const answers = [async () => 1, () => Promise.reject(new Error('away')), () => Promise.reject(new Error('still'))];
    const paced = new Paced(() => answers[asked++]!(), { everyMs: 0 });
    assert.equal(await paced.get(), 1);
    await assert.rejects(paced.get(), /away/);
    await assert.rejects(paced.get(), /still/);
  });
});
