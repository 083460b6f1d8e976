import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createBreather,
  filterInSlices,
  mapInSlices,
  sortInSlices,
} from '../../../../../apps/producer/catalogue/in-slices.ts';

test('what is done in slices is what would be done at once, and sorting is stable', async () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer()), { maxLength: 2_000 });
  const compare = ([a]: [number, number], [b]: [number, number]) => a - b;
  await fc.assert(
    fc.asyncProperty(pairs, async (items) => {
      assert.deepEqual(await sortInSlices(items, compare), items.toSorted(compare));
      assert.deepEqual(
        await mapInSlices(items, ([a]) => a),
        items.map(([a]) => a),
      );
      assert.deepEqual(
        await filterInSlices(items, ([a]) => a > 9),
        items.filter(([a]) => a > 9),
      );
    }),
    { numRuns: 20 },
  );
});

test('others get their turn between slices', async () => {
  const breathe = createBreather(0);
  let turns = 0;
  setImmediate(() => {
    turns += 1;
  });
  for (let step = 0; step < 64; step++) await breathe();
  assert.equal(turns, 1);
});
