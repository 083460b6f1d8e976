import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { partitionOf } from '../../../../lib/streaming/partition-key.ts';

// The SDK's own function is not exported: it is read from its file, to be the judge of ours.
const require = createRequire(import.meta.url);
const sdkRoot = join(require.resolve('@azure/event-hubs/package.json'), '..');
const oracle: { mapPartitionKeyToId(key: string, count: number): number } = await import(
  join(sdkRoot, 'dist/esm/impl/partitionKeyToIdMapper.js')
);

test('every key goes to the partition that the SDK would choose', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 1, max: 2_000 }), (key, count) => {
      assert.equal(partitionOf(key, count), oracle.mapPartitionKeyToId(key, count));
    }),
    { numRuns: 3_000, seed: 1 },
  );
});

test('keys of every length up to three blocks agree with the SDK, and so do order ids', () => {
  for (let length = 0; length <= 40; length += 1) {
    const key = 'k'.repeat(length);
    assert.equal(partitionOf(key, 1_024), oracle.mapPartitionKeyToId(key, 1_024), `length ${length}`);
  }
  fc.assert(
    fc.property(fc.uuid(), (key) => {
      assert.equal(partitionOf(key, 8), oracle.mapPartitionKeyToId(key, 8));
    }),
    { seed: 1 },
  );
});
