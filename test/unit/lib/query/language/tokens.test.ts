import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lemmasOf, singular, tokenize } from '../../../../../lib/query/language/tokens.ts';
import { FILLERS, ROLES } from '../../../../../lib/query/model/grammar.ts';
import { ATOMS, DIMENSION_WORDS } from '../../../../../lib/query/model/words.ts';

const lemmas = (text: string) => tokenize(text).map((token) => token.lemma);

suite('tokens', () => {
  test('case, plurals, contractions and possessives', () => {
    assert.deepEqual(lemmas("What's our Categories' total?"), ['what', 'is', 'our', 'category', 'total']);
    assert.deepEqual(lemmas('customers who haven’t ordered'), ['customer', 'who', 'have', 'not', 'ordered']);
    assert.deepEqual(lemmas("yesterday's boxes"), ['yesterday', 'box']);
    assert.deepEqual(
      ['UPS', 'status', 'sales', 'less'].map((word) => singular(word.toLowerCase())),
      ['ups', 'status', 'sale', 'less'],
    );
  });

  test('numbers in digits and words', () => {
    assert.deepEqual(
      tokenize('ten twenty five 1,250 2k 3.5 a dozen').map((token) => token.value),
      [10, 25, 1_250, 2_000, 3.5, undefined, 12],
    );
  });

  test('amounts and percentages', () => {
    const [dollars, euros, share] = ['$500', '80 euros', '10 %'].map((text) => tokenize(text)[0]!);
    assert.deepEqual([dollars!.value, dollars!.money], [500, true]);
    assert.deepEqual([euros!.value, euros!.money], [80, true]);
    assert.deepEqual([share!.value, share!.percent], [10, true]);
  });

  test('units written against their number', () => {
    assert.deepEqual(lemmas('last 24h and 7d'), ['last', '24', 'hour', 'and', '7', 'day']);
  });

  test('hyphens part words, dates stay whole', () => {
    assert.deepEqual(lemmas('4-Person Tent on-time 2026-10-31'), ['4', 'person', 'tent', 'on', 'time', '2026-10-31']);
  });

  test('commas part a list and not a date', () => {
    assert.deepEqual(lemmas('revenue, orders on october 3, 2025'), [
      'revenue',
      ',',
      'order',
      'on',
      'october',
      '3',
      '2025',
    ]);
  });

  test('"us" is a country only in the place of one', () => {
    assert.deepEqual(lemmas('show us revenue'), ['show', 'us', 'revenue']);
    assert.ok(lemmas('us revenue').includes('usa'));
    assert.ok(lemmas('orders in the us').includes('usa'));
    assert.ok(lemmas('orders in the U.S.').includes('usa'));
    assert.ok(!lemmas('how long does it take us to ship').includes('usa'));
  });

  test('what the answer is wanted for is left out', () => {
    assert.deepEqual(lemmas('for the purposes of the month-end close, net revenue'), ['net', 'revenue']);
    assert.deepEqual(lemmas('for our weekly report: orders'), ['order']);
    assert.deepEqual(lemmas('close to sold out'), ['close', 'to', 'sold', 'out']);
    assert.ok(lemmas('weekly report of revenue').includes('weekly'));
  });

  test('"-wise" asks for a split', () => {
    for (const text of ['month-wise revenue', 'month wise revenue', 'monthwise revenue']) {
      assert.deepEqual(lemmas(text), ['by', 'month', 'revenue']);
    }
    assert.deepEqual(lemmas('otherwise'), ['otherwise']);
  });

  test('the quick way through plain phrases gives what the long one gives', () => {
    const phrases = [...Object.values(ATOMS), ...Object.values(DIMENSION_WORDS), ...Object.values(ROLES)]
      .flatMap((list) => list.split('|'))
      .concat(FILLERS);
    for (const phrase of phrases) assert.deepEqual([phrase, ...lemmasOf(phrase)], [phrase, ...lemmas(phrase)]);
  });
});
