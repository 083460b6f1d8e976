import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Described } from '../../../../../apps/hub/amqp/reader.ts';
import type { Position } from '../../../../../apps/hub/broker/position.ts';
import { parseSelector, SELECTOR_FILTER, selectorOf } from '../../../../../apps/hub/protocol/selector.ts';

const good: Array<[string | null, Position]> = [
  [null, { by: 'earliest' }],
  ["amqp.annotation.x-opt-offset > '-1'", { by: 'earliest' }],
  ["amqp.annotation.x-opt-offset > '@latest'", { by: 'latest' }],
  ["amqp.annotation.x-opt-offset > '120'", { by: 'offset', value: 120, inclusive: false }],
  ["amqp.annotation.x-opt-offset >= '120'", { by: 'offset', value: 120, inclusive: true }],
  ["amqp.annotation.x-opt-sequence-number > '-1'", { by: 'sequence', value: -1, inclusive: false }],
  ["amqp.annotation.x-opt-sequence-number>='7'", { by: 'sequence', value: 7, inclusive: true }],
  ['amqp.annotation.x-opt-sequence-number > 7', { by: 'sequence', value: 7, inclusive: false }],
  ["amqp.annotation.x-opt-enqueued-time > '1700000000000'", { by: 'time', value: 1_700_000_000_000, inclusive: false }],
];

for (const [selector, position] of good) {
  test(`${selector} is understood`, () => assert.deepEqual(parseSelector(selector), position));
}

const bad = [
  '',
  'price > 10',
  "amqp.annotation.x-opt-offset < '1'",
  "amqp.annotation.x-opt-offset > 'abc'",
  "amqp.annotation.x-opt-sequence-number > '@latest'",
  "amqp.annotation.x-opt-offset > '1' OR 1=1",
  "amqp.annotation.x-opt-offset > '99999999999999999999'",
];

for (const selector of bad) {
  test(`"${selector}" is not a valid filter`, () => {
    assert.throws(() => parseSelector(selector), {
      condition: 'com.microsoft:argument-error',
      message: `The filter '${selector}' is not a valid amqp filter for EventHub entities`,
    });
  });
}

test('the selector is found described by number, by symbol, or not at all', () => {
  const text = "amqp.annotation.x-opt-offset > '1'";
  for (const value of [
    new Described(0x468c00000004, text),
    new Described('apache.org:selector-filter:string', text),
    text,
  ]) {
    assert.equal(selectorOf(new Map([[SELECTOR_FILTER, value]])), text);
  }
  assert.equal(selectorOf(new Map([['other', text]])), null);
  assert.equal(selectorOf(new Map([[SELECTOR_FILTER, 7]])), null);
  assert.equal(selectorOf(null), null);
});
