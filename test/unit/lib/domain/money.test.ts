import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { formatMinor, minorDigits, parseMinor, shareOf } from '../../../../lib/domain/money.ts';

suite('money', () => {
  test('each currency has its own number of digits', () => {
    assert.deepEqual(['USD', 'JPY', 'KWD'].map(minorDigits), [2, 0, 3]);
  });

  test('decimals become minor units without a float in between', () => {
    assert.equal(parseMinor('49.9', 'BRL'), 4_990);
    assert.equal(parseMinor('1234567890.12', 'USD'), 123_456_789_012);
    assert.equal(parseMinor('49.900', 'BRL'), 4_990);
    assert.equal(parseMinor('500', 'JPY'), 500);
  });

  test('what is no amount of the currency is refused', () => {
    for (const text of ['', '-1', '1e3', '1,000', '49.999', ' 1', '1.', '.5', 'NaN']) {
      assert.equal(parseMinor(text, 'USD'), undefined, text);
    }
    assert.equal(parseMinor('1.5', 'JPY'), undefined);
  });

  test('any amount written out reads back the same', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e9 }), (amount) => {
        const text = `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`;
        assert.equal(parseMinor(text, 'EUR'), amount);
        assert.equal(formatMinor(amount, 'EUR').replace(/[^0-9.]/g, ''), text);
      }),
    );
  });

  test('shares are rounded half up to whole units', () => {
    assert.equal(shareOf(1_999, 1_900), 380);
    assert.equal(shareOf(50, 100), 1);
    assert.equal(shareOf(49, 100), 0);
  });
});
