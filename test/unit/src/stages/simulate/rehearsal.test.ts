import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withRehearsal } from '../../../../../src/stages/simulate/rehearsal.ts';

test('a shape brings the default mix, duplicates and bad input along', () => {
  const trouble = { mix: 'default', duplicates: 1, badEvents: 1 };
  assert.deepEqual(withRehearsal({ shape: 'black-friday' }), { shape: 'black-friday', ...trouble });
});

test('what is asked for stays, and a shape with --mix none or a steady rate has no trouble of its own', () => {
  const asked = { shape: 'diurnal', mix: 'returns=12', duplicates: 0, badEvents: 3 } as const;
  assert.deepEqual(withRehearsal(asked), asked);
  for (const plain of [{ shape: 'flash-sale', mix: 'none' }, { shape: 'steady' }, { mix: 'default' }, {}] as const) {
    assert.deepEqual(withRehearsal(plain), plain);
  }
});
