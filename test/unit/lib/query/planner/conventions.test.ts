import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { planFor } from '../../../../../lib/query/ask.ts';
import { AskBack } from '../../../../../lib/query/planner/draft.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { summarise } from '../../../../fixtures/ask/summary.ts';

const file = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'ask', 'vocab.json');
const CONVENTIONS: readonly string[] = JSON.parse(readFileSync(file, 'utf8')).conventions;
const NOW = '2026-05-20T09:30';

/** What each convention of the vocabulary comes to, on the clock of the fixtures: a Wednesday. */
const TABLE: Record<string, Record<string, string>> = {
  'Every window is half-open': { 'revenue yesterday': 'revenue | 2026-05-19..2026-05-20' },
  'Weeks are ISO weeks': {
    'orders this week': `orders_count | 2026-05-18..${NOW}`,
    'revenue in H1 2025': 'revenue | 2025-01-01..2025-07-01',
  },
  'today = [today': {
    'revenue today': `revenue | 2026-05-20..${NOW}`,
    'revenue mtd': `revenue | 2026-05-01..${NOW}`,
    'revenue qtd': `revenue | 2026-04-01..${NOW}`,
    'revenue so far this year': `revenue | 2026-01-01..${NOW}`,
  },
  'last week/month': {
    'revenue last week': 'revenue | 2026-05-11..2026-05-18',
    'revenue last quarter': 'revenue | 2026-01-01..2026-04-01',
    'revenue last year': 'revenue | 2025-01-01..2026-01-01',
  },
  'last|past|previous N days': {
    'revenue past 7 days': 'revenue | 2026-05-13..2026-05-20',
    'revenue past week': 'revenue | 2026-05-13..2026-05-20',
    'revenue previous 30 days': 'revenue | 2026-04-20..2026-05-20',
  },
  'last|past N weeks': {
    'revenue past 2 weeks': 'revenue | 2026-05-04..2026-05-18',
    'revenue last 3 months': 'revenue | 2026-02-01..2026-05-01',
  },
  'last|past N hours': { 'orders past 24 hours': `orders_count | 2026-05-19T09:30..${NOW}` },
  "'since X'": {
    'revenue since march': `revenue | 2026-03-01..${NOW}`,
    'revenue in august': 'revenue | 2025-08-01..2025-09-01',
    'revenue in may': `revenue | 2026-05-01..${NOW}`,
  },
  "'between A and B'": {
    'revenue between april 2 and april 5': 'revenue | 2026-04-02..2026-04-06',
    'revenue from the 3rd to the 9th of march': 'revenue | 2026-03-03..2026-03-10',
  },
  'last weekend': { 'revenue last weekend': 'revenue | 2026-05-16..2026-05-18' },
  'Black Friday': {
    'revenue on black friday': 'revenue | 2025-11-28..2025-11-29',
    'revenue on cyber monday': 'revenue | 2025-12-01..2025-12-02',
  },
  'No time expression': {
    'revenue by brand': 'revenue by brand | all_time | -revenue',
    'stock on hand by brand': 'on_hand by brand | as_of_now | -on_hand',
    'overdue shipments': 'overdue_shipments | as_of_now',
  },
  'Comparison windows': {
    'revenue past 14 days vs the 14 before': 'revenue | 2026-05-06..2026-05-20 | vs 2026-04-22..2026-05-06',
    'revenue week over week': 'revenue | 2026-05-11..2026-05-18 | vs 2026-05-04..2026-05-11',
    'orders month on month': 'orders_count | 2026-04-01..2026-05-01 | vs 2026-03-01..2026-04-01',
    'revenue this month vs last month': `revenue | 2026-05-01..${NOW} | vs 2026-04-01..2026-04-20T09:30`,
    'revenue in april yoy': 'revenue | 2026-04-01..2026-05-01 | vs 2025-04-01..2025-05-01',
  },
  'Sale order =': { 'how many orders last week': 'orders_count | 2026-05-11..2026-05-18' },
  'Refunded sale orders': { 'net revenue last week': 'net_revenue | 2026-05-11..2026-05-18' },
  "'revenue', 'sales'": {
    'sales last week': 'revenue | 2026-05-11..2026-05-18',
    'turnover last week': 'revenue | 2026-05-11..2026-05-18',
    'takings last week': 'revenue | 2026-05-11..2026-05-18',
    'money made last week': 'revenue | 2026-05-11..2026-05-18',
    'customer spend last week': 'revenue | 2026-05-11..2026-05-18',
    'gross last week': 'gross_revenue | 2026-05-11..2026-05-18',
    'net last week': 'net_revenue | 2026-05-11..2026-05-18',
  },
  'top/best/biggest': {
    'top brands': 'revenue by brand | all_time | -revenue 10',
    'best sellers': 'units_sold by product | all_time | -units_sold 10',
    'best-selling products': 'units_sold by product | all_time | -units_sold 10',
    'what do people buy the most': 'units_sold by product | all_time | -units_sold 1',
    'which brand sold the most': 'units_sold by brand | all_time | -units_sold 1',
    'worst selling products': 'units_sold by product | all_time | +units_sold 10',
    'which carrier is slowest': 'avg_delivery_days by carrier | all_time | -avg_delivery_days 1',
  },
  'Bottom-N ranks': {
    'bottom 3 brands by revenue': 'revenue by brand | all_time | +revenue 3',
    'products never sold': 'units_sold by product | all_time | having units_sold = 0 | +product 50',
  },
  'Rates are fractions': {
    'products with refund rate over 5%':
      'refund_rate by product | all_time | having refund_rate > 0.05 | -refund_rate 50',
  },
  'Refund and return': {
    'returns by reason': 'refund_count by refund_reason | all_time | -refund_count',
    'return rate last week': 'refund_rate | 2026-05-11..2026-05-18',
  },
  'Time buckets': { 'orders per day last week': 'orders_count by day | 2026-05-11..2026-05-18 | +day' },
  'Customers are identified': { 'top 5 customers': 'revenue by customer | all_time | -revenue 5' },
  'Stock: product level': {
    'low stock products': 'available by product | as_of_now | low_stock=true | +available 50',
    'out of stock products': 'available by product | as_of_now | out_of_stock=true | +available 50',
    'days of cover by brand': 'days_of_cover by brand | as_of_now | -days_of_cover',
  },
  "'stuck in S'": {
    'orders stuck in packed':
      'status_age_hours by order | as_of_now | order_status=packed | status_age_hours > 24 | -status_age_hours 50',
  },
  'Lists of orders': {
    'orders over $500 last week': 'order_value by order | 2026-05-11..2026-05-18 | order_value > 500 | -order_value 50',
    'customers with more than 3 orders':
      'orders_count by customer | all_time | having orders_count > 3 | -orders_count 50',
  },
};

const summaryOf = (question: string): string => {
  try {
    return summarise(planFor(question, CATALOGUE, { clock: CLOCK }).plan);
  } catch (error) {
    if (error instanceof AskBack) return `asked back: ${error.message}`;
    throw error;
  }
};

suite('what the vocabulary settles', () => {
  for (const [begins, questions] of Object.entries(TABLE)) {
    test(begins, () => {
      for (const [question, expected] of Object.entries(questions)) {
        assert.deepEqual([question, summaryOf(question)], [question, expected]);
      }
    });
  }

  test('every convention but those on grading has its questions', () => {
    const open = CONVENTIONS.filter((text) => !text.startsWith('Grading'));
    assert.deepEqual(
      open.filter((text) => !Object.keys(TABLE).some((begins) => text.startsWith(begins))),
      [],
    );
  });
});
