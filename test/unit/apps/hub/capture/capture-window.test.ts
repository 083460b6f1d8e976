import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileTimeAfter, windowAfterTime } from '../../../../../apps/hub/capture/capture-window.ts';

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

test('a file is named by its window, or a second after the last one when there was one in that second', () => {
  assert.equal(fileTimeAfter(60_000, 75_000), 75_000);
  assert.equal(fileTimeAfter(60_000, 60_000), 61_000);
  assert.equal(fileTimeAfter(66_000, 60_000), 67_000);
});
