import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { after, ahead } from '../../../../../apps/hub/protocol/serial.ts';

test('counting on and looking back agree, also across the wrap', () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.nat(0x7fff_fffe), (id, count) => {
      assert.equal(ahead(after(id, count), id), count);
    }),
    { examples: [[0xffff_ffff, 1]] },
  );
});
