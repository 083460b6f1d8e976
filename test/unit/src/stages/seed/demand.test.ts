import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { demandBetween } from '../../../../../src/stages/seed/demand.ts';

const DAY_MS = 24 * 3_600_000;
const UNTIL = Date.parse('2026-03-01T10:20:00Z');
const FROM = UNTIL - 365 * DAY_MS;
const ORDERS = 50_000;

const timesIn = (zone: string, from = FROM, until = UNTIL) => {
  const demand = demandBetween(from, until, zone, 42);
  return Array.from({ length: ORDERS }, (_, order) => demand.timeAt((order + 0.5) / ORDERS));
};

const tally = (times: number[], of: (at: number) => string) => {
  const counts = new Map<string, number>();
  for (const at of times) counts.set(of(at), (counts.get(of(at)) ?? 0) + 1);
  return counts;
};

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

suite('demand', () => {
  const utc = timesIn('UTC');

  test('times ascend with the position and lie in the history', () => {
    assert.ok(utc.every((at, index) => index === 0 || at >= utc[index - 1]!));
    assert.ok(utc[0]! >= FROM && utc.at(-1)! < UNTIL);
  });

  test('it grows', () => {
    const [first, last] = [utc.filter((at) => at < FROM + 60 * DAY_MS), utc.filter((at) => at > UNTIL - 60 * DAY_MS)];
    assert.ok(last.length > first.length * 1.25);
  });

  test('Black Friday is the best day of the year, Cyber Monday the second', () => {
    const days = [...tally(utc, dayOf)].sort((a, b) => b[1] - a[1]);
    assert.deepEqual([days[0]![0], days[1]![0]], ['2025-11-28', '2025-12-01']);
    const usual = days[Math.floor(days.length / 2)]![1];
    assert.ok(days[0]![1] > 3 * usual);
  });

  test('Sundays are better than Fridays', () => {
    const weekdays = tally(utc, (at) => String(new Date(at).getUTCDay()));
    assert.ok(weekdays.get('0')! > weekdays.get('5')!);
  });

  test("evenings are best in the shop's zone, on both sides of a change of the clocks", () => {
    const zone = 'America/New_York';
    const format = new Intl.DateTimeFormat('en', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' });
    for (const month of ['2025-07', '2026-01']) {
      const from = Date.parse(`${month}-01T00:00:00Z`);
      const hours = tally(timesIn(zone, from, from + 28 * DAY_MS), (at) => format.format(at));
      const best = [...hours].sort((a, b) => b[1] - a[1])[0]!;
      assert.equal(best[0], '20', month);
      assert.ok(hours.get('03')! < best[1] / 10, month);
    }
  });

  test('a history shorter than an hour works', () => {
    const demand = demandBetween(UNTIL - 60_000, UNTIL, 'UTC', 1);
    assert.ok(demand.timeAt(0) >= UNTIL - 60_000 && demand.timeAt(0.999) < UNTIL);
  });
});
