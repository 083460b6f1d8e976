import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { understood } from '../../../../lib/query/explain.ts';
import { buildLexicon } from '../../../../lib/query/language/lexicon.ts';
import { plan } from '../../../../lib/query/planner/planner.ts';
import { CATALOGUE, CLOCK } from '../../../fixtures/ask/catalogue.ts';

const lexicon = buildLexicon(CATALOGUE);
const said = (question: string) => understood(plan(question, lexicon, CLOCK).plan, CLOCK.zone);

suite('how a question was understood', () => {
  test('measure, split, window with its zone, scope and order', () => {
    assert.equal(
      said('top products last week'),
      'revenue by product, Mon 11 May - Sun 17 May 2026 (Europe/Berlin), sale orders, top 10',
    );
    assert.equal(said('how many orders yesterday'), 'orders, Tue 19 May 2026 (Europe/Berlin), sale orders');
    assert.equal(
      said('orders in the last 3 hours'),
      'orders, Wed 20 May 06:30 - Wed 20 May 2026 09:30 (Europe/Berlin), sale orders',
    );
    assert.equal(said('revenue'), 'revenue, all time (Europe/Berlin), sale orders');
    assert.equal(said('revenue before march'), 'revenue, until Sat 28 Feb 2026 (Europe/Berlin), sale orders');
  });

  test('filters, bounds, comparisons, groups and cohorts', () => {
    assert.match(said('revenue from the app in Oslo last month'), /channel = mobile, city = Oslo$/);
    assert.match(said('customers with more than 10 orders this year'), /orders > 10, first 50$/);
    assert.match(said('revenue this month vs last month'), /compared with Wed 1 Apr - Mon 20 Apr 2026 09:30$/);
    assert.match(said('top 3 products in each category last quarter'), /top 3 in each category$/);
    assert.match(
      said('days of stock left for our top 10 sellers'),
      /the top 10 products by units sold Wed 22 Apr - Tue 19 May 2026$/,
    );
    assert.match(said('orders stuck in packed'), /order status = packed, hours in the status > 24, first 50$/);
    assert.match(said('retention rate last month'), /of the customers of Sun 1 Mar - Tue 31 Mar 2026$/);
    assert.match(said('products low on stock'), /as of Wed 20 May 2026 09:30 .* at or below the reorder point/);
  });
});
