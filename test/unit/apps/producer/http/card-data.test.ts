import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { containsCardNumber, findForbiddenText } from '../../../../../apps/producer/http/card-data.ts';

/** Adds the check digit that makes `digits` pass Luhn's test: the one of ten that does, by the definition. */
function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + Math.floor(value / 10) + (value % 10);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const digitText = (min: number, max: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }))
    .map(([first, rest]) => [first, ...rest].join(''));

const cardNumber = digitText(11, 17).map(withCheckDigit);

test('a card number is found whatever stands around it and between its digits', () => {
  const before = fc.constantFrom('', ' ', 'card ', 'x', '\n', '"', '%B');
  const after = fc.constantFrom('', ' 12/28', ' 1228 123', 'x', '^DOE', '"');
  fc.assert(
    fc.property(
      cardNumber,
      fc.array(fc.nat(10)),
      fc.constantFrom(' ', '-'),
      before,
      after,
      (digits, cuts, mark, ...at) => {
        const spread = [...digits].map((digit, index) => (cuts.includes(index) ? `${digit}${mark}` : digit)).join('');
        assert.equal(containsCardNumber(`${at[0]}${spread}${at[1]}`), true);
      },
    ),
    { seed: 3, numRuns: 500 },
  );
});

test('a number with another check digit is none, nor is one that is too short, too long or begins with 0', () => {
  fc.assert(
    fc.property(cardNumber, fc.integer({ min: 1, max: 9 }), (digits, more) => {
      const wrong = digits.slice(0, -1) + String((Number(digits.at(-1)) + more) % 10);
      assert.equal(containsCardNumber(wrong), false);
    }),
    { seed: 4 },
  );
  for (const text of ['411111111111', withCheckDigit('41111111111111111111'), '0000000000000000', '', 'no digits']) {
    assert.equal(containsCardNumber(text), false, text);
  }
});

test('hashes and UUIDs may have any digits', () => {
  assert.equal(containsCardNumber('ab4111111111111111cd'), false);
  assert.equal(containsCardNumber('4111111111111111-4111-8111-a111-411111111111'), false);
  assert.equal(containsCardNumber('4111 1111 1111 1111 abcdef'), true);
});

test('a long text of single digits is searched in a moment', () => {
  const started = performance.now();
  assert.equal(containsCardNumber('0 '.repeat(30_000)), false);
  assert.ok(performance.now() - started < 250);
});

test('the place of what is forbidden is named, never its value', () => {
  const cases: [value: unknown, pointer: string, code: string][] = [
    [{ a: { note: '4111111111111111' } }, '/a/note', 'raw_card_forbidden'],
    [{ items: [{}, { n: 4111111111111111 }] }, '/items/1/n', 'raw_card_forbidden'],
    [{ a: { '4111 1111 1111 1111': 1 } }, '/a', 'raw_card_forbidden'],
    [{ 'Card-Number': 1 }, '/Card-Number', 'raw_card_forbidden'],
    [{ payment: { CVV: '' } }, '/payment/CVV', 'raw_card_forbidden'],
    ['a\u0007b', '', 'control_character'],
    [['\ud800'], '/0', 'control_character'],
  ];
  for (const [value, pointer, code] of cases) {
    const problem = findForbiddenText(value);
    assert.deepEqual([problem?.code, problem?.errors[0]?.pointer], [code, pointer]);
    assert.doesNotMatch(JSON.stringify(problem?.errors), /4111/);
  }
});

test('an ordinary order passes, with line breaks and text of any script', () => {
  const text = {
    note: 'Zeile 1\r\n\tZeile 2 \u{1f600} \u202e',
    number: '12',
    cardholder: 'x',
    quantity: 3,
    none: null,
  };
  assert.equal(findForbiddenText({ items: [text], synthetic: true }), undefined);
});
