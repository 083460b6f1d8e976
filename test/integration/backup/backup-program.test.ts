import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { connect } from '../../../lib/database/connect.ts';
import { eventsBehind, sinceBackup } from '../../../src/stages/backup/missing-events.ts';
import { BackupManifest, DatabaseNow, HostBackups } from '../../../src/stages/backup/records.ts';
import { backupServer } from '../../helpers/backup-server.ts';
import { startTestDatabase } from '../../helpers/database.ts';
import { placedEvent } from '../../helpers/orders.ts';
import { type Pipeline, startPipeline } from '../../helpers/pipeline.ts';
import { until } from '../../helpers/until.ts';

const orders = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, n) => placedEvent({ key: `${prefix}${n}` }));

/** What every order comes to, whichever way it was stored. */
const ALL = `SELECT COALESCE(SUM(CRC32(CONCAT_WS(',', HEX(o.order_id), o.status, o.total_minor, o.placed_at))), 0) FROM orders o`;

async function store(pipeline: Pipeline, count: number, prefix: string): Promise<void> {
  const before = await pipeline.count('SELECT COUNT(*) FROM orders');
  await pipeline.send(orders(count, prefix));
  await until('stored', async () => (await pipeline.count('SELECT COUNT(*) FROM orders')) === before + count);
}

async function hubOf(pipeline: Pipeline): Promise<string> {
  return (await fetch(`http://127.0.0.1:${pipeline.hub.httpPort}/hubs`)).text();
}

async function smallServer(t: TestContext) {
  const database = await startTestDatabase(t);
  return backupServer(t, database);
}

test('a restored database reads on from its positions, and every order since is stored again', async (t) => {
  const pipeline = await startPipeline(t);
  const server = await backupServer(t, pipeline.database);
  const count = (table: string) => pipeline.count(`SELECT COUNT(*) FROM ${table}`);
  const first = await pipeline.startConsumer();
  await store(pipeline, 200, 'a');
  const backup = await server.ok('create');
  assert.ok(Compile(BackupManifest).Check(backup));
  assert.deepEqual(backup.rows.orders, { from: 200, to: 200 });
  await store(pipeline, 300, 'b');
  const expected = await pipeline.count(ALL);
  const reserved = await pipeline.count('SELECT SUM(reserved) FROM stock');

  await server.ok('load', backup.name);
  assert.equal(await count('orders'), 500);
  await first.stop();
  // Nobody stores them yet: the order API goes on putting them into the hub.
  await pipeline.send(orders(50, 'c'));
  await server.ok('swap');
  assert.equal(await count('orders'), 200);

  server.answer('hub', await hubOf(pipeline));
  const restored = await server.ok('now');
  assert.ok(Compile(DatabaseNow).Check(restored));
  assert.equal(eventsBehind(restored), 350);
  const since = sinceBackup(backup, restored.hub, { events: { kind: 'local' } }, new Date());
  assert.equal(since.kind, 'all');

  await pipeline.startConsumer();
  await until('all are back', async () => (await count('orders')) === 550, 30_000);
  await server.ok('accept');
  assert.equal(await count('dead_letters'), 0);
  assert.equal(await pipeline.count('SELECT SUM(reserved) FROM stock'), reserved + 50);
  const same = `${ALL} WHERE order_id NOT IN (${orders(50, 'c').map(({ data }) => `UNHEX('${data.order_id.replaceAll('-', '')}')`)})`;
  assert.equal(await pipeline.count(same), expected);
  await until('positions', async () => eventsBehind(await server.ok('now')) === 0);
});

