import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseFrom, runSetup, type SetupOptions } from '../../../apps/setup/app.ts';
import { connect, type RowDataPacket } from '../../../lib/database/connect.ts';
import { MigrationError, migrate, readSchemaState } from '../../../lib/database/migrate.ts';
import { type Migration, parsePhase, readMigrations } from '../../../lib/database/migrations.ts';
import { startTestDatabase } from '../../helpers/database.ts';

const READER = { account: 'oms_ask', hosts: ['%'] };

function migration(name: string, sql: string): Migration {
  return { version: Number.parseInt(name, 10), name, checksum: name.padEnd(64, '0'), sql, ...parsePhase(name, sql) };
}

/** A column gets a successor, and goes when no code reads it any more. */
const RENAMED = [
  migration('001_first.sql', 'CREATE TABLE things (id INT PRIMARY KEY, old INT);'),
  migration('009_better.sql', '-- phase: expand\nALTER TABLE things ADD COLUMN better INT;'),
  migration('010_gone.sql', '-- phase: contract after 009\nALTER TABLE things DROP COLUMN old;\nDROP TABLE leftovers;'),
  migration('011_more.sql', '-- phase: expand\nCREATE TABLE leftovers (id INT PRIMARY KEY);'),
];

async function columnsOf(url: string): Promise<string[]> {
  const connection = await connect(url);
  const [rows] = await connection.query<RowDataPacket[]>('SHOW COLUMNS FROM things');
  await connection.end();
  return rows.map((row) => row.Field as string);
}

test('setup brings an empty schema up, lets questions read it, and changes nothing the second time', async (t) => {
  const { url, askUrl } = await startTestDatabase(t, { migrate: false });
  const options: SetupOptions = { databaseUrl: url, reader: READER, deadlineMs: 5_000 };
  const known = await readMigrations();
  const [expand, contract] = (['expand', 'contract'] as const).map((phase) =>
    known.filter((one) => one.phase === phase).map(({ name }) => name),
  );

  const before = await runSetup('check', options);
  assert.deepEqual([before.changed, before.schema, before.pending], [false, 0, { expand, contract }]);

  const first = await runSetup('expand', options);
  assert.deepEqual([first.changed, first.applied, first.granted], [true, expand, ['oms_ask@%']]);
  assert.deepEqual(first.pending, { expand: [], contract });
  const reader = await connect(askUrl);
  t.after(() => reader.end());
  await reader.query('SELECT 1 FROM orders');

  const second = await runSetup('expand', options);
  assert.deepEqual([second.changed, second.applied, second.pending], [false, [], { expand: [], contract }]);
  const last = await runSetup('contract', options);
  assert.deepEqual([last.applied, last.granted, last.schema], [contract, [], known.length]);
  assert.equal((await runSetup('contract', options)).changed, false);
});

test('what contracts waits for its own phase', async (t) => {
  const { url } = await startTestDatabase(t, { migrate: false });
  await assert.rejects(
    migrate(url, { phase: 'contract', migrations: RENAMED }),
    /001_first.sql expands and has to run/,
  );

  const expanded = await migrate(url, { phase: 'expand', migrations: RENAMED });
  assert.deepEqual(expanded, ['001_first.sql', '009_better.sql', '011_more.sql']);
  assert.deepEqual(await columnsOf(url), ['id', 'old', 'better']);
  const state = await readSchemaState(url, RENAMED);
  assert.deepEqual(state, { version: 11, pending: { expand: [], contract: ['010_gone.sql'] } });

  assert.deepEqual(await migrate(url, { phase: 'contract', migrations: RENAMED }), ['010_gone.sql']);
  assert.deepEqual(await columnsOf(url), ['id', 'better']);
});

test('a contracting migration that was cut off goes on where it stopped', async (t) => {
  const { url } = await startTestDatabase(t, { migrate: false });
  await migrate(url, { phase: 'expand', migrations: RENAMED });
  const connection = await connect(url);
  await connection.query('ALTER TABLE things DROP COLUMN old');
  await connection.query('DROP TABLE leftovers');
  await connection.end();
  assert.deepEqual(await migrate(url, { migrations: RENAMED }), ['010_gone.sql']);
});

test('notes that older code writes while this one comes up are kept, and no longer where questions read', async (t) => {
  const { url } = await startTestDatabase(t, { migrate: false });
  const known = await readMigrations();
  await migrate(url, { migrations: known.filter(({ version }) => version <= 8) });
  const connection = await connect(url);
  t.after(() => connection.end());
  const place = (seq: number) =>
    connection.query(
      `INSERT INTO orders SET order_seq = ?, order_id = UNHEX(LPAD(HEX(?), 32, '0')), customer_ref = 'c-1', note = ?`,
      [seq, seq, `note ${seq}`],
    );
  await connection.query("SET SESSION sql_mode = ''");
  await place(1);
  await migrate(url, { phase: 'expand' });
  await place(2);
  assert.deepEqual(await migrate(url, { phase: 'contract' }), ['010_move_order_notes.sql']);

  const [kept] = await connection.query<RowDataPacket[]>('SELECT note FROM order_notes ORDER BY order_seq');
  assert.deepEqual(
    kept.map(({ note }) => note),
    ['note 1', 'note 2'],
  );
  const [left] = await connection.query<RowDataPacket[]>('SELECT 1 FROM orders WHERE note IS NOT NULL');
  assert.equal(left.length, 0);
});

test('two setups at once: one applies, the other finds it done', async (t) => {
  const { url } = await startTestDatabase(t, { migrate: false });
  const both = await Promise.all([migrate(url, { migrations: RENAMED }), migrate(url, { migrations: RENAMED })]);
  assert.deepEqual(both.map((names) => names.length).sort(), [0, RENAMED.length]);
});

test('a database that is newer than the code is left alone', async (t) => {
  const { url } = await startTestDatabase(t, { migrate: false });
  await migrate(url, { migrations: RENAMED });
  const older = RENAMED.slice(0, 2);
  await assert.rejects(readSchemaState(url, older), MigrationError);
  await assert.rejects(migrate(url, { phase: 'expand', migrations: older }), /newer than this version/);
});

test('setup waits for a database that is on its way, within its deadline', async (t) => {
  const database = await startTestDatabase(t, { migrate: false });
  await database.stop();
  const options: SetupOptions = { databaseUrl: database.url, reader: READER, deadlineMs: 0 };
  await assert.rejects(runSetup('check', options), { code: 'ECONNREFUSED' });
  const waiting = runSetup('check', { ...options, deadlineMs: 30_000 });
  await database.restart();
  assert.equal((await waiting).schema, 0);
});

test('a password that is wrong is told at once', async (t) => {
  const { url } = await startTestDatabase(t, { migrate: false });
  const wrong = new URL(url);
  wrong.password = 'something-else';
  const options: SetupOptions = { databaseUrl: wrong.href, reader: READER, deadlineMs: 60_000 };
  await assert.rejects(runSetup('check', options), { code: 'ER_ACCESS_DENIED_ERROR' });
});

test('setup has to be told what to do', () => {
  assert.equal(phaseFrom('contract'), 'contract');
  assert.throws(() => phaseFrom(undefined), /expand, contract, check/);
});
