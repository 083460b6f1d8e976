import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RateMeter } from '../../../../../apps/hub/broker/rate-meter.ts';

test('the rate is that of the last ten whole seconds, whatever came when', () => {
  const step = fc.record({ afterMs: fc.integer({ min: 0, max: 15_000 }), count: fc.integer({ min: 0, max: 500 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const meter = new RateMeter();
      const seen: Array<{ second: number; count: number }> = [];
      let nowMs = 1_700_000_000_000;
      for (const { afterMs, count } of steps) {
        nowMs += afterMs;
        meter.add(count, nowMs);
        const second = Math.floor(nowMs / 1000);
        seen.push({ second, count });
        const recent = seen.filter((entry) => entry.second < second && entry.second >= second - 10);
        assert.equal(meter.perSecond(nowMs), recent.reduce((sum, entry) => sum + entry.count, 0) / 10);
      }
    }),
  );
});

test('a clock that is set back does no harm', () => {
  const meter = new RateMeter();
  meter.add(10, 20_000);
  meter.add(10, 5_000);
  assert.equal(meter.perSecond(21_000), 2);
});
