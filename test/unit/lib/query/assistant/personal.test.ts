import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { holdsPersonalValue } from '../../../../../lib/query/assistant/personal.ts';

suite('values that must not leave the machine', () => {
  for (const text of [
    'orders of jane.doe+shop@example.co.uk',
    'who called from +49 170 1234567',
    'card 4242 4242 4242 4242',
    'refund to DE89 3704 0044 0532 0130 00',
  ]) {
    test(`"${text}" holds one`, () => assert.ok(holdsPersonalValue(text)));
  }

  for (const text of [
    'revenue from 2026-01-01 to 2026-03-31',
    'orders since 2026-05-01T08:00:00',
    'orders over $1,250,000 in 2025',
    'top 10 products of the last 30 days',
    'units sold of City Bike 3',
  ]) {
    test(`"${text}" holds none`, () => assert.ok(!holdsPersonalValue(text)));
  }
});
