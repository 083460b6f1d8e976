import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findForbiddenText } from '../../../../../apps/producer/http/card-data.ts';

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
