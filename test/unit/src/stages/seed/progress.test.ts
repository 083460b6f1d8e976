import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followProgress, progressLine } from '../../../../../src/stages/seed/progress.ts';

test('a line says how much is done, how fast, and how long it takes', () => {
  assert.equal(
    progressLine(30_000, 100_000, 8_200.4),
    '██████░░░░░░░░░░░░░░ 30,000 of 100,000 orders, 8,200/s, 9.0 s left',
  );
  assert.match(progressLine(0, 100, 0), /^░{20} 0 of 100 orders, 0\/s, \? left$/);
});

test('lines come not more often than they can be read; what was there before counts as done, not as speed', () => {
  let now = 0;
  const lines: string[] = [];
  const written = followProgress((line) => lines.push(line), {
    total: 4_000,
    already: 1_000,
    isMoving: false,
    now: () => now,
  });
  for (const [at, orders] of [
    [400, 500],
    [1_000, 1_000],
    [1_900, 1_500],
    [2_000, 2_000],
  ] as const) {
    now = at;
    written(orders);
  }
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /2,000 of 4,000 orders, 1,000\/s, 2\.0 s left/);
  assert.match(lines[1]!, /3,000 of 4,000 orders, 1,000\/s, 1\.0 s left/);
});
