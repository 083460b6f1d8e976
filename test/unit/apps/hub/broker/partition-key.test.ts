import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashPartitionKey, partitionOf } from '../../../../../apps/hub/broker/partition-key.ts';
import {
  hashPartitionKey as hashOfSdk,
  mapPartitionKeyToId,
} from '../../../../../node_modules/@azure/event-hubs/dist/esm/impl/partitionKeyToIdMapper.js';

test('keys go where the SDK expects them', () => {
  const key = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 1024 }), (text, partitions) => {
      assert.equal(hashPartitionKey(text), hashOfSdk(text));
      assert.equal(partitionOf(text, partitions), mapPartitionKeyToId(text, partitions));
    }),
    { numRuns: 500 },
  );
});

test('every length around the block of twelve bytes is hashed like the SDK does', () => {
  for (let length = 0; length <= 37; length++) {
    const key = 'abcdefghijklmnopqrstuvwxyz0123456789-'.slice(0, length);
    assert.equal(hashPartitionKey(key), hashOfSdk(key), key);
  }
});
