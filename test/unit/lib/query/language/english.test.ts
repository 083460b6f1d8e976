import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { baseForms, OTHER_WORDS } from '../../../../../lib/query/language/english.ts';
import { buildLexicon, correctSpelling } from '../../../../../lib/query/language/lexicon.ts';
import { tokenize } from '../../../../../lib/query/language/tokens.ts';
import { CATALOGUE } from '../../../../fixtures/ask/catalogue.ts';

const lexicon = buildLexicon(CATALOGUE);
const phraseAt = (text: string, at = 0) => lexicon.match(tokenize(text), at);

suite('forms of words', () => {
  test('endings come off by the rules of spelling', () => {
    for (const [form, base] of [
      ['ordering', 'order'],
      ['raking', 'rake'],
      ['shipped', 'ship'],
      ['incurred', 'incur'],
      ['passed', 'pass'],
      ['denied', 'deny'],
      ['brought', 'bring'],
      ['withdrawn', 'withdraw'],
    ] as const) {
      assert.ok(baseForms(form).includes(base), `${form}: ${baseForms(form)}`);
    }
  });

  test('what only looks like a form is none', () => {
    for (const [word, other] of [
      ['noted', 'not'],
      ['themed', 'them'],
      ['evening', 'even'],
      ['meaning', 'mean'],
      ['incoming', 'income'],
      ['rating', 'rate'],
      ['string', 'str'],
    ] as const) {
      assert.ok(!baseForms(word).includes(other), word);
    }
  });

  test('phrases are found whatever the form of their words', () => {
    assert.deepEqual(phraseAt('raked in')?.meaning.atoms, ['revenue']);
    assert.deepEqual(phraseAt('shipping back')?.meaning.atoms, ['refund']);
    assert.equal(phraseAt('missed their deadlines')?.next, 3);
  });

  test('a word as it stands comes before what it is a form of', () => {
    assert.ok(phraseAt('left')?.meaning.atoms.includes('available'));
    assert.ok(phraseAt('left the depot')?.meaning.atoms.includes('ship'));
  });

  test('the form of a word without meaning may have one', () => {
    for (const word of ['expected', 'confirmed', 'searched', 'verified', 'estimated']) {
      assert.equal(phraseAt(word), undefined, word);
    }
  });

  test('other English words are no misspellings', () => {
    for (const word of ['lots', 'small', 'start', 'splash', 'contract', 'track', 'deleted', 'collections', 'summer']) {
      const [token] = correctSpelling(tokenize(word), lexicon, OTHER_WORDS);
      assert.equal(token!.text, word);
    }
  });
});
