import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { GapWatch, untilGap } from '../../../../apps/consumer/gap-watch.ts';

const at = (...numbers: number[]) => numbers.map((sequenceNumber) => ({ sequenceNumber }));

suite('a gap between events', () => {
  test('deliveries are taken up to the first gap, without what was stored or came twice', () => {
    assert.deepEqual(untilGap(at(3, 4, 5, 5, 4, 6), 3), { whole: at(4, 5, 6), rest: [] });
    assert.deepEqual(untilGap(at(4, 6, 7), 3), { whole: at(4), rest: at(6, 7) });
    assert.deepEqual(untilGap(at(5), 3), { whole: [], rest: at(5) });
    assert.deepEqual(untilGap([], 3), { whole: [], rest: [] });
  });

  test('what is still missing when read again is gone, also when more is missing by then', () => {
    const watch = new GapWatch();
    const gap = { partitionId: 0, after: 9, missing: 2 };
    assert.equal(watch.isGone(gap), false);
    assert.equal(watch.isGone({ ...gap, partitionId: 1 }), false);
    assert.equal(watch.isGone({ ...gap, missing: 3 }), true);
    assert.equal(watch.isGone({ ...gap, missing: 3 }), false, 'the same place in a hub made anew');
  });

  test('a gap elsewhere, and one that shrinks, are looked at again, a bounded number of times', () => {
    const watch = new GapWatch();
    const seen = [3, 2, 1, 1].map((missing) => watch.isGone({ partitionId: 0, after: 9, missing }));
    assert.deepEqual(seen, [false, false, false, true]);
    assert.equal(watch.isGone({ partitionId: 0, after: 20, missing: 1 }), false);
  });
});
