import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planFor } from '../../../../../lib/query/ask.ts';
import { AskBack } from '../../../../../lib/query/planner/draft.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { summarise } from '../../../../fixtures/ask/summary.ts';

const planned = (question: string) => planFor(question, CATALOGUE, { clock: CLOCK });

/** Single orders and members, what they are bounded and ordered by, and whose they are. */
const READ: readonly (readonly [question: string, plan: string])[] = [
  [
    'list cancelled orders from last week',
    'order_value by order | 2026-05-11..2026-05-18 | order_status=cancelled | -order_value 50',
  ],
  [
    'list all orders from Lisbon last week',
    'order_value by order | 2026-05-11..2026-05-18 | city=Lisbon | -order_value 50',
  ],
  ['oldest open orders', 'placed_at by order | all_time | open_order=true | +placed_at 10'],
  ['5 oldest unshipped orders', 'placed_at by order | all_time | placed_not_shipped=true | +placed_at 5'],
  ['latest unshipped order', 'placed_at by order | all_time | placed_not_shipped=true | -placed_at 1'],
  [
    'list late DHL parcels in April',
    'avg_days_late,late_deliveries by shipment | 2026-04-01..2026-05-01 | carrier=DHL | -avg_days_late 50',
  ],
  ['list the coupons used this month', 'coupon_orders by coupon | 2026-05-01..2026-05-20T09:30 | -coupon_orders'],
  [
    'orders with more than 5 items last month',
    'units_sold by order | 2026-04-01..2026-05-01 | having units_sold > 5 | -units_sold 50',
  ],
  [
    'customers who bought more than 5 items last month',
    'units_sold by customer | 2026-04-01..2026-05-01 | having units_sold > 5 | -units_sold 50',
  ],
  [
    'customers who returned more than 2 items this year',
    'refund_count by customer | 2026-01-01..2026-05-20T09:30 | having refund_count > 2 | -refund_count 50',
  ],
  [
    'customers with more than 5 Garden orders this year',
    'orders_count by customer | 2026-01-01..2026-05-20T09:30 | category=Garden | having orders_count > 5 | -orders_count 50',
  ],
  [
    'orders with a fraud score between 50 and 80 this week',
    'fraud_score by order | 2026-05-18..2026-05-20T09:30 | fraud_score >= 50 | fraud_score <= 80 | -fraud_score 50',
  ],
  [
    'customers who spent between 1000 and 2000 this year',
    'revenue by customer | 2026-01-01..2026-05-20T09:30 | having revenue >= 1000 | having revenue <= 2000 | -revenue 50',
  ],
  [
    'orders over 2000 last month',
    'order_value by order | 2026-04-01..2026-05-01 | order_value > 2000 | -order_value 50',
  ],
  [
    'cities with more than 100 orders and less than 10 cancellations this year',
    'orders_count,cancelled_orders by city | 2026-01-01..2026-05-20T09:30 | having orders_count > 100 | having cancelled_orders < 10 | -orders_count',
  ],
  [
    'how many customers have not ordered in 90 days',
    'last_order_at by customer | as_of_now | last_order_before < 2026-02-19 | count',
  ],
  ['coupons by number of uses this quarter', 'coupon_orders by coupon | 2026-04-01..2026-05-20T09:30 | -coupon_orders'],
  ['customers by revenue last month', 'revenue by customer | 2026-04-01..2026-05-01 | -revenue'],
  [
    'units of each Garden product sold last week',
    'units_sold by product | 2026-05-11..2026-05-18 | category=Garden | -units_sold',
  ],
  ['stock of Halden products by warehouse', 'on_hand by warehouse | as_of_now | brand=Halden | -on_hand'],
  ['top 10 products by inventory value', 'inventory_value by product | as_of_now | -inventory_value 10'],
  [
    'stock of our top 5 products',
    'on_hand by product | as_of_now | top 5 product by revenue 2026-04-22..2026-05-20 | +on_hand',
  ],
  ['warehouses with less than 500 units', 'on_hand by warehouse | as_of_now | having on_hand < 500 | +on_hand'],
  ['how many parcels arrived on time last week', 'deliveries_count | 2026-05-11..2026-05-18 | late=false'],
  [
    'parcels delivered on time last week by carrier',
    'on_time_rate by carrier | 2026-05-11..2026-05-18 | -on_time_rate',
  ],
  ['how many times was SPRING15 used in April', 'coupon_orders | 2026-04-01..2026-05-01 | coupon=SPRING15'],
  ['which return reason is the most frequent', 'refund_count by refund_reason | all_time | -refund_count 1'],
  [
    'share of refunds by reason last quarter',
    'refund_count by refund_reason | 2026-01-01..2026-04-01 | share_of_total | -share',
  ],
  [
    'cheapest carrier per order this year',
    'avg_shipping_cost by carrier | 2026-01-01..2026-05-20T09:30 | +avg_shipping_cost 1',
  ],
  ['all orders last week, cancelled ones included', 'all_orders_count | 2026-05-11..2026-05-18'],
  ['orders last week, cancelled ones included', 'all_orders_count | 2026-05-11..2026-05-18'],
  ['which category ties up the most money in stock', 'inventory_value by category | as_of_now | -inventory_value 1'],
  [
    'carrier performance: on-time rate this quarter by carrier',
    'on_time_rate by carrier | 2026-04-01..2026-05-20T09:30 | -on_time_rate',
  ],
  [
    'orders which stay in paid since more than 3 days',
    'status_age_hours by order | as_of_now | order_status=paid | status_age_hours > 72 | -status_age_hours 50',
  ],
  ['what did we refund in March', 'refund_amount | 2026-03-01..2026-04-01'],
  ['late rate by carrier last month, worst first', 'late_rate by carrier | 2026-04-01..2026-05-01 | -late_rate'],
  ['revenue by city last month, lowest first', 'revenue by city | 2026-04-01..2026-05-01 | +revenue'],
  ['parcels by city last month, top 5', 'shipments_count by city | 2026-04-01..2026-05-01 | -shipments_count 5'],
  [
    'items with cover below 10 days in Garden',
    'days_of_cover by product | as_of_now | category=Garden | having days_of_cover < 10 | +days_of_cover 50',
  ],
  ['total value of our Garden stock', 'inventory_value | as_of_now | category=Garden'],
  [
    'refund rate of our top 5 products last month',
    'refund_rate by product | 2026-04-01..2026-05-01 | top 5 product by revenue 2026-04-01..2026-05-01 | -refund_rate',
  ],
  ['refunds to vip customers last month in dollars', 'refund_amount | 2026-04-01..2026-05-01 | segment=vip'],
  ['how many orders are waiting to be packed', 'orders_in_status | as_of_now | order_status=processing'],
  ['late deliveries of vip customers last quarter', 'late_deliveries | 2026-01-01..2026-04-01 | segment=vip'],
  ['refund rate of vip customers last quarter', 'refund_rate | 2026-01-01..2026-04-01 | segment=vip'],
  [
    'payment failures of business customers this month',
    'payment_failures | 2026-05-01..2026-05-20T09:30 | segment=business',
  ],
  ['number of vip customers', 'customers_count | all_time | segment=vip'],
  [
    'revenue excluding mobile and Portugal last month',
    'revenue | 2026-04-01..2026-05-01 | channel != mobile | country != PT',
  ],
];

const ASKED_BACK = [
  'orders placed between 9 and 12 yesterday',
  'how many different products do we stock',
  'orders with both Garden and Bikes last month',
  'orders from the top 3 cities last month by channel',
  'revenue with and without coupons last month',
  'on which day of the month do we sell most',
  'orders flagged as fraud but paid',
  'orders not packed yet',
];

suite('lists, bounds and whose figures are asked', () => {
  test('become the rows they ask for', () => {
    for (const [question, expected] of READ) {
      assert.deepEqual([question, summarise(planned(question).plan)], [question, expected]);
    }
  });

  test('are asked back about where they would be another answer', () => {
    for (const question of ASKED_BACK) assert.throws(() => planned(question), AskBack, question);
  });
});
