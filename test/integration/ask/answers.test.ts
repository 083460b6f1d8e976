import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type Connection, connect, type RowDataPacket } from '../../../lib/database/connect.ts';
import { grantReader } from '../../../lib/database/grants.ts';
import { type Answered, ask } from '../../../lib/query/ask.ts';
import { QueryTimeout, Reader } from '../../../lib/query/execute.ts';
import { QUESTIONS } from '../../fixtures/ask/questions.ts';
import { FIXTURE_NOW, loadAskFixture } from '../../helpers/ask-fixture.ts';
import { startTestDatabase, type TestDatabase } from '../../helpers/database.ts';

const CLOCK = { now: FIXTURE_NOW, zone: 'Europe/Berlin' };
const SALE = "o.reporting_status NOT IN ('pending_payment', 'payment_failed', 'cancelled')";
const LINES = 'order_items i JOIN orders o USING (order_seq) JOIN products p USING (product_id)';
/** Berlin is two hours ahead in May: last week began on Sunday at 22:00 UTC. */
const LAST_WEEK = "o.placed_at >= '2026-05-10 22:00' AND o.placed_at < '2026-05-17 22:00'";
const LAST_MONTH = "BETWEEN '2026-03-31 22:00' AND '2026-04-30 21:59:59.999'";

let database: TestDatabase;
let admin: Connection;
let reader: Reader;

before(async () => {
  database = await startTestDatabase();
  await loadAskFixture(database.url);
  await grantReader(database.url, 'oms_ask');
  admin = await connect(database.url);
  reader = await Reader.open(database.askUrl);
});
after(async () => {
  await reader?.close();
  await admin?.end();
});

async function answerTo(question: string): Promise<Answered> {
  const outcome = await ask(question, reader, { clock: CLOCK });
  assert.ok(outcome.status === 'answer', `${question}: ${'message' in outcome ? outcome.message : ''}`);
  return outcome;
}

async function rowsOf(sql: string): Promise<(string | number)[][]> {
  const [rows] = await admin.query<RowDataPacket[]>(sql);
  return rows.map((row) =>
    Object.values(row).map((value) => (Number.isNaN(Number(value)) ? String(value) : Number(value))),
  );
}

