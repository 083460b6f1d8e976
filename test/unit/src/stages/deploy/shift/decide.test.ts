import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Counts,
  decide,
  type Limits,
  type Observation,
} from '../../../../../../src/stages/deploy/shift/decide.ts';

const LIMITS: Limits = { seconds: 10, budget: 0.01, minRequests: 20, deadlineSeconds: 30 };
const look = (parts: Partial<Observation>): Observation => ({
  ...{ elapsedSeconds: 10, next: { requests: 100, failed: 0 }, current: { requests: 900, failed: 0 } },
  ...{ unhealthyLooks: 0, ...parts },
});
const of = (parts: Partial<Observation>) => decide(look(parts), LIMITS);

const counts: fc.Arbitrary<Counts> = fc
  .tuple(fc.nat(2_000), fc.nat(2_000))
  .map(([good, failed]) => ({ requests: good + failed, failed }));
const observations: fc.Arbitrary<Observation> = fc.record({
  elapsedSeconds: fc.double({ min: 0, max: 60, noNaN: true }),
  next: counts,
  current: counts,
  unhealthyLooks: fc.nat(5),
});

test('a step goes on when its time is over, it was asked enough and answered well', () => {
  assert.deepEqual(of({}), { kind: 'advance', quiet: false });
  assert.deepEqual(of({ elapsedSeconds: 9 }), { kind: 'wait' });
  assert.deepEqual(of({ next: { requests: 19, failed: 0 } }), { kind: 'wait' });
  assert.deepEqual(of({ next: { requests: 19, failed: 0 }, elapsedSeconds: 30 }), { kind: 'advance', quiet: true });
  assert.deepEqual(of({ next: { requests: 0, failed: 0 }, elapsedSeconds: 30 }), { kind: 'advance', quiet: true });
});

test('the budget ends it as soon as there is evidence, not before', () => {
  const stop = { kind: 'stop', reason: 'error-budget' };
  assert.deepEqual(of({ elapsedSeconds: 1, next: { requests: 2, failed: 2 } }), { kind: 'wait' });
  assert.deepEqual(of({ elapsedSeconds: 1, next: { requests: 3, failed: 3 } }), stop);
  assert.deepEqual(of({ next: { requests: 100, failed: 1 } }), { kind: 'advance', quiet: false });
  assert.deepEqual(of({ next: { requests: 100, failed: 2 } }), stop);
  assert.deepEqual(of({ elapsedSeconds: 30, next: { requests: 2, failed: 1 } }), stop);
});

test('what both releases suffer from is not held against the new one', () => {
  assert.deepEqual(of({ next: { requests: 100, failed: 30 }, current: { requests: 900, failed: 270 } }), {
    kind: 'advance',
    quiet: false,
  });
});

test('a server that stays away ends it, a blink does not', () => {
  assert.deepEqual(of({ unhealthyLooks: 3, elapsedSeconds: 1 }), { kind: 'stop', reason: 'unhealthy' });
  assert.deepEqual(of({ unhealthyLooks: 1 }), { kind: 'wait' });
  assert.deepEqual(of({ unhealthyLooks: 2, elapsedSeconds: 30 }), { kind: 'wait' });
  assert.deepEqual(of({ unhealthyLooks: 0, elapsedSeconds: 31 }), { kind: 'advance', quiet: false });
});

test('every step comes to an end by its deadline, or by the look that decides about a blink', () => {
  fc.assert(
    fc.property(observations, fc.constantFrom(0, 3), (seen, unhealthyLooks) => {
      const last = { ...seen, unhealthyLooks, elapsedSeconds: LIMITS.deadlineSeconds };
      assert.notEqual(decide(last, LIMITS).kind, 'wait');
    }),
  );
});

test('without a failure and with all servers there nothing is stopped', () => {
  fc.assert(
    fc.property(observations, (seen) => {
      const fine = { ...seen, unhealthyLooks: 0, next: { ...seen.next, failed: 0 } };
      assert.notEqual(decide(fine, LIMITS).kind, 'stop');
    }),
  );
});

test('a release that fails above the budget while the other does well never goes on', () => {
  fc.assert(
    fc.property(observations, (seen) => {
      fc.pre(seen.next.failed > LIMITS.budget * seen.next.requests);
      const decision = decide({ ...seen, current: { ...seen.current, failed: 0 } }, LIMITS);
      assert.notEqual(decision.kind, 'advance');
    }),
  );
});

test('more failures never turn a stop into going on', () => {
  fc.assert(
    fc.property(observations, fc.nat(500), (seen, more) => {
      fc.pre(decide(seen, LIMITS).kind === 'stop');
      const { requests, failed } = seen.next;
      const worse = { ...seen, next: { requests: requests + more, failed: failed + more } };
      assert.equal(decide(worse, LIMITS).kind, 'stop');
    }),
  );
});
