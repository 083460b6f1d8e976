import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noCounts } from '../../../../../src/stages/simulate/counters.ts';
import { type Judged, judge } from '../../../../../src/stages/simulate/verdict.ts';

const clean: Judged = {
  counts: { ...noCounts(), asked: 1_000, issued: 1_000, accepted: 1_000, stored: 1_000 },
  rate: { asked: 500, issued: 499.8 },
  drainedMs: 400,
  drainTimeoutMs: 30_000,
  health: { loopLagP99Ms: 2, cpuPercent: 30 },
  interrupted: false,
};

const failing = (run: Judged) =>
  judge(run)
    .thresholds.filter((threshold) => !threshold.ok)
    .map((threshold) => threshold.name);

test('a clean run passes, each threshold with what was wanted and what was got', () => {
  const { thresholds, verdict } = judge(clean);
  assert.equal(verdict, 'pass');
  assert.deepEqual(thresholds[0], { name: 'rate', wanted: '500/s ±1 %', got: '499.8/s', ok: true });
  assert.ok(thresholds.every((threshold) => threshold.ok));
});

test('each thing that may go wrong fails under its own name', () => {
  for (const name of ['missed', 'failed', 'unknown', 'lost', 'duplicated'] as const) {
    const run = { ...clean, counts: { ...clean.counts, [name]: 1 } };
    assert.deepEqual(failing(run), [name]);
    assert.equal(judge(run).verdict, 'fail');
  }
  assert.deepEqual(failing({ ...clean, rate: { asked: 500, issued: 494 } }), ['rate']);
  assert.deepEqual(failing({ ...clean, rate: { asked: 500, issued: 506 } }), ['rate']);
  assert.deepEqual(failing({ ...clean, drainedMs: undefined }), ['drained']);
});

test('a generator short of time says so instead of blaming the system', () => {
  const lagging = { ...clean, health: { loopLagP99Ms: 21, cpuPercent: 30 }, rate: { asked: 500, issued: 300 } };
  assert.equal(judge(lagging).verdict, 'generator limited');
  const busy = { ...clean, health: { loopLagP99Ms: 1, cpuPercent: 91 } };
  assert.deepEqual(failing(busy), ['generator CPU']);
});

test('a closed loop has no rate to keep and may use all the time there is', () => {
  const { thresholds, verdict } = judge({ ...clean, rate: undefined, health: { loopLagP99Ms: 90, cpuPercent: 100 } });
  assert.equal(verdict, 'pass');
  assert.ok(!thresholds.some((threshold) => threshold.name === 'rate'));
});

test('an interrupted run is neither passed nor failed', () => {
  assert.equal(judge({ ...clean, interrupted: true }).verdict, 'interrupted');
});
