import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { tokenize } from '../../../../../lib/query/language/tokens.ts';
import { findTimes } from '../../../../../lib/query/time/find.ts';
import type { Clock } from '../../../../../lib/query/time/period.ts';
import { toWall } from '../../../../../lib/query/time/zone.ts';

/** A Wednesday, 14:30 in New York, ten days after its clocks went back. */
const CLOCK: Clock = { now: Date.parse('2026-11-11T14:30:00-05:00'), zone: 'America/New_York' };

const shown = (instant: number | null, zone: string) =>
  instant === null ? '' : new Date(toWall(instant, zone)).toISOString().replace(/T00:00:00.000Z$|:00.000Z$/, '');

function windowsOf(text: string, clock = CLOCK): string[] {
  return findTimes(tokenize(text), clock, () => false).map((span) => {
    if (span.kind === 'period') return `${shown(span.period.start, clock.zone)}..${shown(span.period.end, clock.zone)}`;
    if (span.kind === 'shift') return `shift ${span.count} ${span.unit ?? 'length'}`;
    if (span.kind === 'duration') return `${span.count} ${span.unit}`;
    return span.kind === 'over' ? `over ${span.unit}` : span.kind;
  });
}

const NOW = '2026-11-11T14:30';
const CASES: Record<string, readonly [string, string][]> = {
  'days that run or are over': [
    ['today', `2026-11-11..${NOW}`],
    ['yesterday', '2026-11-10..2026-11-11'],
    ['the day before yesterday', '2026-11-09..2026-11-10'],
    ['3 days ago', '2026-11-08..2026-11-09'],
    ['on monday', '2026-11-09..2026-11-10'],
    ['last wednesday', '2026-11-04..2026-11-05'],
  ],
  'the running unit ends now': [
    ['this week', `2026-11-09..${NOW}`],
    ['this month', `2026-11-01..${NOW}`],
    ['so far this quarter', `2026-10-01..${NOW}`],
    ['the current year', `2026-01-01..${NOW}`],
    ['ytd', `2026-01-01..${NOW}`],
    ['mtd', `2026-11-01..${NOW}`],
    ['quarter to date', `2026-10-01..${NOW}`],
  ],
  'last U is the complete unit before': [
    ['last week', '2026-11-02..2026-11-09'],
    ['last month', '2026-10-01..2026-11-01'],
    ['previous quarter', '2026-07-01..2026-10-01'],
    ['last year', '2025-01-01..2026-01-01'],
    ['the week before last', '2026-10-26..2026-11-02'],
    ['2 weeks ago', '2026-10-26..2026-11-02'],
    ['last weekend', '2026-11-07..2026-11-09'],
  ],
  'parts of a period, and days of a week': [
    ['the first ten days of october', '2026-10-01..2026-10-11'],
    ['last 3 days of october', '2026-10-29..2026-11-01'],
    ['the last month of 2025', '2025-12-01..2026-01-01'],
    ['on monday of last week', '2026-11-02..2026-11-03'],
    ['monday through friday last week', '2026-11-02..2026-11-07'],
    ['the 5th of last month', '2026-10-05..2026-10-06'],
    ['calendar year 2025', '2025-01-01..2026-01-01'],
  ],
  'with one end': [
    ['up to the end of october', '..2026-11-01'],
    ['since the end of september', `2026-10-01..${NOW}`],
    ['since the start of the year', `2026-01-01..${NOW}`],
    ['since more than 3 days', '3 day'],
    ['since 2 days', '2 day'],
  ],
  'a dash between dates': [
    ['nov 1-7', '2026-11-01..2026-11-08'],
    ['1 - 7 november', '2026-11-01..2026-11-08'],
    ['jan – mar 2025', '2025-01-01..2025-04-01'],
    ['2026-10-01 - 2026-10-15', '2026-10-01..2026-10-16'],
    ['between october 5 and october 20, both days included', '2026-10-05..2026-10-21'],
  ],
  'past N days leave today out': [
    ['past 7 days', '2026-11-04..2026-11-11'],
    ['last 30 days', '2026-10-12..2026-11-11'],
    ['in the previous ten days', '2026-11-01..2026-11-11'],
    ['past week', '2026-11-04..2026-11-11'],
    ['last fortnight', '2026-10-28..2026-11-11'],
  ],
  'last N units are complete': [
    ['last 2 weeks', '2026-10-26..2026-11-09'],
    ['past 3 months', '2026-08-01..2026-11-01'],
    ['last two quarters', '2026-04-01..2026-10-01'],
    ['past 2 years', '2024-01-01..2026-01-01'],
    ['last couple of months', '2026-09-01..2026-11-01'],
  ],
  'hours roll': [
    ['last 24 hours', `2026-11-10T14:30..${NOW}`],
    ['past 90h', `2026-11-07T20:30..${NOW}`],
  ],
  'names without a year are the most recent that have begun': [
    ['in october', '2026-10-01..2026-11-01'],
    ['november', `2026-11-01..${NOW}`],
    ['december', '2025-12-01..2026-01-01'],
    ['last november', '2025-11-01..2025-12-01'],
    ['Q3', '2026-07-01..2026-10-01'],
    ['third quarter', '2026-07-01..2026-10-01'],
    ['Q4', `2026-10-01..${NOW}`],
    ['h1', '2026-01-01..2026-07-01'],
    ['second half of last year', '2025-07-01..2026-01-01'],
    ['week 45', '2026-11-02..2026-11-09'],
    ['black friday', '2025-11-28..2025-11-29'],
    ['cyber monday', '2025-12-01..2025-12-02'],
    ["valentine's day", '2026-02-14..2026-02-15'],
  ],
  'names with a year': [
    ['october 2025', '2025-10-01..2025-11-01'],
    ['q1 of 2025', '2025-01-01..2025-04-01'],
    ['2024', '2024-01-01..2025-01-01'],
    ['2026-10', '2026-10-01..2026-11-01'],
    ['black friday 2024', '2024-11-29..2024-11-30'],
    ['week 1 of 2026', '2025-12-29..2026-01-05'],
  ],
  'single days': [
    ['november 3', '2026-11-03..2026-11-04'],
    ['3rd of november', '2026-11-03..2026-11-04'],
    ['2026-10-31', '2026-10-31..2026-11-01'],
    ['the 5th', '2026-11-05..2026-11-06'],
    ['the 20th', '2026-10-20..2026-10-21'],
  ],
  'ranges hold both ends': [
    ['between october 3 and october 9', '2026-10-03..2026-10-10'],
    ['from the 1st to the 9th', '2026-11-01..2026-11-10'],
    ['from nov 3 to 9', '2026-11-03..2026-11-10'],
    ['march to june', '2026-03-01..2026-07-01'],
    ['between november 20 and december 5', '2025-11-20..2025-12-06'],
    ['from 2025-12-30 through 2026-01-02', '2025-12-30..2026-01-03'],
  ],
  'open ends': [
    ['since september', `2026-09-01..${NOW}`],
    ['since last week', `2026-11-02..${NOW}`],
    ['since black friday', `2025-11-28..${NOW}`],
    ['before october', '..2026-10-01'],
    ['until yesterday', '..2026-11-11'],
    ['all time', `..${NOW}`],
  ],
  'comparisons move another window': [
    ['the week before', 'shift -1 week'],
    ['the 90 before', 'shift -1 length'],
    ['previous period', 'shift -1 length'],
    ['same day last week', 'shift -1 week'],
    ['same period last year', 'shift -1 year'],
    ['a year earlier', 'shift -1 year'],
    ['week over week', 'over week'],
    ['yoy', 'over year'],
  ],
  'lengths, now and the future': [
    ['for more than 2 days', '2 day'],
    ['over 36 hours', '36 hour'],
    ['more than a week ago', '1 week'],
    ['right now', 'now'],
    ['tomorrow', 'future'],
    ['next month', 'future'],
  ],
};

