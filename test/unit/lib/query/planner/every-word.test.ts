import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { planFor } from '../../../../../lib/query/ask.ts';
import { METRIC } from '../../../../../lib/query/model/metrics.ts';
import { DIMENSIONS } from '../../../../../lib/query/model/names.ts';
import { DIMENSION_WORDS } from '../../../../../lib/query/model/words.ts';
import type { Plan } from '../../../../../lib/query/plan.ts';
import { AskBack } from '../../../../../lib/query/planner/draft.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { summarise } from '../../../../fixtures/ask/summary.ts';

const planned = (question: string): Plan => planFor(question, CATALOGUE, { clock: CLOCK }).plan;

/** The plan, or undefined where the question is asked back. */
function planOf(question: string): Plan | undefined {
  try {
    return planned(question);
  } catch (error) {
    if (error instanceof AskBack) return undefined;
    throw error;
  }
}

const QUESTIONS = [
  'revenue',
  'net revenue last month',
  'how much did we sell last month',
  'discounts',
  'margin last month',
  'units sold',
  'how many orders',
  'average order value last month',
  'shipping cost',
  'how many customers ordered last month',
  'new customers',
  'cancellation rate',
  'refunds last month',
  'refund rate',
  'payments',
  'payment failures last month',
  'shipments',
  'late deliveries last month',
  'delivery time',
  'stock on hand',
  'inventory value',
  'overdue shipments',
  'fraud rate last month',
  'top products last month',
  'best selling brands',
  'latest orders',
  'orders over $200',
  'customers with more than 3 orders',
  'products never sold',
  'share of revenue by channel',
];

/** One meaningful word more, behind each question: those that make the same plan without a question back. */
function compareAll(additions: readonly string[], isTold: (plan: Plan, addition: string) => boolean = () => false) {
  const lost: string[] = [];
  for (const question of QUESTIONS) {
    const plan = planned(question);
    for (const addition of additions) {
      const longer = isTold(plan, addition) ? undefined : planOf(`${question} ${addition}`);
      if (longer && isDeepStrictEqual(longer, plan)) lost.push(`${question} ${addition}`);
    }
  }
  assert.deepEqual(lost, []);
}

suite('no word is lost', () => {
  test('a split changes the plan or is asked back', () => {
    const names = new Map(DIMENSIONS.map((name) => [DIMENSION_WORDS[name].split('|')[0]!, name]));
    const additions = [...names.keys()].flatMap((word) => [`by ${word}`, `for each ${word}`]);
    compareAll(additions, ({ dimensions }, addition) =>
      dimensions.includes(names.get(addition.replace(/^(by|for each) /, ''))!),
    );
  });

  test('a name of the catalogue changes the plan or is asked back', () =>
    compareAll(
      'web|Lighting|Halden|Lisbon|Norway|Correos|vip|paypal|HELLO5|Copper Kettle|returning customers|damaged|timeout'
        .split('|')
        .flatMap((name) => [`for ${name}`, `(${name})`, `without ${name}`]),
    ));

  test('a time changes the plan or is asked back', () =>
    compareAll(['yesterday', 'in 2024', 'since midnight', 'vs the year before', 'on mondays', 'before noon']));

  test('a number changes the plan or is asked back', () =>
    compareAll(['over $500', 'above 100', 'at least 10 %', 'top 5', '7 of them'], ({ having }, addition) =>
      having.some(({ value }) => addition.includes(`${value} `)),
    ));

  test('a unit that is not that of the plan changes it or is asked back', () => {
    for (const [said, units] of [
      ['in dollars', ['money']],
      ['by number', ['count', 'units']],
      ['in hours', ['hours', 'days']],
    ] as const) {
      const isTold = (plan: Plan) =>
        plan.metrics.some((metric) => (units as readonly string[]).includes(METRIC[metric].unit));
      compareAll([said], isTold);
    }
  });
});

