import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  poissonSchedule,
  recordedSchedule,
  type Schedule,
  uniformSchedule,
} from '../../../../../src/stages/simulate/schedule.ts';

function all(schedule: Schedule): number[] {
  const moments: number[] = [];
  for (let at = schedule.next(); at !== undefined; at = schedule.next()) moments.push(at);
  return moments;
}

test('order i is due at i / rate, without drift', () => {
  assert.deepEqual(all(uniformSchedule(4, 4)), [0, 250, 500, 750]);
  const third = all(uniformSchedule(3, 300_001));
  assert.equal(third.length, 300_001);
  assert.equal(third.at(-1), 100_000_000);
});

test('random arrivals keep the mean rate, ascend, stay within the duration and follow the seed', () => {
  const moments = all(poissonSchedule(1_000, 20_000, 42));
  assert.ok(Math.abs(moments.length - 20_000) < 600, `${moments.length}`);
  assert.ok(moments.every((at, i) => at < 20_000 && (i === 0 || at >= moments[i - 1]!)));
  assert.deepEqual(moments, all(poissonSchedule(1_000, 20_000, 42)));
  assert.notDeepEqual(moments, all(poissonSchedule(1_000, 20_000, 43)));
});

test('random arrivals end with the number of orders when one is given', () => {
  assert.equal(all(poissonSchedule(10, 1, 1, 37)).length, 37);
});

test('recorded moments are replayed relative to the first, at the speed asked for', () => {
  const schedule = recordedSchedule(Float64Array.of(10_000, 12_000, 16_000), 2);
  assert.equal(schedule.lengthMs, 3_000);
  assert.deepEqual(all(schedule), [0, 1_000, 3_000]);
});
