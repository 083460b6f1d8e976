import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { nearestValues } from '../../../../../lib/query/assistant/lookup.ts';

const NAMES = ['Copper Kettle', 'Trail Map 7', 'Lantern Mini', 'City Bike 3', 'Kettle Lid'];

suite('looking a stored name up', () => {
  test('by a word, a slip or the whole, the most alike first', () => {
    assert.deepEqual(nearestValues('kettel', NAMES), ['Kettle Lid', 'Copper Kettle'].sort());
    assert.deepEqual(nearestValues('trail map', NAMES), ['Trail Map 7']);
    assert.deepEqual(nearestValues('espresso', NAMES), []);
  });

  test('nothing said: the first of them', () => assert.deepEqual(nearestValues('', NAMES), NAMES));

  test('whatever is stored, it comes as at most eight short lines', () => {
    const names = fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.string(), names, (text, values) => {
        const found = nearestValues(text, values);
        assert.ok(found.length <= 8);
        for (const one of found) assert.ok(one.length <= 80 && !/[\p{Cc}\p{Cf}]/u.test(one));
      }),
    );
  });
});
