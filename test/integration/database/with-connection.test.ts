import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPool } from '../../../lib/database/connect.ts';
import { DatabaseTimeoutError, withConnection } from '../../../lib/database/with-connection.ts';
import { startTestDatabase } from '../../helpers/database.ts';

test('a pool without a free connection is given up in time, and works again when one is back', async (t) => {
  const { appUrl } = await startTestDatabase(t, { migrate: false });
  const pool = openPool(appUrl, { connectionLimit: 1 });
  t.after(() => pool.end());
  const held = await pool.getConnection();
  await assert.rejects(
    withConnection(pool, 50, async () => 1),
    DatabaseTimeoutError,
  );
  held.release();
  assert.equal(await withConnection(pool, 5_000, async () => 2), 2);
});

test('a query that is late is given up, and its connection is not used again', async (t) => {
  const { appUrl } = await startTestDatabase(t, { migrate: false });
  const pool = openPool(appUrl, { connectionLimit: 1 });
  t.after(() => pool.end());
  const slow = withConnection(pool, 100, (connection) => connection.query('SELECT SLEEP(5)'));
  await assert.rejects(slow, DatabaseTimeoutError);
  const [rows] = await withConnection(pool, 5_000, (connection) => connection.query('SELECT 7 AS seven'));
  assert.deepEqual(rows, [{ seven: 7 }]);
});

test('what the work throws comes through', async (t) => {
  const { appUrl } = await startTestDatabase(t, { migrate: false });
  const pool = openPool(appUrl, { connectionLimit: 1 });
  t.after(() => pool.end());
  await assert.rejects(
    withConnection(pool, 5_000, (connection) => connection.query('SELECT * FROM nowhere')),
    /nowhere/,
  );
});
