import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConnection } from 'mysql2/promise';
import { startTestDatabase } from '../../helpers/database.ts';

async function query(url: string, sql: string) {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query(sql);
    return rows as Record<string, unknown>[];
  } finally {
    await connection.end();
  }
}

test('schemas of one process are apart', async (t) => {
  const [a, b] = [await startTestDatabase(t, { migrate: false }), await startTestDatabase(t, { migrate: false })];
  await query(a.url, 'CREATE TABLE only_here (id INT PRIMARY KEY)');
  assert.deepEqual(await query(b.url, 'SHOW TABLES'), []);
  assert.equal(a.port, b.port);
});

test('what was committed before a kill -9 is there after a restart', async (t) => {
  const database = await startTestDatabase(t, { migrate: false });
  await query(database.url, 'CREATE TABLE kept (id INT PRIMARY KEY)');
  await query(database.appUrl, 'INSERT INTO kept VALUES (1), (2)');
  await database.kill9();
  await assert.rejects(query(database.url, 'SELECT 1'), { code: 'ECONNREFUSED' });
  await database.restart();
  assert.deepEqual(await query(database.appUrl, 'SELECT COUNT(*) AS n FROM kept'), [{ n: 2 }]);
});

test('each account may do its own work and no more', async (t) => {
  const database = await startTestDatabase(t, { migrate: false });
  await query(database.url, 'CREATE TABLE plain (id INT PRIMARY KEY)');
  await assert.rejects(query(database.appUrl, 'DROP TABLE plain'), { code: 'ER_TABLEACCESS_DENIED_ERROR' });
  await assert.rejects(query(database.askUrl, 'SELECT 1'), { code: 'ER_DBACCESS_DENIED_ERROR' });
  await query(database.url, "GRANT SELECT ON plain TO 'oms_ask'@'%'");
  assert.deepEqual(await query(database.askUrl, 'SELECT * FROM plain'), []);
  await assert.rejects(query(database.url.replace(/\/\/[^@]*@/, '//root@'), 'SELECT 1'), {
    code: 'ER_ACCESS_DENIED_ERROR',
  });
});

test('commits are durable, text is utf8mb4, time is UTC, SQL is strict', async (t) => {
  const database = await startTestDatabase(t, { migrate: false });
  const [settings] = await query(
    database.appUrl,
    `SELECT @@innodb_flush_log_at_trx_commit AS flush, @@character_set_server AS charset, @@time_zone AS zone,
            @@local_infile AS localInfile, @@sql_mode LIKE '%STRICT_TRANS_TABLES%' AS strict`,
  );
  assert.deepEqual(settings, { flush: 1, charset: 'utf8mb4', zone: '+00:00', localInfile: 1, strict: 1 });
});
