import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planFor } from '../../../../../lib/query/ask.ts';
import type { Plan } from '../../../../../lib/query/plan.ts';
import { AskBack } from '../../../../../lib/query/planner/draft.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { summarise } from '../../../../fixtures/ask/summary.ts';

/** One question after another, each changing the plan of the one before. */
const asked = (questions: string) =>
  questions
    .split(' > ')
    .reduce<Plan | undefined>(
      (previous, question) => planFor(question, CATALOGUE, { clock: CLOCK, ...(previous && { previous }) }).plan,
      undefined,
    )!;

const READ: Record<string, readonly (readonly [questions: string, plan: string])[]> = {
  'asks for another measure of the same': [
    [
      'revenue by channel last month > and for orders instead',
      'orders_count by channel | 2026-04-01..2026-05-01 | -orders_count',
    ],
    ['late deliveries by carrier last month > as a rate', 'late_rate by carrier | 2026-04-01..2026-05-01 | -late_rate'],
    [
      'late rate by carrier last month > as a number',
      'late_deliveries by carrier | 2026-04-01..2026-05-01 | -late_deliveries',
    ],
    [
      'late rate by carrier last month > and on time rate',
      'on_time_rate by carrier | 2026-04-01..2026-05-01 | -on_time_rate',
    ],
    [
      'refund rate by brand last quarter > and the amount?',
      'refund_amount by brand | 2026-01-01..2026-04-01 | -refund_amount',
    ],
    ['average order value this month > median instead', 'median_order_value | 2026-05-01..2026-05-20T09:30'],
    ['inventory value by category > and in units', 'on_hand by category | as_of_now | -on_hand'],
    [
      'refunds by reason this year > what share is that',
      'refund_count by refund_reason | 2026-01-01..2026-05-20T09:30 | share_of_total | -refund_count',
    ],
    [
      'orders from mobile last month > as a share of all orders',
      'orders_count by channel | 2026-04-01..2026-05-01 | share_of_total | channel=mobile | -share',
    ],
    [
      'revenue by month this year > show orders next to it',
      'revenue,orders_count by month | 2026-01-01..2026-05-20T09:30 | +month',
    ],
    [
      'revenue by city last month > only cities with more than 50 orders',
      'revenue,orders_count by city | 2026-04-01..2026-05-01 | having orders_count > 50 | -revenue',
    ],
  ],
  'asks for more, fewer, or the number of the same members': [
    ['top 5 products last week > make it 10', 'revenue by product | 2026-05-11..2026-05-18 | -revenue 10'],
    ['top 5 products last week > show 20 instead', 'revenue by product | 2026-05-11..2026-05-18 | -revenue 20'],
    [
      'revenue by month this year > which month was the best',
      'revenue by month | 2026-01-01..2026-05-20T09:30 | -revenue 1',
    ],
    [
      'late rate by carrier last month > which one is the worst',
      'late_rate by carrier | 2026-04-01..2026-05-01 | -late_rate 1',
    ],
    ['revenue by city last month > lowest first', 'revenue by city | 2026-04-01..2026-05-01 | +revenue'],
    ['revenue by city last month > sorted ascending', 'revenue by city | 2026-04-01..2026-05-01 | +revenue'],
    [
      'overdue shipments > which carrier has the most',
      'overdue_shipments by carrier | as_of_now | -overdue_shipments 1',
    ],
    ['products sold out > how many is that', 'available by product | as_of_now | out_of_stock=true | count'],
    [
      'customers with more than 5 orders this year > more than 10',
      'orders_count by customer | 2026-01-01..2026-05-20T09:30 | having orders_count > 10 | -orders_count 50',
    ],
    [
      'customers with more than 5 orders this year > how many are there',
      'orders_count by customer | 2026-01-01..2026-05-20T09:30 | having orders_count > 5 | count',
    ],
    [
      'orders stuck in processing > more than 3 days',
      'status_age_hours by order | as_of_now | order_status=processing | status_age_hours > 72 | -status_age_hours 50',
    ],
    [
      'customers who have not ordered in 90 days > 180 days',
      'last_order_at by customer | as_of_now | last_order_before < 2025-11-21 | +last_order_at 50',
    ],
    [
      'how many orders are stuck in processing > list them',
      'status_age_hours by order | as_of_now | order_status=processing | status_age_hours > 24 | -status_age_hours 50',
    ],
    ['overdue shipments > list them', 'overdue_shipments by shipment | as_of_now | -overdue_shipments 50'],
    [
      'fraud rate by country this year > only over 2%',
      'fraud_rate by country | 2026-01-01..2026-05-20T09:30 | having fraud_rate > 0.02 | -fraud_rate',
    ],
    [
      'best selling product per category last month > by brand instead',
      'units_sold by brand,product | 2026-04-01..2026-05-01 | in each brand | -units_sold 1',
    ],
    ['orders per day on average last month > and per week', 'orders_count | 2026-04-01..2026-05-01 | per week'],
    [
      'low stock products > only those out of stock',
      'available by product | as_of_now | out_of_stock=true | +available 50',
    ],
  ],
  'narrows what was asked': [
    [
      'how many orders did we get yesterday > how many were from vip customers',
      'orders_count | 2026-05-19..2026-05-20 | segment=vip',
    ],
    [
      'how many orders did we get yesterday > how many of those were paid by card',
      'orders_count | 2026-05-19..2026-05-20 | payment_method=card',
    ],
    [
      'how many orders did we get yesterday > over $100 only',
      'orders_count | 2026-05-19..2026-05-20 | order_value > 100',
    ],
    [
      'how many orders did we get yesterday > how many of them were delivered',
      'orders_count | 2026-05-19..2026-05-20 | order_status=delivered',
    ],
    ['revenue last month > only new customers', 'revenue | 2026-04-01..2026-05-01 | customer_type=new'],
    [
      'late rate by carrier this quarter > only shipments to Spain',
      'late_rate by carrier | 2026-04-01..2026-05-20T09:30 | country=ES | -late_rate',
    ],
    [
      'inventory value by category > only the North one',
      'inventory_value by category | as_of_now | warehouse=North | -inventory_value',
    ],
    [
      'late deliveries by carrier last month > only DHL and Correos',
      'late_deliveries by carrier | 2026-04-01..2026-05-01 | carrier in DHL/Correos | -late_deliveries',
    ],
  ],
  'asks for the reasons of it': [
    [
      'payment failures last week > why',
      'payment_failures by failure_code | 2026-05-11..2026-05-18 | -payment_failures',
    ],
    [
      'payment failures last week > by code',
      'payment_failures by failure_code | 2026-05-11..2026-05-18 | -payment_failures',
    ],
    [
      'refunds last month > by product for damaged',
      'refund_count by product | 2026-04-01..2026-05-01 | refund_reason=damaged | -refund_count',
    ],
  ],
  'asks for another time, or for its course': [
    [
      'revenue this month > against last month',
      'revenue | 2026-05-01..2026-05-20T09:30 | vs 2026-04-01..2026-04-20T09:30',
    ],
    [
      'revenue this month > and compared with a year ago',
      'revenue | 2026-05-01..2026-05-20T09:30 | vs 2025-05-01..2025-05-20T09:30',
    ],
    ['average order value this month > how about a year ago', 'aov | 2025-05-01..2025-05-20T09:30'],
    ['orders last month > Q2 vs Q1', 'orders_count | 2026-04-01..2026-05-20T09:30 | vs 2026-01-01..2026-02-19T09:30'],
    ['orders last month > Q1 vs Q4', 'orders_count | 2026-01-01..2026-04-01 | vs 2025-10-01..2026-01-01'],
    ['revenue last month > over time', 'revenue by day | 2026-04-01..2026-05-01 | +day'],
    [
      'revenue by day this month > as a running total',
      'revenue by day | 2026-05-01..2026-05-20T09:30 | running_total | +day',
    ],
    ['available stock by category > and revenue', 'revenue by category | all_time | -revenue'],
    ['revenue by category last month > and the stock', 'on_hand by category | as_of_now | -on_hand'],
  ],
};

const ASKED_BACK = [
  'revenue last month > in percent',
  'revenue last month > what about new customers',
  'revenue last month > how many were from vip customers',
  'revenue by category last month > cumulative',
  'how many orders last month > how many of those were shipped',
  'how many orders last month > list them',
  'customers with more than 5 orders this year > how many is that > and by country',
];

suite('what a question leaves out, as the one before said it', () => {
  for (const [title, cases] of Object.entries(READ)) {
    test(title, () => {
      for (const [questions, expected] of cases) {
        assert.deepEqual([questions, summarise(asked(questions))], [questions, expected]);
      }
    });
  }

  test('is asked back when it could be taken in two ways', () => {
    for (const questions of ASKED_BACK) assert.throws(() => asked(questions), AskBack, questions);
  });
});
