import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitBySize } from '../../../../apps/consumer/batch.ts';
import type { Delivery } from '../../../../apps/consumer/decode.ts';

const deliveries = (...sizes: (number | null)[]): Delivery[] =>
  sizes.map((size, sequenceNumber) => ({
    sequenceNumber,
    offset: String(sequenceNumber),
    enqueuedTimeUtc: new Date(0),
    body: size === null ? 'text' : Buffer.alloc(size),
  }));

const numbers = (groups: Delivery[][]) => groups.map((group) => group.map((delivery) => delivery.sequenceNumber));

test('deliveries are grouped in their order, as many as fit; one that is too long is alone', () => {
  assert.deepEqual(numbers(splitBySize(deliveries(4, 6, 1, 11, 9, 2), 10)), [[0, 1], [2], [3], [4], [5]]);
  assert.deepEqual(splitBySize([], 10), []);
});

test('a body whose length is not known counts as the longest', () => {
  assert.deepEqual(numbers(splitBySize(deliveries(null, null, null, null, null))), [[0, 1, 2, 3], [4]]);
});
