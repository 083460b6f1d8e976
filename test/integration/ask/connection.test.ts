import assert from 'node:assert/strict';
import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net';
import { after, before, suite, type TestContext, test } from 'node:test';
import { type Connection, connect, type RowDataPacket } from '../../../lib/database/connect.ts';
import { grantReader } from '../../../lib/database/grants.ts';
import { QueryTimeout, Reader } from '../../../lib/query/execute.ts';
import { OmsError } from '../../../src/errors.ts';
import { AskConnection } from '../../../src/stages/ask/connection.ts';
import { FIXTURE_NOW, loadAskFixture } from '../../helpers/ask-fixture.ts';
import { startTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { until } from '../../helpers/until.ts';

const options = { clock: { now: FIXTURE_NOW, zone: 'UTC' } };
const never = new AbortController().signal;

let database: TestDatabase;
let admin: Connection;
let asking: AskConnection;

before(async () => {
  database = await startTestDatabase();
  await loadAskFixture(database.url);
  await grantReader(database.url, 'oms_ask');
  admin = await connect(database.url);
  asking = await AskConnection.open(database.askUrl);
});
after(async () => {
  await asking?.close();
  await admin?.end();
});

/** A way to the server of `url` that can be made to pass nothing on. */
async function startSilencer(t: TestContext, url: string): Promise<{ url: string; silence(): void }> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connectTo(Number(port), hostname);
    sockets.push(near, far);
    near.on('error', () => far.destroy()).pipe(far);
    far.on('error', () => near.destroy()).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const way = new URL(url);
  way.hostname = '127.0.0.1';
  way.port = String((server.address() as AddressInfo).port);
  const hush = (socket: Socket) => socket.unpipe().pause();
  return {
    url: way.href,
    silence() {
      for (const socket of sockets) hush(socket);
      server.removeAllListeners('connection').on('connection', (socket) => sockets.push(hush(socket)));
    },
  };
}

/** The other connections of an account, which sees its own alone. */
async function watchAccount(url: string, t: TestContext) {
  const watcher = await connect(url);
  t.after(() => watcher.destroy());
  return async () => {
    const [rows] = await watcher.query<RowDataPacket[]>(
      'SELECT id, state FROM information_schema.processlist WHERE id <> CONNECTION_ID()',
    );
    return rows as { id: number; state: string | null }[];
  };
}
const isLocked = ({ state }: { state: string | null }) => /lock/i.test(state ?? '');

async function refundsCounted(): Promise<number> {
  const outcome = await asking.ask('how many refunds', options, never);
  assert.ok(outcome.status === 'answer');
  return Number(outcome.rows[0]![0]);
}

suite('one connection for many questions', { timeout: 60_000 }, () => {
  test('each sees what is stored by then', async () => {
    const before = await refundsCounted();
    await admin.query("UPDATE refunds SET status = 'requested' WHERE status = 'completed' ORDER BY order_seq LIMIT 1");
    assert.equal(await refundsCounted(), before - 1);
  });

  test('a question that is stopped ends at once, and the next is answered by the same connection', async (t) => {
    const others = await watchAccount(database.askUrl, t);
    const [mine] = await others();
    await admin.query('LOCK TABLES orders WRITE, products WRITE');
    const stopping = new AbortController();
    const reason = new OmsError('interrupted', 'the question was stopped');
    const asked = asking.ask('how many orders', options, stopping.signal);
    await until('it waits for the table', async () => (await others()).some(isLocked));
    stopping.abort(reason);
    await assert.rejects(asked, reason);
    await admin.query('UNLOCK TABLES');
    assert.ok((await refundsCounted()) > 0);
    // The server may be a moment late to see that the one which stopped the statement has hung up.
    const [left] = await until('one connection is left', async () => {
      const all = await others();
      return all.length === 1 ? all : undefined;
    });
    assert.equal(left!.id, mine!.id);
  });

  test('a server that was started anew is asked over another connection', async () => {
    await database.kill9();
    await assert.rejects(asking.ask('how many refunds', options, never), { code: 'database_unreachable' });
    await database.restart();
    assert.ok((await refundsCounted()) > 0);
    admin = await connect(database.url);
  });

  test('a server that dies under a question ends it', async (t) => {
    const others = await watchAccount(database.askUrl, t);
    await admin.query('LOCK TABLES orders WRITE');
    const asked = asking.ask('how many orders', options, never);
    await until('it waits for the table', async () => (await others()).some(isLocked));
    await Promise.all([assert.rejects(asked, { code: 'database_unreachable' }), database.kill9()]);
    await database.restart();
    assert.ok((await refundsCounted()) > 0);
    admin = await connect(database.url);
  });

  test('a server that falls silent is given up', async (t) => {
    const way = await startSilencer(t, database.askUrl);
    const reader = await Reader.open(way.url, { timeoutMs: 100 });
    way.silence();
    await assert.rejects(reader.rows({ text: 'SELECT 1', params: [] }), QueryTimeout);
    await reader.close();
  });

  test('a database that is away is said to be so at once', async () => {
    await assert.rejects(AskConnection.open('mysql://oms_ask@127.0.0.1:9/oms'), { code: 'database_unreachable' });
  });
});
