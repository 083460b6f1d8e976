import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CheckedSql, guardSql, RefusedSql } from '../../../../../lib/query/guard/index.ts';
import { buildLexicon } from '../../../../../lib/query/language/lexicon.ts';
import { plan } from '../../../../../lib/query/planner/planner.ts';
import { compile } from '../../../../../lib/query/sql/compile.ts';
import { inline } from '../../../../../lib/query/sql/fragment.ts';
import { CATALOGUE, CLOCK } from '../../../../fixtures/ask/catalogue.ts';
import { QUESTIONS } from '../../../../fixtures/ask/questions.ts';

const written = async (sql: string, maxRows = 10) => (await guardSql(sql, { maxRows })).sql;
const refused = (sql: string, refusal: RefusedSql['class']) =>
  assert.rejects(guardSql(sql), (error: Error) => {
    assert.ok(error instanceof RefusedSql, `${sql}: ${error.stack}`);
    assert.equal(error.class, refusal, `${sql}: ${error.message}`);
    return true;
  });

suite('what is written', () => {
  test('every name in backticks, every string quoted anew, a limit at the end', async () => {
    assert.equal(
      await written("select o.channel c, count(*) from orders o where ship_city = 'O\\'Fallon\\\\' group by c;"),
      "SELECT `o`.`channel` AS `c`, COUNT(*) FROM `orders` AS `o` WHERE `ship_city` = 'O''Fallon\\\\' GROUP BY `c` LIMIT 11",
    );
  });

  test('a smaller limit stays, a larger one is cut, an inner one is kept', async () => {
    assert.match(await written('SELECT channel FROM orders LIMIT 3'), / LIMIT 3$/);
    assert.match(await written('SELECT channel FROM orders LIMIT 5, 3'), / LIMIT 3 OFFSET 5$/);
    assert.match(await written('SELECT channel FROM orders LIMIT 30 OFFSET 4'), / LIMIT 11 OFFSET 4$/);
    assert.match(
      await written('SELECT COUNT(*) FROM (SELECT channel FROM orders LIMIT 99) x'),
      /LIMIT 99\) AS `x` LIMIT 11$/,
    );
  });

  test('a named query gets a name that no table has, wherever it is read', async () => {
    assert.equal(
      await written('WITH dead_letters AS (SELECT channel FROM orders) SELECT d.channel FROM dead_letters d'),
      'WITH `cte_dead_letters` AS (SELECT `channel` FROM `orders`) SELECT `d`.`channel` FROM `cte_dead_letters` AS `d` LIMIT 11',
    );
  });

  test('x.* of a query in FROM is written out', async () => {
    const sql = 'SELECT x.*, 1 AS one FROM (SELECT channel, COUNT(*) AS n FROM orders GROUP BY channel) x';
    assert.match(await written(sql), /^SELECT `x`\.`channel`, `x`\.`n`, 1 AS `one` FROM/);
  });

  test('two signs in a row stay apart', async () => {
    assert.match(await written('SELECT 1 - - 2'), /^SELECT 1 - - 2 /);
  });

  test('columns are named as they will be shown', async () => {
    const { columns } = await guardSql(
      'SELECT o.channel, COUNT(*), SUM(total_minor) AS total FROM orders o GROUP BY 1',
    );
    assert.deepEqual(columns, ['channel', 'column_2', 'total']);
  });

  test('only the guard makes what can be run', () => {
    assert.throws(() => new CheckedSql(Symbol('checked') as never, 'SELECT 1', [], 1), TypeError);
  });
});