suite('expressions of time', () => {
  for (const [name, cases] of Object.entries(CASES)) {
    test(name, () => {
      for (const [text, expected] of cases) assert.deepEqual([text, windowsOf(text)[0]], [text, expected]);
    });
  }

  test('two periods that are compared stay two', () => {
    assert.deepEqual(windowsOf('compare october to september'), ['2026-10-01..2026-11-01', '2026-09-01..2026-10-01']);
    assert.deepEqual(windowsOf('change from september to october'), [
      '2026-09-01..2026-10-01',
      '2026-10-01..2026-11-01',
    ]);
  });

  test('what ranks or is no month is left alone', () => {
    assert.deepEqual(windowsOf('top 3 march products'), ['2026-03-01..2026-04-01']);
    assert.deepEqual(windowsOf('may i see the orders'), []);
    for (const text of ['orders over $500', 'orders over 2000', 'between 1000 and 2000', 'orders every friday']) {
      assert.deepEqual(windowsOf(text), [], text);
    }
  });

  test('a week in which the clocks change has an hour more or less', () => {
    const hours = (text: string, now: string) => {
      const [span] = findTimes(tokenize(text), { ...CLOCK, now: Date.parse(now) }, () => false);
      assert.ok(span?.kind === 'period' && span.period.start !== null);
      return (span.period.end - span.period.start) / 3_600_000;
    };
    assert.equal(hours('last week', '2026-11-04T12:00:00-05:00'), 7 * 24 + 1);
    assert.equal(hours('last week', '2026-03-11T12:00:00-04:00'), 7 * 24 - 1);
    assert.equal(hours('past 24 hours', '2026-11-01T12:00:00-05:00'), 24);
    assert.equal(hours('yesterday', '2026-11-02T12:00:00-05:00'), 25);
  });

  test('days begin at midnight of the shop, wherever that is', () => {
    const tokyo: Clock = { now: Date.parse('2026-11-11T16:00:00Z'), zone: 'Asia/Tokyo' };
    assert.deepEqual(windowsOf('yesterday', tokyo), ['2026-11-11..2026-11-12']);
  });
});
