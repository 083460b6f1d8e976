import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeenSignatures } from '../../../../../apps/producer/hooks/seen-signatures.ts';

test('a signature is taken once, until its age alone refuses it; released, it may come again', () => {
  const seen = new SeenSignatures();
  assert.equal(seen.claim('a', 0), true);
  assert.equal(seen.claim('a', 600_000), false);
  assert.equal(seen.claim('b', 600_000), true);
  seen.release('b');
  assert.equal(seen.claim('b', 600_000), true);
  assert.equal(seen.claim('a', 600_001), true);
});
