import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SHAPES } from '../../../../../src/config/simulate-choices.ts';
import { paceOf, type Schedule, shapedSchedule } from '../../../../../src/stages/simulate/schedule.ts';
import { Curve, type Point, SHAPE_POINTS } from '../../../../../src/stages/simulate/shapes.ts';

function all(schedule: Schedule): number[] {
  const moments: number[] = [];
  for (let at = schedule.next(); at !== undefined; at = schedule.next()) moments.push(at);
  return moments;
}

const STEPS = 20_000;
const meanBySteps = (curve: Curve) =>
  Array.from({ length: STEPS }, (_, n) => curve.levelAt((n + 0.5) / STEPS)).reduce((sum, level) => sum + level) / STEPS;

for (const shape of SHAPES) {
  test(`${shape}: from 0 to 1, never above the peak and once at it, and the area is that of the rates`, () => {
    const points: readonly Point[] = SHAPE_POINTS[shape];
    assert.deepEqual([points[0]![0], points.at(-1)![0]], [0, 1]);
    for (let n = 1; n < points.length; n++) assert.ok(points[n]![0] >= points[n - 1]![0], 'points ascend');
    const levels = points.map(([, level]) => level);
    assert.deepEqual([Math.max(...levels), Math.min(...levels) > 0], [1, true]);
    const curve = new Curve(points);
    assert.ok(Math.abs(curve.mean - meanBySteps(curve)) < 1e-3);
  });

  test(`${shape}: exactly as many orders as asked for, ascending, within the run, the same for the same seed`, () => {
    for (const arrivals of ['poisson', 'uniform'] as const) {
      const pace = paceOf(shape, { rate: 100, durationMs: undefined, orders: 1_000 });
      const moments = all(shapedSchedule(shape, pace, arrivals, 7));
      assert.equal(moments.length, 1_000);
      assert.ok(moments.every((at, n) => at >= (moments[n - 1] ?? 0) && at <= pace.lengthMs));
      assert.deepEqual(moments, all(shapedSchedule(shape, pace, arrivals, 7)));
    }
  });

  test(`${shape}: the orders of each tenth are those of its rate`, () => {
    const curve = new Curve(SHAPE_POINTS[shape]);
    const pace = paceOf(shape, { rate: 1_000, durationMs: 60_000, orders: undefined });
    const moments = all(shapedSchedule(shape, pace, 'poisson', 3));
    for (let tenth = 0; tenth < 10; tenth++) {
      const came = moments.filter((at) => Math.min(9, Math.floor((at * 10) / pace.lengthMs)) === tenth).length;
      let expected = 0;
      for (let n = 0; n < 1_000; n++) expected += 6 * curve.levelAt(tenth / 10 + (n + 0.5) / 10_000);
      assert.ok(Math.abs(came - expected) < 6 * Math.sqrt(expected), `tenth ${tenth}: ${came}, expected ${expected}`);
    }
  });
}

test('the time of a share is where the area under the shape has grown to it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SHAPES), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (shape, share) => {
      const curve = new Curve(SHAPE_POINTS[shape]);
      const time = curve.timeAt(share);
      const steps = 4_000;
      let area = 0;
      for (let n = 0; n < steps; n++) area += (curve.levelAt((time * (n + 0.5)) / steps) * time) / steps;
      assert.ok(Math.abs(area / curve.mean - share) < 2e-3);
    }),
    { numRuns: 60 },
  );
});

test('black friday begins at a tenth of its peak', () => {
  const curve = new Curve(SHAPE_POINTS['black-friday']);
  assert.equal(curve.levelAt(0.05), 0.1);
  assert.ok(curve.levelAt(0.19) > 0.9);
});

const PACES = [
  { asked: {}, shape: undefined, pace: [100, 30_000, undefined] },
  { asked: { rate: 50 }, shape: undefined, pace: [50, 30_000, undefined] },
  { asked: { orders: 200 }, shape: undefined, pace: [100, 2_000, 200] },
  { asked: { orders: 200, durationMs: 10_000 }, shape: undefined, pace: [20, 10_000, 200] },
  { asked: { rate: 10, orders: 200, durationMs: 1 }, shape: undefined, pace: [10, 20_000, 200] },
  { asked: {}, shape: 'steady', pace: [200, 60_000, undefined] },
  { asked: { orders: 550 }, shape: 'ramp', pace: [200, 5_000, 550] },
  { asked: { orders: 550, durationMs: 10_000 }, shape: 'ramp', pace: [100, 10_000, 550] },
] as const;

for (const { asked, shape, pace } of PACES) {
  test(`${shape ?? 'no shape'} with ${JSON.stringify(asked)}: peak, length and orders are ${pace}`, () => {
    const given = paceOf(shape, { rate: undefined, durationMs: undefined, orders: undefined, ...asked });
    assert.deepEqual([Math.round(given.peak * 1e6) / 1e6, Math.round(given.lengthMs * 1e6) / 1e6, given.orders], pace);
  });
}