/** Hand-written SQL for the same question; amounts in euros. */
const EQUAL: Record<string, string> = {
  'top products last week': `SELECT p.name, SUM(i.quantity * i.unit_minor - i.discount_minor) / 100 r FROM ${LINES} WHERE ${SALE} AND ${LAST_WEEK} GROUP BY p.product_id, p.name ORDER BY r DESC, p.name LIMIT 10`,
  'how many orders last week': `SELECT COUNT(*) FROM orders o WHERE ${SALE} AND ${LAST_WEEK}`,
  'revenue by category last month': `SELECT p.category, SUM(i.quantity * i.unit_minor) / 100 r FROM ${LINES} WHERE ${SALE} AND o.placed_at ${LAST_MONTH} GROUP BY p.category ORDER BY r DESC`,
  'orders per day last week': `SELECT DATE_FORMAT(o.placed_at + INTERVAL 2 HOUR, '%Y-%m-%d') d, COUNT(*) FROM orders o WHERE ${SALE} AND ${LAST_WEEK} GROUP BY d ORDER BY d`,
  'orders per month': `SELECT DATE_FORMAT(o.placed_at + INTERVAL IF(o.placed_at < '2026-03-29 01:00', 1, 2) HOUR, '%Y-%m') m, COUNT(*) FROM orders o WHERE ${SALE} GROUP BY m ORDER BY m`,
  'average order value by channel': `SELECT o.channel, SUM(o.subtotal_minor) / 100 / COUNT(*) a FROM orders o WHERE ${SALE} GROUP BY o.channel ORDER BY a DESC`,
  'units sold of Copper Kettle in Lisbon': `SELECT SUM(i.quantity) FROM ${LINES} WHERE ${SALE} AND p.name = 'Copper Kettle' AND o.ship_city = 'Lisbon'`,
  'net revenue last month': `SELECT ((SELECT SUM(i.quantity * i.unit_minor) FROM ${LINES} WHERE ${SALE} AND o.placed_at ${LAST_MONTH}) - (SELECT SUM(amount_minor) FROM refunds WHERE status = 'completed' AND created_at ${LAST_MONTH})) / 100`,
  'refund rate by brand': `SELECT p.brand, COUNT(DISTINCT IF(r.order_seq IS NULL, NULL, o.order_seq)) / COUNT(DISTINCT o.order_seq) v FROM ${LINES} LEFT JOIN refunds r ON r.order_seq = i.order_seq AND r.line_no = i.line_no AND r.status = 'completed' WHERE ${SALE} GROUP BY p.brand ORDER BY v DESC`,
  'payment failure rate by method': `SELECT method, SUM(status = 'failed') / COUNT(*) v FROM payments GROUP BY method ORDER BY v DESC`,
  'late deliveries by carrier':
    'SELECT carrier, COUNT(*) n FROM shipments WHERE delivered_at > promised_at GROUP BY carrier ORDER BY n DESC',
  'orders by status':
    'SELECT reporting_status, COUNT(*) n FROM orders GROUP BY reporting_status ORDER BY n DESC, reporting_status',
  'repeat purchase rate': `SELECT SUM(n > 1) / COUNT(*) FROM (SELECT COUNT(*) n FROM orders o WHERE ${SALE} GROUP BY customer_ref) c`,
  'products never sold': `SELECT p.name, 0 AS n FROM products p WHERE NOT EXISTS (SELECT 1 FROM order_items i JOIN orders o USING (order_seq) WHERE i.product_id = p.product_id AND ${SALE}) ORDER BY p.name`,
  'inventory value by category':
    'SELECT p.category, SUM(s.on_hand * p.cost_minor) / 100 v FROM stock s JOIN products p USING (product_id) GROUP BY p.category ORDER BY v DESC',
  'how many orders over 500 euros last month': `SELECT COUNT(*) FROM orders o WHERE ${SALE} AND o.placed_at ${LAST_MONTH} AND o.subtotal_minor > 50000`,
  'how many orders per day on average last month': `SELECT COUNT(*), COUNT(*) / 30 FROM orders o WHERE ${SALE} AND o.placed_at ${LAST_MONTH}`,
  'how many customers placed more than 1 order': `SELECT COUNT(*) FROM (SELECT customer_ref FROM orders o WHERE ${SALE} GROUP BY customer_ref HAVING COUNT(*) > 1) c`,
  'share of orders by country': `SELECT o.ship_country, COUNT(*), COUNT(*) / SUM(COUNT(*)) OVER () v FROM orders o WHERE ${SALE} GROUP BY o.ship_country ORDER BY v DESC`,
  'revenue by customer type': `SELECT IF(EXISTS (SELECT 1 FROM orders e WHERE e.customer_ref = o.customer_ref AND e.placed_at < o.placed_at AND e.reporting_status NOT IN ('pending_payment', 'payment_failed', 'cancelled')), 'returning', 'new') t, SUM(o.subtotal_minor) / 100 v FROM orders o WHERE ${SALE} GROUP BY t ORDER BY v DESC`,
};

