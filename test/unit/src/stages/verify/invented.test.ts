import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ManifestEntry } from '../../../../../src/stages/runs/manifest.ts';
import { KnownNumbers } from '../../../../../src/stages/verify/invented.ts';

test('exactly the numbers added are known', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(2_000_000), { maxLength: 50 }), fc.nat(2_000_000), (numbers, other) => {
      const known = new KnownNumbers();
      known.add(numbers.map((n) => ({ n }) as ManifestEntry));
      assert.ok(numbers.every((n) => known.has(n)));
      assert.equal(known.has(other), numbers.includes(other));
    }),
    { numRuns: 100 },
  );
});
