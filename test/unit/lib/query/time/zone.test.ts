import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { isTimeZone, offsetMinutes, offsetSpans, toInstant, toWall } from '../../../../../lib/query/time/zone.ts';

const NEW_YORK = 'America/New_York';
const at = (iso: string) => Date.parse(iso);

suite('time zones', () => {
  test('a wall time is what the clock shows', () => {
    assert.equal(toWall(at('2026-11-18T19:30:00Z'), NEW_YORK), at('2026-11-18T14:30:00Z'));
    assert.equal(toWall(at('2026-07-01T00:00:00Z'), 'Asia/Kolkata'), at('2026-07-01T05:30:00Z'));
  });

  test('an hour that comes twice is its first time; one that is skipped is after the gap', () => {
    assert.equal(toInstant(at('2026-11-01T01:30:00Z'), NEW_YORK), at('2026-11-01T05:30:00Z'));
    assert.equal(toInstant(at('2026-03-08T02:30:00Z'), NEW_YORK), at('2026-03-08T07:30:00Z'));
  });

  test('midnight that does not exist is the first moment of the day', () => {
    const start = toInstant(at('2026-03-29T00:00:00Z'), 'Asia/Beirut');
    assert.equal(toWall(start, 'Asia/Beirut'), at('2026-03-29T01:00:00Z'));
  });

  test('there and back is the same instant, away from clock changes', () => {
    const zones = ['UTC', NEW_YORK, 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
    fc.assert(
      fc.property(
        fc.integer({ min: at('2012-01-01'), max: at('2035-01-01') }),
        fc.constantFrom(...zones),
        (instant, zone) => {
          const back = toInstant(toWall(instant, zone), zone);
          assert.ok(back === instant || Math.abs(back - instant) <= 2 * 3_600_000);
          assert.equal(toWall(back, zone), toWall(instant, zone));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('offset spans of a year with both changes', () => {
    assert.deepEqual(offsetSpans(at('2026-01-01'), at('2026-12-31'), NEW_YORK), [
      { until: at('2026-03-08T07:00:00Z'), minutes: -300 },
      { until: at('2026-11-01T06:00:00Z'), minutes: -240 },
      { until: undefined, minutes: -300 },
    ]);
    assert.deepEqual(offsetSpans(at('2026-01-01'), at('2026-12-31'), 'UTC'), [{ until: undefined, minutes: 0 }]);
  });

  test('names', () => {
    assert.equal(isTimeZone('Europe/Berlin'), true);
    assert.equal(isTimeZone('Middle/Earth'), false);
    assert.equal(offsetMinutes(at('2026-07-01'), 'Asia/Kolkata'), 330);
  });
});