suite('answers equal hand-written SQL', () => {
  for (const [question, sql] of Object.entries(EQUAL)) {
    test(question, async () => {
      const { rows } = await answerTo(question);
      const expected = await rowsOf(sql);
      assert.equal(rows.length, expected.length);
      expected.forEach((row, at) => {
        row.forEach((value, column) => {
          const actual = rows[at]![column]!;
          if (typeof value === 'number')
            assert.ok(Math.abs(Number(actual) - value) < 0.006, `${actual} is not ${value}`);
          else assert.equal(actual, value);
        });
      });
    });
  }

  test('the median of the orders', async () => {
    const values = (await rowsOf(`SELECT o.subtotal_minor FROM orders o WHERE ${SALE} ORDER BY 1`)).map(([value]) =>
      Number(value),
    );
    const middle = (values[Math.floor((values.length - 1) / 2)]! + values[Math.floor(values.length / 2)]!) / 200;
    assert.equal((await answerTo('median order value')).rows[0]![0], middle);
  });

  test('a running total ends at the sum, a top per group has no more than asked', async () => {
    const running = await answerTo('running total of orders by day last month');
    const total = running.rows.reduce((sum, row) => sum + Number(row[1]), 0);
    assert.equal(running.rows.at(-1)![2], total);
    const { rows } = await answerTo('top 2 products in each category');
    const perCategory = Map.groupBy(rows, (row) => row[0]);
    assert.ok([...perCategory.values()].every((group) => group.length <= 2));
  });

  test('changes against the month before', async () => {
    const { rows } = await answerTo('revenue by brand last month vs the month before');
    for (const [, current, previous, delta, share] of rows as [string, number, number, number, number][]) {
      assert.ok(Math.abs(current - previous - delta) < 0.01);
      assert.ok(Math.abs(delta / previous - share) < 1e-6);
    }
  });
});

suite('periods laid over each other', () => {
  test('each day stands beside its counterpart', async () => {
    const { rows } = await answerTo('daily orders last week compared to the week before');
    const before = await answerTo('orders per day the week before last');
    const counts = new Map(before.rows.map(([day, count]) => [Date.parse(String(day)), count]));
    for (const [day, , previous] of rows) {
      assert.equal(previous, counts.get(Date.parse(String(day)) - 7 * 86_400_000) ?? 0);
    }
  });
});

suite('how questions are run', () => {
  test('every question of the fixtures runs on this server', async () => {
    for (const [question] of QUESTIONS) {
      const outcome = await ask(question, reader, { clock: CLOCK });
      assert.notEqual(outcome.status, 'out_of_scope', question);
    }
  });

  test('the same question gives the same answer', async () => {
    assert.deepEqual(await answerTo('top customers last month'), await answerTo('top customers last month'));
  });

  test('rows are cut at the limit and counted beyond it', async () => {
    const outcome = await ask('revenue by customer', reader, { clock: CLOCK, limit: 3 });
    assert.ok(outcome.status === 'answer');
    assert.equal(outcome.rows.length, 3);
    assert.ok(outcome.total > 50);
  });

  test('a question that is refused, or vague whatever the names are, reaches no server', async () => {
    const deaf = { catalogue: () => assert.fail('asked the server'), rows: () => assert.fail('asked the server') };
    for (const question of [
      'delete all orders',
      'e-mails of customers',
      'drop table orders',
      'the weather',
      'show me the numbers',
      'top',
      'revenue per unit',
    ]) {
      assert.notEqual((await ask(question, deaf as unknown as Reader, { clock: CLOCK })).status, 'answer');
    }
  });

  test('the account reads orders, and neither dead letters nor the machinery', async () => {
    const run = (text: string) => reader.rows({ text, params: [] });
    assert.equal((await run('SELECT COUNT(*) FROM orders'))[0]![0], 500);
    for (const table of ['dead_letters', 'outbox', 'partition_owners', 'schema_migrations']) {
      await assert.rejects(run(`SELECT 1 FROM ${table}`), { code: 'ER_TABLEACCESS_DENIED_ERROR' });
    }
    await assert.rejects(run('DELETE FROM orders'));
  });

  test('a statement that runs too long is stopped', async () => {
    const hasty = await Reader.open(database.askUrl, { timeoutMs: 100 });
    const crossed =
      'SELECT COUNT(*) FROM orders a, orders b, orders c WHERE a.total_minor + b.total_minor > c.total_minor';
    await assert.rejects(hasty.rows({ text: crossed, params: [] }), QueryTimeout);
    await hasty.close();
  });
});
