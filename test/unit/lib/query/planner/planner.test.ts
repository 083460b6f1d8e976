import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { decline, planFor } from '../../../../../lib/query/ask.ts';
import { buildLexicon } from '../../../../../lib/query/language/lexicon.ts';
import { Plan } from '../../../../../lib/query/plan.ts';
import { AskBack } from '../../../../../lib/query/planner/draft.ts';
import { plan } from '../../../../../lib/query/planner/planner.ts';
import { compile } from '../../../../../lib/query/sql/compile.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { QUESTIONS } from '../../../../fixtures/ask/questions.ts';
import { summarise } from '../../../../fixtures/ask/summary.ts';

const lexicon = buildLexicon(CATALOGUE);
const planned = (question: string) => plan(question, lexicon, CLOCK);
const summaryOf = (question: string) => summarise(planned(question).plan);
const context = { now: CLOCK.now, zone: CLOCK.zone, minorFactor: 100 };

function askedBack(question: string): AskBack {
  try {
    planned(question);
  } catch (error) {
    if (error instanceof AskBack) return error;
    throw error;
  }
  throw new Error(`"${question}" was answered: ${summaryOf(question)}`);
}

suite('the planner', () => {
  test('questions in many words become the plan they mean', () => {
    for (const [question, expected] of QUESTIONS)
      assert.deepEqual([question, summaryOf(question)], [question, expected]);
  });

  test('every plan is valid and compiles, and no question of these is refused', () => {
    const validator = Compile(Plan);
    for (const [question] of QUESTIONS) {
      const { plan: result } = planned(question);
      assert.ok(validator.Check(result), question);
      assert.ok(compile(result, context, 50).statement.text.startsWith('SELECT'), question);
      assert.equal(decline(question), undefined);
    }
  });

  test('case, punctuation and politeness change nothing', () => {
    const expected = summaryOf('revenue by category last month');
    for (const question of [
      'REVENUE BY CATEGORY LAST MONTH!',
      'Please show me our revenue per category for last month',
      'revenue, by category, last month?',
      'can you give me the revenue for each category last month',
    ]) {
      assert.deepEqual([question, summaryOf(question)], [question, expected]);
    }
  });

  test('small misspellings are put right, and said', () => {
    const { plan: result, assumptions } = planned('revnue by brnad last wek');
    assert.equal(summarise(result), summaryOf('revenue by brand last week'));
    assert.deepEqual(
      assumptions.filter((text) => text.startsWith('read')),
      ['read "revnue" as "revenue"', 'read "brnad" as "brand"', 'read "wek" as "week"'],
    );
  });

  test('names of products win over times and words within them', () => {
    assert.equal(
      summaryOf('units sold of Black Friday Mug last month'),
      'units_sold | 2026-04-01..2026-05-01 | product=Black Friday Mug',
    );
  });

  test('without a time it is all time, or as of now for what is a state; both are said', () => {
    assert.ok(planned('revenue by brand').assumptions.includes('no time was named: all time'));
    assert.ok(planned('inventory value by brand').assumptions.includes('as of now'));
  });

  test('words that no part of the plan rests on are asked back, never dropped', () => {
    for (const question of [
      'revenue by salesperson last month',
      'average discount per order',
      'revenue on fridays',
      'sales in the last few days',
      'second best product',
      'revenue per unit',
      'products that need to be restocked in West',
      'sales on weekends',
      'are deliveries getting slower',
      'revenue with coupon vs without coupon',
      'how many payment attempts last week',
      'orders with free gift wrap last week',
      'refunded amount as share of revenue',
    ]) {
      const { message, choices } = askedBack(question);
      assert.ok(message.length > 10 && choices.length >= 2, question);
    }
  });

  test('questions without a measure, or about a cause, are asked back', () => {
    for (const question of [
      'show me the numbers',
      'top',
      'how are things',
      'compare march and april',
      'why are sales down',
      'top customers or products',
      'stuck orders',
    ]) {
      assert.ok(askedBack(question).choices.length >= 2, question);
    }
  });

  test('every question it offers instead is one it can answer', () => {
    for (const question of [
      'show me the numbers',
      'revenue on fridays',
      'stuck orders',
      'when do people order most',
      'where do most of our orders come from',
    ]) {
      for (const choice of askedBack(question).choices) assert.ok(planned(choice).plan, choice);
    }
  });

  test('the future is not known', () => {
    assert.match(askedBack('revenue between 2026-10-01 and 2026-10-15').message, /future/);
  });

  test('a question that does not fit the data compiles to a reason', () => {
    const { plan: result } = planned('shipping cost by product last month');
    assert.throws(() => compile(result, context, 50), /whole orders or parcels/);
  });
});

suite('follow-ups change the plan before', () => {
  const follow = (first: string, second: string) => {
    const { plan: previous } = planned(first);
    return summarise(planFor(second, CATALOGUE, { clock: CLOCK, previous }).plan);
  };

  test('the window', () => {
    assert.equal(
      follow('top products last week', 'and the week before?'),
      'revenue by product | 2026-05-04..2026-05-11 | -revenue 10',
    );
    assert.equal(
      follow('revenue by brand this month', 'what about last month'),
      'revenue by brand | 2026-04-01..2026-05-01 | -revenue',
    );
  });

  test('a filter', () => {
    assert.equal(
      follow('sales by category this month', 'only mobile'),
      'revenue by category | 2026-05-01..2026-05-20T09:30 | channel=mobile | -revenue',
    );
  });

  test('the dimension', () => {
    assert.equal(
      follow('how many orders yesterday', 'by country'),
      'orders_count by country | 2026-05-19..2026-05-20 | -orders_count',
    );
  });

  test('a count into its rate', () => {
    assert.equal(
      follow('payment failures by method last month', 'as a percentage of attempts'),
      'payment_failure_rate by payment_method | 2026-04-01..2026-05-01 | -payment_failure_rate',
    );
  });

  test('a whole question starts anew', () => {
    assert.equal(
      follow('top products last week', 'how many refunds were there yesterday'),
      summaryOf('how many refunds were there yesterday'),
    );
  });
});
