import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planFor } from '../../../../../lib/query/ask.ts';
import type { Plan } from '../../../../../lib/query/plan.ts';
import { AskBack } from '../../../../../lib/query/planner/draft.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { summarise } from '../../../../fixtures/ask/summary.ts';

const planned = (question: string, previous?: Plan) =>
  planFor(question, CATALOGUE, { clock: CLOCK, ...(previous && { previous }) });

/** Ways of speaking of which one word changes what is asked. */
const READ: readonly (readonly [question: string, plan: string])[] = [
  ['10 most recent cancelled orders', 'placed_at by order | all_time | order_status=cancelled | -placed_at 10'],
  ['recent flagged orders', 'placed_at by order | all_time | fraud_flag=true | -placed_at 10'],
  ['10 most recent orders over $100', 'placed_at by order | all_time | order_value > 100 | -placed_at 10'],
  [
    'biggest cancelled orders last month',
    'order_value by order | 2026-04-01..2026-05-01 | order_status=cancelled | -order_value 10',
  ],
  ['last 3 delivered orders', 'placed_at by order | all_time | order_status=delivered | -placed_at 3'],
  [
    'orders worth more than 200 that have not shipped',
    'placed_at by order | all_time | placed_not_shipped=true | order_value > 200 | +placed_at 50',
  ],
  [
    'how many orders over $100 are in processing',
    'orders_in_status | as_of_now | order_status=processing | order_value > 100',
  ],
  [
    'payment failure rate in % by method last month',
    'payment_failure_rate by payment_method | 2026-04-01..2026-05-01 | -payment_failure_rate',
  ],
  ['how come payments fail', 'payment_failures by failure_code | all_time | -payment_failures'],
  ['what makes people send things back', 'refund_count by refund_reason | all_time | -refund_count'],
  ['the priciest orders last month', 'order_value by order | 2026-04-01..2026-05-01 | -order_value 10'],
  ['dearest order of last week', 'order_value by order | 2026-05-11..2026-05-18 | -order_value 1'],
  ['orders not using a coupon last month', 'orders_count | 2026-04-01..2026-05-01 | has_coupon=false'],
  ['how punctual is DHL', 'on_time_rate | all_time | carrier=DHL'],
  ['how busy were we yesterday', 'orders_count | 2026-05-19..2026-05-20'],
  ['how many new customers joined us in April', 'new_customers | 2026-04-01..2026-05-01'],
  [
    'which products gained the most last month',
    'revenue by product | 2026-04-01..2026-05-01 | vs 2026-03-01..2026-04-01 | -delta 10',
  ],
  ['failed payments by code', 'payment_failures by failure_code | all_time | -payment_failures'],
  ['how many orders reached customers last week', 'deliveries_count | 2026-05-11..2026-05-18'],
  ['average orders per day last month', 'orders_count | 2026-04-01..2026-05-01 | per day'],
  [
    'biggest drop in orders by city last month',
    'orders_count by city | 2026-04-01..2026-05-01 | vs 2026-03-01..2026-04-01 | +delta 1',
  ],
  [
    'which payment method is least reliable',
    'payment_failure_rate by payment_method | all_time | -payment_failure_rate 1',
  ],
  [
    'do returning customers spend more than new ones',
    'revenue by customer_type | all_time | customer_type in returning/new | -revenue',
  ],
  ['how did Lisbon fare last month', 'revenue,orders_count | 2026-04-01..2026-05-01 | city=Lisbon'],
  ['how late is PostNord usually', 'avg_days_late | all_time | carrier=PostNord'],
  ['slowest moving products', 'units_sold by product | all_time | +units_sold 10'],
  ['sign ups week by week', 'new_customers by week | all_time | +week'],
  [
    'how many parcels did we send with Correos last month',
    'shipments_count | 2026-04-01..2026-05-01 | carrier=Correos',
  ],
  ['how long do customers in Oslo wait for their parcels', 'avg_delivery_days | all_time | city=Oslo'],
];

/** What sounds like a question of the vocabulary and is none, or could be two. */
const ASKED_BACK = [
  'how come revenue fell last month',
  'which carrier lets us down most often',
  'parcels that should be here by now',
  'biggest movers last month',
  'the dearest product',
  'customers who have not ordered in 90 days and spent over $500',
  'how many parcels are late right now',
  'are we doing better than last year',
  'are sales better than last month',
  'customers who bought Garden but not Lighting',
  'slowest hour yesterday',
  'discount rate by category',
  'average orders per weekday',
  'number of items per order',
  'how many customers returned something last month',
  'what was our first order this year',
  'how many orders have been stuck in packed since yesterday',
  'low stock products with fewer than 5 units',
  'recent refunded orders',
  'recent shipped orders',
  'orders between 9 and 11 am yesterday',
];

suite('plain speech', () => {
  for (const [question, plan] of READ) {
    test(question, () => assert.equal(summarise(planned(question).plan), plan));
  }

  for (const question of ASKED_BACK) {
    test(`${question} is asked back`, () => assert.throws(() => planned(question), AskBack));
  }
});
