import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planFor } from '../../../../lib/query/ask.ts';
import type { Plan } from '../../../../lib/query/plan.ts';
import { AskBack } from '../../../../lib/query/planner/draft.ts';
import { compile } from '../../../../lib/query/sql/compile.ts';
import { UnsupportedPlan } from '../../../../lib/query/sql/conditions.ts';
import { followUps } from '../../../../lib/query/suggest.ts';
import { CATALOGUE, CLOCK } from '../../../fixtures/ask/catalogue.ts';
import { QUESTIONS } from '../../../fixtures/ask/questions.ts';

const planOf = (question: string, previous?: Plan): Plan =>
  planFor(question, CATALOGUE, { clock: CLOCK, ...(previous && { previous }) }).plan;

const suggested = (plan: Plan): string[] =>
  followUps(plan, (question) => {
    try {
      const next = planOf(question, plan);
      compile(next, { ...CLOCK, minorFactor: 100 }, 10);
      return next;
    } catch (error) {
      assert.ok(error instanceof AskBack || error instanceof UnsupportedPlan);
      return undefined;
    }
  });

suite('what may be asked next', () => {
  test('each suggestion for each question plans and compiles, and asks something else', () => {
    let pairs = 0;
    for (const [question] of QUESTIONS) {
      const plan = planOf(question);
      const questions = suggested(plan);
      const plans = questions.map((next) => planOf(next, plan));
      const different = new Set([plan, ...plans].map((one) => JSON.stringify(one)));
      assert.equal(different.size, plans.length + 1, question);
      assert.ok(questions.length <= 3);
      if (questions.length >= 2) pairs += 1;
    }
    assert.ok(pairs > QUESTIONS.length * 0.9, `two or more for ${pairs} of ${QUESTIONS.length}`);
  });

  test('the period before, another split, a split by time of fitting length', () => {
    assert.deepEqual(suggested(planOf('revenue by category last month')), [
      'compared with the month before',
      'and by brand?',
      'and by day?',
    ]);
  });

  test('a ranking as a series of days, and no last month of stock', () => {
    assert.ok(suggested(planOf('top 5 products last month')).includes('and by day?'));
    assert.ok(!suggested(planOf('available stock by brand')).some((next) => next.includes('month')));
  });
});