const REFUSED: Record<RefusedSql['class'], string[]> = {
  text: [
    'SELECT 1 -- x',
    'SELECT 1--1',
    'SELECT /* x */ 1',
    'SELECT 1 # x',
    'SELECT "a"',
    'SELECT @a',
    'SELECT 1; SELECT 2',
    'SELECT {d 1}',
    "SELECT N'a'",
    "SELECT x'41'",
    'SELECT 0x41',
    'SELECT 1UNION SELECT 2',
    'SELECT a\u00a0FROM orders',
    "SELECT 'a\u0000b'",
    "SELECT 'a",
    "SELECT 'a\\",
    'SELECT `a``b` FROM orders',
    'SELECT a ^ b FROM orders',
    `SELECT ${'('.repeat(41)}1${')'.repeat(41)}`,
    `SELECT 1${' + 1'.repeat(500)}`,
    `SELECT ${'1, '.repeat(10_000)} 1`,
  ],
  syntax: ['SELECT FROM', 'SELECT 1 FROM orders WHERE', 'WITH x SELECT 1', 'SELECT 1 INTO OUTFILE orders'],
  statement: ['', 'DELETE FROM orders', 'SHOW TABLES', '(SELECT 1)', 'SELECTED', 'EXPLAIN SELECT 1'],
  table: [
    'SELECT 1 FROM dead_letters',
    'SELECT 1 FROM mysql.user',
    'SELECT 1 FROM `oms`.`orders`',
    'SELECT oms.now()',
    'SELECT 1 FROM orders, orders',
    'WITH a AS (SELECT 1 FROM b), b AS (SELECT 1 AS x) SELECT 1 FROM a',
    'WITH payment_tokens AS (SELECT token FROM payment_tokens) SELECT token FROM payment_tokens',
    'SELECT (SELECT 1 FROM payment_tokens) FROM orders',
    'SELECT channel FROM orders ORDER BY (SELECT 1 FROM payment_tokens)',
    'SELECT SUM(total_minor) OVER (ORDER BY (SELECT 1 FROM payment_tokens)) FROM orders',
    'SELECT GROUP_CONCAT((SELECT token FROM payment_tokens)) FROM orders',
    'SELECT channel FROM orders UNION SELECT token FROM payment_tokens',
  ],
  column: [
    'SELECT * FROM orders',
    'SELECT o.* FROM orders o',
    'SELECT idempotency_key FROM orders',
    'SELECT o.request_hash FROM orders o',
    'SELECT 1 AS note FROM orders GROUP BY note',
    'SELECT (SELECT note FROM orders LIMIT 1) FROM (SELECT 1 AS note) x',
    'SELECT n FROM (SELECT 1) AS x (note)',
    'WITH x (label_url) AS (SELECT 1) SELECT 1 FROM x',
    'SELECT channel FROM orders WHERE idempotency_key = 1',
    'SELECT channel FROM orders ORDER BY idempotency_key',
    'SELECT 1 FROM orders o JOIN payments p USING (provider_ref)',
    'SELECT channel AS c FROM orders WHERE c = 1',
    'SELECT nothing.channel FROM orders',
  ],
  function: [
    'SELECT SLEEP(1)',
    'SELECT LOAD_FILE(1)',
    'SELECT GET_LOCK(1, 2)',
    'SELECT VERSION()',
    'SELECT REPEAT(1, 9)',
  ],
  construct: [
    'SELECT channel FROM orders FOR UPDATE',
    'SELECT SQL_NO_CACHE channel FROM orders',
    'SELECT channel FROM orders USE INDEX (ix_orders_placed)',
    'SELECT channel FROM orders PARTITION (p0)',
    'SELECT channel FROM orders NATURAL JOIN payments',
    'SELECT x.n FROM orders o, LATERAL (SELECT 1 AS n) x',
    'WITH x AS (SELECT 1) UPDATE orders SET total_minor = 0',
    'SELECT oms.orders.channel FROM orders',
    "SELECT _utf8 'x'",
    'SELECT channel FROM orders LIMIT channel',
    'SELECT ROW_NUMBER() FROM orders',
    'SELECT CAST(channel AS JSON) FROM orders',
    "SELECT channel 'alias' FROM orders",
    'SELECT channel FROM orders GROUP BY ALL',
    'SELECT DISTINCT ON (channel) channel FROM orders',
  ],
  cost: [
    'SELECT 1 FROM orders a, orders b',
    'SELECT 1 FROM orders a CROSS JOIN order_items b',
    'SELECT 1 FROM orders a JOIN orders b ON 1 = 1',
    'SELECT 1 FROM orders a JOIN orders b ON a.channel = 1',
    'SELECT 1 FROM (SELECT order_seq FROM orders) a, (SELECT order_seq FROM orders) b',
    'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
    'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT a.i FROM n a JOIN n b ON a.i < 3) SELECT i FROM n',
    "SELECT REPLACE(REPLACE(name, 'e', 'eeee'), 'e', 'eeee') FROM products",
    'SELECT LOCATE(name, name) FROM products',
    'SELECT name FROM products WHERE name LIKE name',
    'SELECT HEX(HEX(name)) FROM products',
  ],
};

suite('what is refused', () => {
  for (const [refusal, statements] of Object.entries(REFUSED)) {
    test(refusal, async () => {
      for (const sql of statements) await refused(sql, refusal as RefusedSql['class']);
    });
  }

  test('the deepest statements that pass the first look leave the parser able to read the next', async () => {
    const sum = `1${' + 1'.repeat(399)}`;
    const deep = [
      sum,
      `${'NOT '.repeat(399)}1`,
      `${'('.repeat(40)}${sum}${')'.repeat(40)}`,
      `${'IF(1, '.repeat(40)}1${', 2)'.repeat(40)}`,
    ];
    for (const expression of deep)
      await guardSql(`SELECT ${expression}`).catch((error) => assert.ok(error instanceof RefusedSql));
    assert.match(await written('SELECT 1'), /^SELECT 1 /);
  });
});

suite('what is taken', () => {
  const TAKEN = [
    'SELECT 1 FROM orders a, payments b WHERE a.order_seq = b.order_seq',
    'SELECT c.n, p.name FROM (SELECT COUNT(*) AS n FROM orders) c CROSS JOIN products p',
    "SELECT channel, SUM(CASE WHEN status = 'x' THEN 1 ELSE 0 END) FROM orders GROUP BY channel WITH_TOTAL".replace(
      ' WITH_TOTAL',
      '',
    ),
    'SELECT placed_at - INTERVAL WEEKDAY(placed_at) DAY FROM orders WHERE total_minor >= ALL (SELECT total_minor FROM orders)',
    "SELECT TRIM(BOTH 'x' FROM name), SUBSTRING(name FROM 1 FOR 2), CEIL(1.5), DATE '2026-01-31' FROM products",
    'SELECT (SELECT MAX(p.attempt) FROM payments p WHERE p.order_seq = o.order_seq) AS tries FROM orders o HAVING tries > 1',
    'SELECT order_seq FROM orders EXCEPT SELECT order_seq FROM refunds ORDER BY order_seq',
  ];
  test('SELECTs of many forms, and what was written is taken again as it is', async () => {
    for (const sql of TAKEN) {
      const once = await written(sql);
      assert.equal(await written(once), once);
    }
  });

  test('every statement that a question of the fixtures becomes', async () => {
    const lexicon = buildLexicon(CATALOGUE);
    for (const [question] of QUESTIONS) {
      const planned = plan(question, lexicon, CLOCK);
      const { statement } = compile(planned.plan, { ...CLOCK, minorFactor: 100 }, 1_000);
      const { sql } = await guardSql(inline(statement));
      assert.equal((await guardSql(sql)).sql, sql, question);
    }
  });
});
