import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { editDistance } from '../../../../../lib/query/language/edit-distance.ts';
import { nearest } from '../../../../../lib/query/language/spelling.ts';

const KNOWN = ['revenue', 'brand', 'week', 'weak', 'which', 'with', 'carrier', 'category', 'refund', 'web'];
const COMMON = new Set(['week', 'which']);

suite('spelling', () => {
  test('a swap, a slip, a missing or a doubled letter is one edit', () => {
    for (const [a, b] of [
      ['brnad', 'brand'],
      ['revnue', 'revenue'],
      ['carrrier', 'carrier'],
      ['refumd', 'refund'],
    ] as const) {
      assert.equal(editDistance(a, b, 2), 1);
    }
  });

  test('the distance is symmetric and stops at the limit', () => {
    const word = fc.string({ minLength: 1, maxLength: 9 });
    fc.assert(fc.property(word, word, (a, b) => assert.equal(editDistance(a, b, 3) > 3, editDistance(b, a, 3) > 3)));
  });

  test('the nearest known word, the common one where two are as near', () => {
    assert.equal(nearest('revnue', KNOWN, COMMON), 'revenue');
    assert.equal(nearest('wek', KNOWN, COMMON), 'week');
    assert.equal(nearest('wich', KNOWN, COMMON), 'which');
    assert.equal(nearest('catgeoyr', KNOWN, COMMON), 'category');
  });

  test('nothing for short words, other beginnings and strangers', () => {
    assert.equal(nearest('we', KNOWN, COMMON), undefined);
    assert.equal(nearest('coat', ['cost'], COMMON), undefined);
    assert.equal(nearest('band', ['hand', 'sand'], COMMON), undefined);
    assert.equal(nearest('visitors', KNOWN, COMMON), undefined);
  });
});
