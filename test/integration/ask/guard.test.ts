import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { type Connection, connect, type RowDataPacket } from '../../../lib/database/connect.ts';
import { READABLE } from '../../../lib/database/readable.ts';
import { type Cell, QueryTimeout, Reader, ResultTooLarge } from '../../../lib/query/execute.ts';
import { guardSql, RefusedSql } from '../../../lib/query/guard/index.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { makeGuardShop, readStatements, SECRETS, SHOP_TABLES } from '../../helpers/guard-shop.ts';

/** A schema with the shop, and an account that may read its tables. */
interface Shop {
  admin: Connection;
  askUrl: string;
  drop(): Promise<void>;
}

async function grantShop(admin: Connection, account: string): Promise<void> {
  for (const table of Object.keys(SHOP_TABLES)) await admin.query(`GRANT SELECT ON ${table} TO ${account}`);
}

async function onMariadb(): Promise<Shop> {
  const { url, askUrl } = await startTestDatabase(undefined, { migrate: false });
  const admin = await connect(url);
  await makeGuardShop(admin);
  await grantShop(admin, "oms_ask@'%'");
  return { admin, askUrl, drop: () => admin.end() };
}

/** On a MySQL of the caller's: `url` names an account that may make schemas and accounts. */
async function onMysql(url: string): Promise<Shop> {
  const name = `oms_test_${randomBytes(5).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const admin = await connect(url);
  const drop = async () => {
    await admin.query(`DROP DATABASE IF EXISTS ${name}`);
    await admin.query(`DROP USER IF EXISTS ${name}@'%'`);
    await admin.end();
  };
  try {
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.query(`USE ${name}`);
    await admin.query(`CREATE USER ${name}@'%' IDENTIFIED BY '${password}'`);
    await makeGuardShop(admin);
    await grantShop(admin, `${name}@'%'`);
  } catch (error) {
    await drop();
    throw error;
  }
  const askUrl = Object.assign(new URL(url), { username: name, password, pathname: `/${name}` }).href;
  return { admin, askUrl, drop };
}

const mysqlUrl = process.env.OMS_TEST_MYSQL_URL;
const SERVERS: { server: string; make: () => Promise<Shop>; skip: string | false }[] = [
  { server: 'MariaDB', make: onMariadb, skip: false },
  {
    server: 'MySQL',
    make: () => onMysql(mysqlUrl!),
    skip: mysqlUrl ? false : 'not run: OMS_TEST_MYSQL_URL names no server',
  },
];

/** "None longer than 2.5 s", and as much again for a busy machine: uncut, the slow ones take minutes. */
const LIMIT_MS = 5_000;
const HOSTILE_TIMEOUT_MS = 1_000;
const hostile = readStatements('hostile');
const legitimate = readStatements('legitimate');
/** LATERAL, hints and GROUPING() are not in what both servers share. */
const NOT_SHARED = ['L31', 'L41', 'L49'];
const guard = (sql: string) => guardSql(sql, { tables: SHOP_TABLES });

async function questionsOf(admin: Connection): Promise<number> {
  const [rows] = await admin.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Questions'");
  return Number(rows[0]!.Value);
}

/** Everything that a statement could have changed. */
async function stateOf(admin: Connection): Promise<unknown> {
  const [state] = await admin.query<RowDataPacket[]>(
    "SELECT (SELECT COUNT(*) FROM probe_write) p, (SELECT SUM(total) FROM orders) t, IS_FREE_LOCK('oms') l",
  );
  const [tables] = await admin.query<RowDataPacket[]>('SHOW TABLES');
  return [state, tables, ['05', '06', '18'].filter((id) => existsSync(`/tmp/h${id}.txt`))];
}

/** What a person with the password of the account could send: rows or an error, in either case soon. */
async function sendRaw(askUrl: string, sql: string): Promise<{ text: string; ms: number }> {
  const reader = await Reader.open(askUrl, { timeoutMs: HOSTILE_TIMEOUT_MS });
  const began = performance.now();
  const rows = await reader.rows({ text: sql, params: [] }).catch((error: Error) => error.message);
  const ms = performance.now() - began;
  await reader.close();
  return { text: JSON.stringify(rows), ms };
}

/** 1.50 and 1.5 are one number. */
const plainCell = (cell: Cell) => String(cell).replace(/^(-?\d+)(?:\.0+|(\.\d*?)0+)$/, '$1$2');
const plain = (rows: readonly Cell[][]) => rows.map((row) => row.map(plainCell));
const sorted = (rows: string[][]) => rows.map((row) => row.join('\t')).sort();

for (const { server, make, skip } of SERVERS) {
  suite(`free SQL on ${server}`, { skip }, () => {
    let shop: Shop;
    let reader: Reader;
    before(async () => {
      shop = await make();
      reader = await Reader.open(shop.askUrl);
    });
    after(async () => {
      await reader?.close();
      await shop?.drop();
    });

    test('hostile statements are refused, and the server hears of none', async () => {
      const asked = await questionsOf(shop.admin);
      for (const { id, sql } of hostile) await assert.rejects(guard(sql), RefusedSql, id);
      if (server === 'MariaDB') assert.equal(await questionsOf(shop.admin), asked + 1);
    });

    test('sent by hand with the account of questions they read no secret, change nothing and end soon', async () => {
      const before = await stateOf(shop.admin);
      for (const { id, sql } of hostile) {
        const { text, ms } = await sendRaw(shop.askUrl, sql);
        assert.ok(!SECRETS.some((secret) => text.includes(secret)), `${id}: ${text}`);
        assert.ok(ms < LIMIT_MS, `${id} took ${ms} ms`);
      }
      assert.deepEqual(await stateOf(shop.admin), before);
    });

    test('legitimate statements give the rows that they gave before', async () => {
      for (const { id, sql } of legitimate.filter(({ id }) => !NOT_SHARED.includes(id.slice(0, 3)))) {
        const { rows } = await reader.freeSql(await guard(sql));
        const [expected] = await shop.admin.query<RowDataPacket[][]>({ sql, rowsAsArray: true });
        // The orders end before today.
        assert.ok(rows.length > 0 || sql.includes('NOW()'), `${id} finds nothing`);
        assert.deepEqual(sorted(plain(rows)), sorted(plain(expected as unknown as Cell[][])), id);
      }
    });

    test('rows are cut at the limit, and the answer says that there are more', async () => {
      const ask = async (maxRows: number) =>
        reader.freeSql(await guardSql('SELECT id FROM orders ORDER BY id', { tables: SHOP_TABLES, maxRows }));
      assert.deepEqual(await ask(2), { columns: ['id'], rows: [[1], [2]], more: true });
      assert.equal((await ask(200)).more, false);
    });

    test('sums and averages are numbers, whatever the server counts them in', async () => {
      const found = await reader.freeSql(await guard('SELECT SUM(id), AVG(id), SUM(id) / 2 FROM orders WHERE id <= 2'));
      assert.deepEqual(found.rows, [[3, 1.5, 1.5]]);
    });

    test('a statement that takes too long ends, and the next one is answered', async () => {
      const slow =
        'SELECT COUNT(*) FROM orders a JOIN orders b ON a.id <> b.id JOIN orders c ON c.id <> b.id JOIN orders d ON d.id <> c.id';
      const began = performance.now();
      await assert.rejects(reader.freeSql(await guard(slow)), QueryTimeout);
      assert.ok(performance.now() - began < LIMIT_MS);
      assert.equal((await reader.freeSql(await guard('SELECT COUNT(*) FROM orders'))).rows[0]![0], 200);
    });

    test('an answer that is too large is dropped, and the next one is answered', async () => {
      const all = '(SELECT GROUP_CONCAT(o.meta, o.placed_at, o.status) FROM orders o)';
      const many = `SELECT CONCAT(${Array(12).fill(all).join(', ')}) FROM orders`;
      await assert.rejects(reader.freeSql(await guard(many)), ResultTooLarge);
      assert.equal((await reader.freeSql(await guard('SELECT COUNT(*) FROM products'))).rows[0]![0], 7);
    });
  });
}

suite('what questions may read', () => {
  test('every column of the tables that are granted is either shown or withheld', async () => {
    const { url, schema } = await startTestDatabase();
    const admin = await connect(url);
    const [rows] = await admin.query<RowDataPacket[]>(
      'SELECT table_name AS t, column_name AS c FROM information_schema.columns WHERE table_schema = ?',
      [schema],
    );
    await admin.end();
    for (const [table, { columns, ...rest }] of Object.entries(READABLE)) {
      const withheld: readonly string[] = 'withheld' in rest ? rest.withheld : [];
      const stored = rows.filter((row) => row.t === table).map((row) => String(row.c));
      assert.deepEqual(
        columns.filter((column) => !stored.includes(column)),
        [],
        table,
      );
      assert.deepEqual(
        stored.filter((column) => ![...columns, ...withheld].includes(column)),
        [],
        table,
      );
    }
  });
});