/** What had been dropped without a word, or asked back though it says what it means. */
const READ: readonly (readonly [question: string, plan: string])[] = [
  [
    'for each category, what have we sold this month in dollars',
    'revenue by category | 2026-05-01..2026-05-20T09:30 | -revenue',
  ],
  ['best selling products last month in dollars', 'revenue by product | 2026-04-01..2026-05-01 | -revenue 10'],
  ['sales in units by category last month', 'units_sold by category | 2026-04-01..2026-05-01 | -units_sold'],
  ['margin in percent by category last month', 'margin_pct by category | 2026-04-01..2026-05-01 | -margin_pct'],
  [
    'revenue per channel (web, mobile) last month',
    'revenue by channel | 2026-04-01..2026-05-01 | channel in web/mobile | -revenue',
  ],
  [
    'late deliveries by carrier, DHL and Correos only',
    'late_deliveries by carrier | all_time | carrier in DHL/Correos | -late_deliveries',
  ],
  [
    'revenue by category and channel (web, mobile)',
    'revenue by category,channel | all_time | channel in web/mobile | -revenue',
  ],
  ['revenue for the channels web, mobile', 'revenue by channel | all_time | channel in web/mobile | -revenue'],
  [
    'revenue by category Garden last month',
    'revenue by category | 2026-04-01..2026-05-01 | category=Garden | -revenue',
  ],
  [
    'units sold per Halden product last month',
    'units_sold by product | 2026-04-01..2026-05-01 | brand=Halden | -units_sold',
  ],
  ['every order that came in last week whatever its status, count', 'all_orders_count | 2026-05-11..2026-05-18'],
  ['overdue DHL and Correos parcels', 'overdue_shipments | as_of_now | carrier in DHL/Correos'],
  ['delivery time per shipment', 'avg_delivery_days | all_time'],
  ['revenue per us city', 'revenue by city | all_time | country=US | -revenue'],
  [
    'orders by status: packed and shipped',
    'orders_in_status by order_status | as_of_now | order_status in packed/shipped | -orders_in_status',
  ],
  ['revenue past 90 days against the previous 90', 'revenue | 2026-02-19..2026-05-20 | vs 2025-11-21..2026-02-19'],
  ['orders past 7 days vs the 7 before', 'orders_count | 2026-05-13..2026-05-20 | vs 2026-05-06..2026-05-13'],
  ['revenue last month vs the 30 days before', 'revenue | 2026-04-01..2026-05-01 | vs 2026-03-02..2026-04-01'],
  ['how many orders since midnight', 'orders_count | 2026-05-20..2026-05-20T09:30'],
  ['sales since this morning', 'revenue | 2026-05-20..2026-05-20T09:30'],
  ["last week's product ranking, best first, ten of them", 'revenue by product | 2026-05-11..2026-05-18 | -revenue 10'],
  [
    'best selling brands this year, three of them',
    'units_sold by brand | 2026-01-01..2026-05-20T09:30 | -units_sold 3',
  ],
  ['ten products by revenue last month', 'revenue by product | 2026-04-01..2026-05-01 | -revenue 10'],
  ['revenue by month this year, highest first', 'revenue by month | 2026-01-01..2026-05-20T09:30 | -revenue'],
  ['revenue by day last week, newest first', 'revenue by day | 2026-05-11..2026-05-18 | -day'],
  ['orders in status packed, oldest first', 'placed_at by order | all_time | order_status=packed | +placed_at 50'],
  ['peak order hour last month', 'orders_count by hour_of_day | 2026-04-01..2026-05-01 | -orders_count 1'],
  ['top customer cities by revenue', 'revenue by city | all_time | -revenue 10'],
  ['how many registered customers have never ordered', 'customers_total | all_time | has_sale_order=false'],
  [
    'how many customers signed up this year but never ordered',
    'new_customers | 2026-01-01..2026-05-20T09:30 | has_sale_order=false',
  ],
  [
    'accounts that never placed an order',
    'orders_count by customer | all_time | having orders_count = 0 | +customer 50',
  ],
  [
    'how much discount went out per coupon code this year',
    'discount_amount by coupon | 2026-01-01..2026-05-20T09:30 | -discount_amount',
  ],
  ['discounts given through coupons last month', 'discount_amount | 2026-04-01..2026-05-01 | has_coupon=true'],
  [
    'brands with more than $20,000 revenue this year',
    'revenue by brand | 2026-01-01..2026-05-20T09:30 | having revenue > 20000 | -revenue',
  ],
  ['customers with over $5,000 in revenue', 'revenue by customer | all_time | having revenue > 5000 | -revenue 50'],
  ['brands with $2,000 or more in sales', 'revenue by brand | all_time | having revenue >= 2000 | -revenue'],
  [
    'brands with more than $100 refunded',
    'refund_amount by brand | all_time | having refund_amount > 100 | -refund_amount',
  ],
  [
    'customers with five orders or more',
    'orders_count by customer | all_time | having orders_count >= 5 | -orders_count 50',
  ],
];

/** What cannot be all that is said. */
const ASKED_BACK = [
  'refund rate in dollars last month',
  'cancelled orders in dollars',
  'revenue in hours',
  'late deliveries in days by carrier',
  'orders by value last month',
  'latest orders by channel',
  'latest order of each customer',
  'refund rate by brand sorted by orders',
  'revenue by category ranked by units sold',
  'worst selling products, highest first',
  'revenue past 30 days against the previous 60',
  'revenue last 2 weeks vs the week before',
  'revenue this quarter vs the week before',
  'categories with more than 5 % of revenue',
  'carriers with a late rate above 10',
  'orders packed and shipped yesterday',
  'revenue per vip customer',
  'revenue by order last month',
  'shipping cost for each shipment',
  'margin per order',
  'guest orders last month',
  'orders this morning',
];

suite('words that had no effect', () => {
  for (const [question, plan] of READ) {
    test(question, () => assert.equal(summarise(planned(question)), plan));
  }

  for (const question of ASKED_BACK) {
    test(`${question} is asked back`, () => assert.throws(() => planned(question), AskBack));
  }
});

suite('words of a follow-up', () => {
  const follow = (question: string, next: string) =>
    summarise(planFor(next, CATALOGUE, { clock: CLOCK, previous: planned(question) }).plan);

  test('a number of them and a unit change the plan before', () => {
    const before = 'units sold by product last month';
    assert.equal(follow(before, 'ten of them'), 'units_sold by product | 2026-04-01..2026-05-01 | -units_sold 10');
    assert.equal(follow(before, 'in dollars'), 'revenue by product | 2026-04-01..2026-05-01 | -revenue');
    assert.throws(() => follow(before, 'in hours'), AskBack);
  });

  test('names beside a split are kept', () =>
    assert.equal(
      follow('revenue last month', 'per category (Garden, Bikes)'),
      'revenue by category | 2026-04-01..2026-05-01 | category in Garden/Bikes | -revenue',
    ));
});
