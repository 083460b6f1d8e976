import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCount, parseDuration, parseNumber, parseTime, quoted } from '../../../../src/config/quantities.ts';

const rate = { min: 1, max: 100_000, unit: 'orders a second', example: '--rate 500' };
const duration = { minMs: 100, maxMs: 86_400_000, range: '100ms to 24h', example: '--duration 30s' };

test('a count may be written with k and m', () => {
  assert.deepEqual(
    ['1', '500', '5k', '2.5K', '100000', '0.1m'].map((text) => parseCount(text, rate)),
    [1, 500, 5_000, 2_500, 100_000, 100_000],
  );
});

test('a count outside its range names range and example', () => {
  for (const text of ['0', '-5', '100001', '1e3', '5 k', 'fast', '', '0.5', '1.2345k', '999999999999m']) {
    assert.throws(() => parseCount(text, rate), {
      message: `expected 1 to 100,000 orders a second, got "${text}"; for example --rate 500`,
    });
  }
});

test('a duration carries its unit', () => {
  assert.deepEqual(
    ['250ms', '30s', '2m', '1.5h', '24h'].map((text) => parseDuration(text, duration)),
    [250, 30_000, 120_000, 5_400_000, 86_400_000],
  );
});

test('a duration without unit or outside its range names range and example', () => {
  for (const text of ['30', '0s', '25h', '-1s', 's', '1d', '']) {
    assert.throws(() => parseDuration(text, duration), {
      message: `expected a duration of 100ms to 24h, got "${text}"; for example --duration 30s`,
    });
  }
});

test('a decimal number stays within its bounds', () => {
  const zipf = { min: 0, max: 5, unit: 'an exponent', example: '--zipf 1.0' };
  assert.equal(parseNumber('1.25', zipf), 1.25);
  for (const text of ['5.1', '-1', 'NaN', '1e1', '']) {
    assert.throws(() => parseNumber(text, zipf), /expected an exponent from 0 to 5.*for example --zipf 1.0/);
  }
});

test('a moment is ISO 8601, or a day', () => {
  for (const text of ['2026-11-18T14:30:00Z', '2026-11-18T14:30:00+05:30', '2026-11-18']) {
    assert.equal(parseTime(text), text);
  }
  for (const text of ['yesterday', '18.11.2026', '2026-11-18x', '2026-13-01', '']) {
    assert.throws(() => parseTime(text), /expected a time in ISO 8601.*for example --now 2026-11-18T14:30:00Z/);
  }
});

test('what is repeated of a wrong value fits a line and a terminal', () => {
  assert.equal(quoted('5,000'), '"5,000"');
  assert.equal(quoted('a\nb\u001b[31m\u2028'), '"a?b?[31m?"');
  assert.equal(quoted('x'.repeat(10_240)), `"${'x'.repeat(60)}..."`);
});
