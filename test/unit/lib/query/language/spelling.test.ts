import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearest, slipDistance } from '../../../../../lib/query/language/spelling.ts';

const KNOWN = ['revenue', 'brand', 'week', 'weak', 'which', 'with', 'carrier', 'category', 'refund', 'web'];
const COMMON = new Set(['week', 'which']);

suite('spelling', () => {
  test('a swap, a key beside, a missing or a doubled letter is one slip', () => {
    for (const [typed, meant] of [
      ['brnad', 'brand'],
      ['revnue', 'revenue'],
      ['carrrier', 'carrier'],
      ['refumd', 'refund'],
      ['catagory', 'category'],
    ] as const) {
      assert.ok(slipDistance(typed, meant, 2) <= 1.1, typed);
    }
  });

  test('edits are counted alike from either side, up to the limit', () => {
    const word = fc.string({ minLength: 1, maxLength: 9 });
    assert.equal(editDistance('brnad', 'brand', 2), 1);
    fc.assert(fc.property(word, word, (a, b) => assert.equal(editDistance(a, b, 3) > 3, editDistance(b, a, 3) > 3)));
  });

  test('another letter for one is hardly a misspelling', () => {
    assert.ok(slipDistance('shark', 'share', 2) > 1.1);
    assert.ok(slipDistance('remain', 'retain', 2) > 1.1);
  });

  test('the distance stops at the limit, and is none to the word itself', () => {
    const word = fc.string({ minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = slipDistance(a, b, 3);
        assert.ok(distance <= 3 || distance === Number.POSITIVE_INFINITY);
        assert.equal(slipDistance(a, a, 3), 0);
      }),
    );
  });

  test('the nearest known word, the common one where two are as near', () => {
    assert.equal(nearest('revnue', KNOWN, COMMON), 'revenue');
    assert.equal(nearest('wek', KNOWN, COMMON), 'week');
    assert.equal(nearest('wich', KNOWN, COMMON), 'which');
    assert.equal(nearest('catgeoyr', KNOWN, COMMON), 'category');
    assert.equal(nearest('ctgry', KNOWN, COMMON), 'category');
    assert.equal(nearest('teh', ['the'], COMMON), 'the');
  });

  test('nothing for short words, other beginnings and strangers', () => {
    assert.equal(nearest('we', KNOWN, COMMON), undefined);
    assert.equal(nearest('coat', ['cost'], COMMON), undefined);
    assert.equal(nearest('band', ['hand', 'sand'], COMMON), undefined);
    assert.equal(nearest('branded', ['brand'], COMMON), undefined);
    assert.equal(nearest('remain', ['retain'], COMMON), undefined);
    assert.equal(nearest('visitors', KNOWN, COMMON), undefined);
  });
});