suite('the backup program, on a real database', () => {
  test('what is written can be listed and is whole; the oldest beyond those that stay go', async (t) => {
    const server = await smallServer(t);
    const made = await server.ok('create', '--keep', '2');
    assert.equal(made.release, 'r-0123456789ab');
    assert.ok(made.schemaVersion > 0);
    assert.equal(statSync(server.path(`${made.name}.sql.gz`)).mode & 0o777, 0o600);
    const old = { ...server.manifest(made.name), name: '20200101T000000Z' };
    const older = { ...old, name: '20190101T000000Z' };
    for (const one of [old, older]) {
      writeFileSync(server.path(`${one.name}.json`), JSON.stringify(one));
      writeFileSync(server.path(`${one.name}.sql.gz`), readFileSync(server.path(`${made.name}.sql.gz`)));
    }
    const list = await server.ok('list');
    assert.ok(Compile(HostBackups).Check(list));
    assert.deepEqual(
      list.backups.map(({ name }: { name: string }) => name),
      [made.name, old.name, older.name],
    );
    await until(
      'another second',
      () => `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z` !== made.name,
    );
    const { removed } = await server.ok('create', '--keep', '2');
    assert.deepEqual(removed, [old.name, older.name]);
  });

  test('a truncated, damaged or missing file is refused, and nothing is left of it', async (t) => {
    const server = await smallServer(t);
    const { name } = await server.ok('create');
    const file = server.path(`${name}.sql.gz`);
    const bytes = readFileSync(file);
    const before = await server.ok('now');

    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
    assert.match((await server.run('load', name)).said, /is damaged: its checksum/);
    truncateSync(file, bytes.length >> 1);
    assert.match((await server.run('load', name)).said, /is damaged/);
    assert.equal((await server.ok('list')).backups[0].file, 'cut');
    rmSync(file);
    assert.match((await server.run('load', name)).said, /is damaged/);
    assert.equal((await server.ok('list')).backups[0].file, 'missing');
    assert.match((await server.run('swap')).said, /nothing is loaded/);
    assert.deepEqual((await server.ok('now')).rows, before.rows);
  });

  test('a backup that is not what its manifest says is never put in place', async (t) => {
    const server = await smallServer(t);
    const { name } = await server.ok('create');
    const manifest = server.manifest(name);
    for (const [wrong, said] of [
      [{ rows: { orders: { from: 5, to: 9 } } }, /orders: 0 rows, 5 to 9 expected/],
      [{ schemaVersion: manifest.schemaVersion + 1 }, /of another schema than it says/],
    ] as const) {
      writeFileSync(server.path(`${name}.json`), JSON.stringify({ ...manifest, ...wrong }));
      assert.match((await server.run('load', name)).said, said);
      assert.match((await server.run('swap')).said, /nothing is loaded/);
    }
  });

  test('names with nonsense', async (t) => {
    const server = await smallServer(t);
    for (const name of ['../../etc/passwd', 'x; rm -rf /', '', '20261121T023000Z/..']) {
      assert.equal((await server.run('load', name)).code, 2, name);
    }
    assert.match((await server.run('load', '20200101T000000Z')).said, /there is no backup 20200101T000000Z/);
    assert.match((await server.run('load', 'latest')).said, /there is no backup latest/);
  });

  test('a dump that breaks off or fails leaves no file', async (t) => {
    const server = await smallServer(t);
    server.before('dump', 'echo "CREATE TABLE a (b INT);"; exit 0');
    assert.match((await server.run('create')).said, /the dump has no end/);
    server.before('dump', 'echo "lost the connection" >&2; exit 2');
    assert.match((await server.run('create')).said, /mysqldump: lost the connection/);
    assert.deepEqual(server.files(), []);
  });

  test('a full disk is told before anything is loaded', async (t) => {
    const server = await smallServer(t);
    const { name } = await server.ok('create');
    server.answer('df', 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a 100 99 1024 99% /\n');
    const { said } = await server.run('load', name);
    assert.match(said, /loading the backup needs about \d+ MiB of disk, and 1 MiB are free/);
    const manifest = server.manifest(name);
    writeFileSync(server.path(`${name}.json`), JSON.stringify({ ...manifest, bytes: 1e15 }));
    assert.match((await server.run('create')).said, /a backup as large as the last one needs about/);
  });

  test('one at a time; one that was killed is no obstacle, and its rest goes', async (t) => {
    const server = await smallServer(t);
    server.before('dump', 'echo begun; exec sleep 60');
    const first = server.start('create');
    await until('it writes', () => server.files().some((name) => name.endsWith('.partial')));
    assert.match((await server.run('create')).said, /another backup or restore is under way/);
    assert.deepEqual((await server.ok('list')).backups, []);
    first.kill('SIGKILL');
    await once(first, 'exit');
    server.before('dump', ':');
    writeFileSync(server.path('20200101T000000Z.sql.gz'), 'half');
    const { name } = await server.ok('create');
    assert.deepEqual(server.files(), [`${name}.json`, `${name}.sql.gz`]);
  });

  test('told to stop, it removes what it has begun', async (t) => {
    const server = await smallServer(t);
    server.before('dump', 'echo begun; exec sleep 60');
    const child = server.start('create');
    await until('it writes', () => server.files().some((name) => name.endsWith('.partial')));
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    assert.equal(code, 1);
    assert.deepEqual(server.files(), []);
  });

  test('giving up: a load that goes on is stopped; a swap is taken back; what was accepted stays', async (t) => {
    const pipeline = await startPipeline(t);
    const server = await backupServer(t, pipeline.database);
    const products = () => pipeline.count('SELECT COUNT(*) FROM products');
    const { name } = await server.ok('create');
    const stored = await products();
    const connection = await connect(pipeline.database.url);
    t.after(() => connection.end());
    await connection.query('DELETE FROM products LIMIT 1');

    server.before('client', 'case "$*" in *_loaded) exec sleep 60 ;; esac');
    const loading = server.start('load', name);
    await until('it loads', () => readFileSync(server.path('.lock'), 'utf8') === String(loading.pid));
    const ended = once(loading, 'exit');
    const stopped = await server.ok('give-up');
    await ended;
    assert.equal(stopped.undone, false);
    server.before('client', ':');

    await server.ok('load', name);
    await server.ok('swap');
    assert.equal(await products(), stored);
    assert.ok((await server.ok('now')).restoring);
    assert.equal((await server.ok('give-up')).undone, true);
    assert.equal(await products(), stored - 1);
    assert.equal((await server.ok('give-up')).undone, false);

    await server.ok('load', name);
    await server.ok('swap');
    await server.ok('accept');
    assert.equal((await server.ok('give-up')).undone, false);
    assert.equal(await products(), stored);
    assert.equal((await server.ok('now')).restoring, null);
  });

  test('a reader that does not end keeps the swap from happening, and the shop from nothing', async (t) => {
    const database = await startTestDatabase(t);
    const server = await backupServer(t, database);
    const { name } = await server.ok('create');
    await server.ok('load', name);
    const reader = await connect(database.url);
    await reader.query('START TRANSACTION');
    await reader.query('SELECT COUNT(*) FROM orders');
    const { said } = await server.run('--patience', '1', 'swap');
    assert.match(said, /the database is in use, nothing was changed: .*Lock wait timeout/);
    await reader.end();
    assert.equal((await server.ok('now')).restoring, null);
    await server.ok('swap');
  });
});
