import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CARD_MASK, containsCardNumber, maskCardNumbers } from '../../../../lib/domain/card-number.ts';

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

test('a UUID is no card number when it happens to have no letter, nor is it masked', () => {
  const [fromItsFirst, inItsLast] = ['41111111-1111-8116-8000-000000000000', '00000000-0000-8000-8111-111111111112'];
  const withLetters = '0a411111-1111-8119-8111-1111111111bc';
  for (const id of [fromItsFirst, inItsLast, withLetters]) {
    for (const text of [id, `${id}:capture:1`, `order 7 ${id}, of ${id}`]) {
      assert.equal(containsCardNumber(text), false, text);
      assert.equal(maskCardNumbers(text), text);
    }
    const card = `${id} 4111 1111 1111 1111`;
    assert.equal(containsCardNumber(card), true, card);
    assert.equal(maskCardNumbers(card), `${id} ${CARD_MASK}`);
  }
  // Neither version nor variant of a UUID: whoever writes a card number so has written one.
  assert.equal(containsCardNumber('41111111-1111-1111-1111-000000000000'), true);
});

test('a long text of single digits is searched in a moment', () => {
  // Its CPU, as a busy machine may leave the process waiting for longer than the search takes.
  const started = process.cpuUsage();
  assert.equal(containsCardNumber('0 '.repeat(30_000)), false);
  const { user, system } = process.cpuUsage(started);
  assert.ok((user + system) / 1_000 < 250);
});
