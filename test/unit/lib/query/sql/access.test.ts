import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { buildLexicon } from '../../../../../lib/query/language/lexicon.ts';
import { plan } from '../../../../../lib/query/planner/planner.ts';
import { compile } from '../../../../../lib/query/sql/compile.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';

const lexicon = buildLexicon(CATALOGUE);
const A_YEAR_AGO = CLOCK.now - 365 * 86_400_000;

/** The tables of the first sub-query, up to its conditions. */
function tablesFor(question: string, since: number | null = A_YEAR_AGO): string | undefined {
  const context = { now: CLOCK.now, zone: CLOCK.zone, minorFactor: 100, since: since ?? undefined };
  const { statement } = compile(plan(question, lexicon, CLOCK).plan, context, 10);
  return / FROM ((?:orders|shipments|payments) .*?)(?: WHERE| GROUP BY d0|\) g)/.exec(statement.text)?.[1];
}

suite('how orders are read', () => {
  for (const [question, tables] of [
    ['revenue yesterday', 'orders o'],
    ['revenue by channel this year', 'orders o FORCE INDEX (PRIMARY)'],
    ['revenue by channel', 'orders o FORCE INDEX (PRIMARY)'],
    ['how many orders this year', 'orders o IGNORE INDEX (ix_orders_status)'],
    ['top 5 customers last week', 'orders o IGNORE INDEX FOR GROUP BY (ix_orders_customer)'],
    ['top 5 customers this year', 'orders o FORCE INDEX (PRIMARY)'],
    ['customers by number of orders', 'orders o IGNORE INDEX (ix_orders_status)'],
    ['how many first time buyers last month', 'orders o FORCE INDEX (ix_orders_placed)'],
    ['average delivery days by carrier', 'shipments s'],
    ['shipping cost by carrier this year', 'shipments s FORCE INDEX (PRIMARY)'],
    ['payment failures by method this year', 'payments p FORCE INDEX (PRIMARY)'],
    ['how many orders are in status packed', 'orders o'],
  ] as const) {
    test(`${question}: ${tables}`, () => {
      assert.equal(tablesFor(question), tables);
    });
  }

  test('where nobody looked when the history begins, nothing is said', () => {
    assert.equal(tablesFor('revenue by channel', null), 'orders o');
    assert.equal(tablesFor('top 5 customers last week', null), 'orders o');
  });

  test('a source that only joins orders says nothing of how they are read', () => {
    const context = { now: CLOCK.now, zone: CLOCK.zone, minorFactor: 100, since: A_YEAR_AGO };
    const { statement } = compile(plan('refund rate by brand this year', lexicon, CLOCK).plan, context, 10);
    assert.match(statement.text, /FROM refunds r JOIN orders o ON/);
  });

  test('a year is little of a long history', () => {
    assert.equal(tablesFor('revenue by channel this year', Date.UTC(2016, 0)), 'orders o');
  });
});
