import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { buildLexicon } from '../../../../../lib/query/language/lexicon.ts';
import { nearest } from '../../../../../lib/query/language/spelling.ts';
import { AskBack, Screened } from '../../../../../lib/query/planner/draft.ts';
import { planFollowUp } from '../../../../../lib/query/planner/follow-up.ts';
import { plan } from '../../../../../lib/query/planner/planner.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { QUESTIONS } from '../../../../fixtures/ask/questions.ts';

const lexicon = buildLexicon(CATALOGUE);
const KNOWN = QUESTIONS.map(([question]) => question);

/** Words of everyday life that the shop's data says nothing about. */
const ELSEWHERE = [
  'salesperson',
  'warranty',
  'purple',
  'nightly',
  'profitless',
  'gift',
  'organic',
  'wholesale',
  'franchise',
  'influencer',
  'tuxedo',
  'hesitant',
];

const isStrange = (word: string) =>
  !lexicon.known.has(word) &&
  !/(ing|ed|s)$/.test(word) &&
  nearest(word, lexicon.meaningful, lexicon.common) === undefined;
const strangeWord = fc
  .array(fc.constantFrom(...'bdfgjkloqruvwxyz'), { minLength: 5, maxLength: 10 })
  .map((letters) => letters.join(''))
  .filter(isStrange);

/** What comes of a question: "planned", or the name of what is thrown. */
function outcomeOf(run: () => unknown): string {
  try {
    run();
    return 'planned';
  } catch (error) {
    if (error instanceof AskBack || error instanceof Screened) return 'asked back';
    throw error;
  }
}

function withWord(question: string, word: string, place: number): string {
  const words = question.split(' ');
  const at = place % (words.length + 1);
  return [...words.slice(0, at), word, ...words.slice(at)].join(' ');
}

suite('a word that nothing knows', () => {
  test('is asked back, whatever the question and wherever it stands', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KNOWN), strangeWord, fc.nat(40), (question, word, place) => {
        const asked = withWord(question, word, place);
        assert.deepEqual([asked, outcomeOf(() => plan(asked, lexicon, CLOCK))], [asked, 'asked back']);
      }),
      { numRuns: 400, seed: 20 },
    );
  });

  test('is asked back when it is an English word, too', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KNOWN), fc.constantFrom(...ELSEWHERE), fc.nat(40), (question, word, place) => {
        const asked = withWord(question, word, place);
        assert.deepEqual([asked, outcomeOf(() => plan(asked, lexicon, CLOCK))], [asked, 'asked back']);
      }),
      { numRuns: 200, seed: 20 },
    );
  });

  test('is asked back in a follow-up', () => {
    const { plan: previous } = plan('revenue by category last month', lexicon, CLOCK);
    fc.assert(
      fc.property(
        fc.constantFrom('only mobile', 'by brand', 'and last week?'),
        strangeWord,
        fc.nat(5),
        (question, word, place) => {
          const asked = withWord(question, word, place);
          assert.deepEqual(
            [asked, outcomeOf(() => planFollowUp(asked, previous, lexicon, CLOCK))],
            [asked, 'asked back'],
          );
        },
      ),
      { numRuns: 100, seed: 20 },
    );
  });

  test('brings two to four questions to choose from, and each of them plans', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KNOWN), fc.constantFrom(...ELSEWHERE), fc.nat(40), (question, word, place) => {
        try {
          plan(withWord(question, word, place), lexicon, CLOCK);
        } catch (error) {
          if (!(error instanceof AskBack)) return;
          assert.ok(error.choices.length >= 2 && error.choices.length <= 4, `${question}: ${error.choices}`);
          for (const choice of error.choices) plan(choice, lexicon, CLOCK);
        }
      }),
      { numRuns: 150, seed: 20 },
    );
  });
});
