import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planFor } from '../../../../../lib/query/ask.ts';
import type { Plan } from '../../../../../lib/query/plan.ts';
import { AskBack } from '../../../../../lib/query/planner/draft.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';

const planned = (question: string, previous?: Plan) =>
  planFor(question, CATALOGUE, { clock: CLOCK, ...(previous && { previous }) });

const BEFORE = planned('top 5 products last week').plan;

suite('a question after an answer', () => {
  test('changes what it speaks of and keeps the rest', () => {
    const { plan, assumptions } = planned('and by brand?', BEFORE);
    assert.deepEqual([plan.dimensions, plan.window], [['brand'], BEFORE.window]);
    assert.ok(assumptions.includes('continues the question before'));
    assert.deepEqual(planned('only mobile', BEFORE).plan.filters[0]?.value, 'mobile');
    assert.deepEqual(planned('now show it by brand', BEFORE).plan.dimensions, ['brand']);
    assert.equal(planned('top 3', BEFORE).plan.limit, 3);
  });

  test('adds to the answer what it asks for too, and narrows it by what it names', () => {
    const { plan } = planned('average order value too', planned('revenue by brand last month').plan);
    assert.deepEqual([plan.metrics, plan.dimensions, plan.order?.by], [['revenue', 'aov'], ['brand'], 'revenue']);
    const sorted = planned('sorted by orders', plan).plan;
    assert.deepEqual(sorted.order, { by: 'orders_count', dir: 'desc' });
    const narrowed = planned('and for vip customers', plan).plan;
    assert.deepEqual([narrowed.metrics, narrowed.filters[0]?.field], [plan.metrics, 'segment']);
    const without = planned('also exclude Ostra', planned('excluding Halden', plan).plan).plan;
    assert.deepEqual(without.filters, [{ field: 'brand', op: 'not in', value: ['Halden', 'Ostra'] }]);
  });

  test('is asked back when it could be taken in two ways', () => {
    const lastMonth = planned('revenue by brand last month').plan;
    assert.throws(() => planned('and the week before', lastMonth), AskBack);
    assert.throws(() => planned('include Ostra', planned('excluding Ostra', lastMonth).plan), AskBack);
  });

  test('may say this of the answer, or how to narrow it', () => {
    assert.deepEqual(planned('Can you show this for each country separately?', BEFORE).plan.dimensions, ['country']);
    assert.equal(planned('restrict the result to mobile please', BEFORE).plan.filters[0]?.value, 'mobile');
    const failed = planned('failed payments by method last month').plan;
    assert.deepEqual(planned('relative to the number of attempts', failed).plan.metrics, ['payment_failure_rate']);
  });

  test('by days or months has no top', () => {
    const { plan } = planned('and by month?', planned('lowest 5 brands by revenue last month').plan);
    assert.deepEqual([plan.dimensions, plan.limit, plan.order], [['month'], null, { by: 'month', dir: 'asc' }]);
  });

  test('keeps the end of the ranking that was asked for', () => {
    const { plan } = planned('and by category?', planned('lowest 5 brands by revenue last month').plan);
    assert.deepEqual([plan.limit, plan.order], [5, { by: 'revenue', dir: 'asc' }]);
  });

  test('keeps the members that its conditions are about', () => {
    for (const [question, split, dimensions] of [
      ['products below the reorder point', 'by warehouse', ['warehouse', 'product']],
      ['customers with more than 5 orders', 'by country', ['country', 'customer']],
      ['products never sold', 'and by brand?', ['brand', 'product']],
    ] as const) {
      assert.deepEqual(planned(split, planned(question).plan).plan.dimensions, dimensions, question);
    }
  });

  test('is one of its own when it says what and when', () => {
    for (const question of ['orders yesterday', 'refund rate by category last quarter', 'top 3 brands this month']) {
      assert.deepEqual(planned(question, BEFORE), planned(question));
    }
  });

  test('is asked back when it is neither: what came before does not make it clear', () => {
    for (const question of ['how are we doing', 'what should we do about it all']) {
      assert.throws(() => planned(question, BEFORE), AskBack, question);
    }
  });

  test('is asked back when it changes nothing', () => {
    assert.throws(() => planned('by product', BEFORE), /changes nothing/);
  });
});
