import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windowAfterSize, windowAfterTime } from '../../../../../apps/hub/capture/capture-window.ts';

const limits = { windowMs: 60_000, sizeBytes: 1 };

test('windows follow each other without a gap', () => {
  assert.equal(windowAfterTime(0, limits, 60_000), 60_000);
  assert.equal(windowAfterTime(0, limits, 119_999), 60_000);
});

test('windows that passed without anything to capture are left out', () => {
  assert.equal(windowAfterTime(0, limits, 120_000), 120_000);
  assert.equal(windowAfterTime(1_000, limits, 3_600_000), 3_541_000);
});

test('when the time of the log stands before the end of a window the next one follows all the same', () => {
  assert.equal(windowAfterTime(60_000, limits, 0), 120_000);
});

test('after a full window the next begins with its last event, at least a second later', () => {
  assert.equal(windowAfterSize(60_000, 75_432), 75_000);
  assert.equal(windowAfterSize(60_000, 60_100), 61_000);
  assert.equal(windowAfterSize(60_000, 10), 61_000);
});
