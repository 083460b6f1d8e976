import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planFor } from '../../../../../lib/query/ask.ts';
import { objections } from '../../../../../lib/query/assistant/evidence.ts';
import { buildLexicon } from '../../../../../lib/query/language/lexicon.ts';
import type { Plan } from '../../../../../lib/query/plan.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { QUESTIONS } from '../../../../fixtures/ask/questions.ts';

const lexicon = buildLexicon(CATALOGUE);
const planOf = (question: string): Plan => planFor(question, CATALOGUE, { clock: CLOCK }).plan;
const against = (question: string, plan: Plan) => objections(question, plan, lexicon, CLOCK).join(' ');

suite('what the plain words of a question say', () => {
  test('next to nothing speaks against what the rules themselves read', () => {
    const doubted = QUESTIONS.filter(([question]) => against(question, planOf(question)) !== '');
    assert.ok(doubted.length <= QUESTIONS.length * 0.1, doubted.map(([question]) => question).join('\n'));
  });

  const CASES: [question: string, plan: string, objection: RegExp][] = [
    ['revenue by brand last week', 'revenue by brand last month', /"last week" is .* no such window/],
    ['revenue in Oslo by brand', 'revenue by brand', /"oslo" is a city, and no filter/],
    ['top 7 brands', 'top 10 brands', /The number 7 .* nowhere/],
    ['revenue by brand', 'revenue by brand last month', /names no time/],
    ['revenue by brand', 'revenue in Oslo by brand', /does not speak of city Oslo/],
    ['brands by revenue', 'top 7 brands', /does not ask for 7 rows/],
  ];
  for (const [question, plan, objection] of CASES) {
    test(`"${question}" is not "${plan}"`, () => assert.match(against(question, planOf(plan)), objection));
  }

  test('what a strange word may say is left to the model', () => {
    assert.equal(against('Umsatz brand', planOf('revenue in Oslo by brand last month')), '');
  });
});
