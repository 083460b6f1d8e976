import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { buildLexicon } from '../../../../../lib/query/language/lexicon.ts';
import { plan } from '../../../../../lib/query/planner/planner.ts';
import { compile } from '../../../../../lib/query/sql/compile.ts';
import { inline } from '../../../../../lib/query/sql/fragment.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';

const lexicon = buildLexicon(CATALOGUE);
const compiled = (question: string, rows = 10) =>
  compile(plan(question, lexicon, CLOCK).plan, { now: CLOCK.now, zone: CLOCK.zone, minorFactor: 100 }, rows);
const sqlOf = (question: string, rows = 10) => inline(compiled(question, rows).statement);

suite('plan to SQL', () => {
  test('a single number', () => {
    assert.equal(
      sqlOf('how many orders yesterday', 1),
      'SELECT `orders_count`, COUNT(*) OVER () AS total_rows FROM (SELECT COALESCE(g.m_orders_count, 0) AS `orders_count` ' +
        'FROM (SELECT COUNT(*) AS m_orders_count FROM orders o ' +
        "WHERE o.reporting_status NOT IN ('pending_payment', 'payment_failed', 'cancelled') " +
        "AND o.placed_at >= '2026-05-18 22:00:00.000' AND o.placed_at < '2026-05-19 22:00:00.000') g) f LIMIT 2",
    );
  });

  test('the newest orders are taken from the index on their time, with the ties of the last', () => {
    const sql = sqlOf('10 most recent orders');
    assert.match(sql, /, \(SELECT COUNT\(\*\) AS v FROM orders o\) AS total_rows FROM/);
    assert.match(
      sql,
      /o\.placed_at IN \(SELECT v FROM \(SELECT o\.placed_at AS v FROM orders o ORDER BY v DESC LIMIT 11\) latest\)/,
    );
  });

  test('a filter on the newest orders narrows those counted and those taken alike', () => {
    const filters = sqlOf('10 most recent web orders').match(/o\.channel = 'web'/g);
    assert.equal(filters?.length, 3);
  });

  test('an order has its time beside what it is listed by, once', () => {
    const names = (question: string) => compiled(question).columns.map(({ name }) => name);
    assert.deepEqual(names('10 most recent orders'), ['order', 'placed_at', 'order_status']);
    assert.deepEqual(names('10 largest orders'), ['order', 'order_value', 'order_status', 'order_placed_at']);
  });

  test('orders are counted once each where they are split by product', () => {
    assert.match(sqlOf('orders by product last week'), /COUNT\(DISTINCT o\.order_seq\)/);
  });

  test('a ranking by product joins the names after grouping', () => {
    assert.equal(
      sqlOf('top 3 products last week', 3),
      'SELECT `product`, `revenue`, COUNT(*) OVER () AS total_rows FROM (SELECT l0.name AS `product`, ' +
        'COALESCE(g.m_revenue, 0) AS `revenue`, g.d0 AS d0 FROM (SELECT i.product_id AS d0, ' +
        'SUM(i.quantity * i.unit_minor - i.discount_minor) AS m_revenue ' +
        'FROM orders o STRAIGHT_JOIN order_items i ON i.order_seq = o.order_seq ' +
        "WHERE o.reporting_status NOT IN ('pending_payment', 'payment_failed', 'cancelled') " +
        "AND o.placed_at >= '2026-05-10 22:00:00.000' AND o.placed_at < '2026-05-17 22:00:00.000' " +
        'AND i.product_id IS NOT NULL GROUP BY d0) g JOIN products l0 ON l0.product_id = g.d0) f ' +
        'ORDER BY `revenue` IS NULL, `revenue` DESC, `product` LIMIT 4',
    );
  });

  test('an average per day divides by the days of the window, not by those with orders', () => {
    const { columns } = compiled('orders per day on average last month');
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['orders_count', 'average_per_day'],
    );
    assert.match(
      sqlOf('orders per day on average last month'),
      /1\.000000 \* \(COALESCE\(g\.m_orders_count, 0\)\) \/ 30 AS/,
    );
  });

  test('without a beginning it divides by the days that have any', () => {
    assert.match(sqlOf('orders per day on average'), /\/ NULLIF\(g\.stretches, 0\) AS `average_per_day`/);
  });

  test('members that pass a condition are counted in one row', () => {
    const { columns } = compiled('how many customers placed more than 3 orders');
    assert.deepEqual(columns, [{ name: 'customers_count', kind: 'metric', unit: 'count' }]);
    assert.match(
      sqlOf('how many customers placed more than 3 orders'),
      /^SELECT COUNT\(\*\) AS `customers_count`.* WHERE `orders_count` > 3$/s,
    );
  });

  test('since when an order is in its status is a condition on its rows', () => {
    assert.match(
      sqlOf('how many orders are in status packed since monday'),
      /o\.reporting_status = 'packed' AND o\.status_since >= '2026-05-17 22:00:00\.000'/,
    );
  });

  test('metrics of different grains are gathered by UNION ALL, each grouped by itself', () => {
    const sql = sqlOf('net revenue by brand last month');
    assert.match(sql, /UNION ALL/);
    assert.match(sql, /r\.created_at >= '2026-03-31 22:00/);
    assert.match(sql, /o\.placed_at >= '2026-03-31 22:00/);
    assert.equal(sql.match(/GROUP BY d0/g)?.length, 3);
  });

  test('metrics over the same rows share one sub-query', () => {
    assert.doesNotMatch(sqlOf('gross revenue and revenue by brand last month'), /UNION/);
  });

  test('amounts are those of whole orders where nothing is asked of lines, and of lines where anything is', () => {
    assert.match(
      sqlOf('revenue by channel last month'),
      /SUM\(o\.subtotal_minor - o\.discount_minor\) AS m_revenue FROM orders o WHERE/,
    );
    for (const question of [
      'revenue by brand last month',
      'gross margin by channel last month',
      'revenue from Garden',
    ]) {
      assert.doesNotMatch(sqlOf(question), /subtotal_minor/, question);
    }
  });

  test('a rate counts its part of the rows in the pass that counts them all', () => {
    const sql = sqlOf('on time rate by carrier last month');
    assert.match(
      sql,
      /COUNT\(\*\) AS m_deliveries_count, COUNT\(CASE WHEN s\.delivered_at > s\.promised_at THEN 1 END\) AS/,
    );
    assert.doesNotMatch(sql, /UNION/);
    assert.match(
      sqlOf('share of orders with a coupon by channel last month'),
      /COUNT\(CASE WHEN o\.coupon_code IS NOT NULL THEN o\.order_seq END\) AS m_coupon_orders/,
    );
  });

  test('lines are summed by product before its category is looked up', () => {
    assert.match(
      sqlOf('gross margin by category last month'),
      /SELECT pr\.category AS d0, .*SUM\(x\.m_cost_of_goods \* pr\.cost_minor\) AS m_cost_of_goods FROM \(SELECT i\.product_id, .* GROUP BY i\.product_id\) x JOIN products pr/,
    );
  });

  test('all sales there ever were are all lines less those of orders that are none', () => {
    const sql = sqlOf('products never sold');
    assert.match(
      sql,
      /SUM\(i\.quantity\) AS m_units_sold, COUNT\(\*\) AS line_count FROM order_items i GROUP BY i\.product_id UNION ALL/,
    );
    assert.match(sql, /-SUM\(i\.quantity\) AS m_units_sold, .* WHERE o\.reporting_status IN \('pending_payment'/);
    for (const question of [
      'units sold by product on mobile',
      'units sold by product this year',
      'units sold by brand and city',
    ]) {
      assert.doesNotMatch(sqlOf(question), /line_count/, question);
    }
  });

  test('values of the question are parameters, never text', () => {
    const { statement } = compiled('units sold of Copper Kettle in Lisbon');
    assert.deepEqual(statement.params.toSorted(), ['Copper Kettle', 'Lisbon']);
    assert.doesNotMatch(statement.text, /Kettle|Lisbon/);
  });

  test('local days across a change of the clocks take the offset of each side', () => {
    const { statement } = compiled('orders per day since 1 march');
    assert.match(
      statement.text,
      /INTERVAL CASE WHEN o\.placed_at >= '2026-03-29 01:00:00\.000' THEN 120 ELSE 60 END MINUTE/,
    );
  });

  test('orders narrowed by a product keep their own grain', () => {
    assert.match(sqlOf('aov for Garden last month'), /EXISTS \(SELECT 1 FROM order_items x JOIN products y/);
  });

  test('amounts in conditions are compared in minor units', () => {
    assert.match(sqlOf('orders over $500 last week'), /> 50000/);
    assert.match(sqlOf('categories with revenue above 1000 last month'), /`revenue` > 100000/);
  });

  test('only constructs that both servers know', () => {
    for (const question of [
      'median order value by segment',
      'top 2 products in each category',
      'retention rate last month',
      'share of revenue by brand',
    ]) {
      assert.doesNotMatch(sqlOf(question), /LATERAL|->>|GROUPING\(|CONVERT_TZ|FULL OUTER|QUALIFY/);
    }
  });

  test('quotes and backslashes in an inlined value cannot end it', () => {
    assert.equal(inline({ text: 'x = ?', params: ["a\\'b"] }), "x = 'a\\\\''b'");
  });
});
