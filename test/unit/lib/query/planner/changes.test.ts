import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planFor } from '../../../../../lib/query/ask.ts';
import { AskBack } from '../../../../../lib/query/planner/draft.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { summarise } from '../../../../fixtures/ask/summary.ts';

const planned = (question: string) => planFor(question, CATALOGUE, { clock: CLOCK });

/** Members held against each other or against what they were before. */
const READ: readonly (readonly [question: string, plan: string])[] = [
  [
    'customers who spent more last month than the month before',
    'revenue by customer | 2026-04-01..2026-05-01 | vs 2026-03-01..2026-04-01 | having delta > 0 | -delta 50',
  ],
  [
    'how many customers ordered less in April than in March',
    'orders_count by customer | 2026-04-01..2026-05-01 | vs 2026-03-01..2026-04-01 | having delta < 0 | count',
  ],
  [
    'brands with higher revenue in Q1 than in Q4',
    'revenue by brand | 2026-01-01..2026-04-01 | vs 2025-10-01..2026-01-01 | having delta > 0 | -delta',
  ],
  [
    'products that sold more in April than in March',
    'units_sold by product | 2026-04-01..2026-05-01 | vs 2026-03-01..2026-04-01 | having delta > 0 | -delta 50',
  ],
  ['by what percentage did revenue fall last month', 'revenue | 2026-04-01..2026-05-01 | vs 2026-03-01..2026-04-01'],
  [
    'which category grew most in percent last quarter',
    'revenue by category | 2026-01-01..2026-04-01 | vs 2025-10-01..2026-01-01 | -delta_pct 1',
  ],
  [
    'how much more revenue did web make than mobile last month',
    'revenue by channel | 2026-04-01..2026-05-01 | channel in web/mobile | -revenue',
  ],
  [
    'which of web and mobile brings in more revenue this year',
    'revenue by channel | 2026-01-01..2026-05-20T09:30 | channel in web/mobile | -revenue 1',
  ],
  [
    'which of DHL, Correos and PostNord is the slowest',
    'avg_delivery_days by carrier | all_time | carrier in DHL/Correos/PostNord | -avg_delivery_days 1',
  ],
  [
    'which country grew the fastest last quarter',
    'revenue by country | 2026-01-01..2026-04-01 | vs 2025-10-01..2026-01-01 | -delta 1',
  ],
  [
    'brands that grew more than 20% year over year last quarter',
    'revenue by brand | 2026-01-01..2026-04-01 | vs 2025-01-01..2025-04-01 | having delta_pct > 0.2 | having delta > 0 | -delta',
  ],
  [
    'which channel lost most orders last week vs the week before',
    'orders_count by channel | 2026-05-11..2026-05-18 | vs 2026-05-04..2026-05-11 | +delta 1',
  ],
  [
    'cancelled orders as a percentage of all orders by channel last month',
    'cancellation_rate by channel | 2026-04-01..2026-05-01 | -cancellation_rate',
  ],
  [
    'refunds as a percentage of orders by brand last quarter',
    'refund_rate by brand | 2026-01-01..2026-04-01 | -refund_rate',
  ],
];

const ASKED_BACK = [
  'what percentage of the revenue growth came from mobile last month',
  'share of revenue by brand this month vs last month',
  'cumulative share of revenue by brand',
  'do we earn more on shipping than we pay',
  'share of customers with more than 3 orders this year',
];

suite('comparisons', () => {
  test('of members, in percent, and of members with each other', () => {
    for (const [question, expected] of READ) {
      assert.deepEqual([question, summarise(planned(question).plan)], [question, expected]);
    }
  });

  test('are not mixed with shares and totals', () => {
    for (const question of ASKED_BACK) assert.throws(() => planned(question), AskBack, question);
  });
});
