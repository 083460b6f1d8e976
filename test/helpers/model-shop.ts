import { connect as connectSocket, createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { connect } from '../../lib/database/connect.ts';
import { grantReader } from '../../lib/database/grants.ts';
import type { Answered, AskOptions, Declined } from '../../lib/query/ask.ts';
import { ask } from '../../lib/query/ask.ts';
import { Reader } from '../../lib/query/execute.ts';
import type { Plan } from '../../lib/query/plan.ts';
import { GOLD_CLOCK, type GoldItem } from '../standins/model/oracle.ts';
import { loadAskFixture } from './ask-fixture.ts';
import { startTestDatabase, type TestDatabase } from './database.ts';

/** The small shop, moved to the clock of the given questions, with the names that they speak of. */
export async function startModelShop(): Promise<TestDatabase> {
  const database = await startTestDatabase();
  await loadAskFixture(database.url);
  await grantReader(database.url, 'oms_ask');
  const admin = await connect(database.url);
  await admin.query("UPDATE products SET name = 'Espresso Machine Pro' WHERE product_id = 1");
  await admin.query("UPDATE orders SET ship_city = 'Chicago' WHERE ship_city = 'Lisbon'");
  await admin.query("UPDATE customers SET city = 'Chicago' WHERE city = 'Lisbon'");
  await admin.query(
    'UPDATE orders SET placed_at = placed_at + INTERVAL 182 DAY, status_since = status_since + INTERVAL 182 DAY',
  );
  await admin.query('UPDATE payments SET created_at = created_at + INTERVAL 182 DAY');
  await admin.query('UPDATE refunds SET created_at = created_at + INTERVAL 182 DAY');
  await admin.end();
  return database;
}

/** Asks a question of the given set, after those it continues. */
export async function askItem(
  item: Pick<GoldItem, 'question' | 'context'>,
  reader: Reader,
  options: Pick<AskOptions, 'assistant'> = {},
): Promise<Answered | Declined> {
  let previous: Plan | undefined;
  for (const earlier of item.context ?? []) {
    const outcome = await ask(earlier, reader, { clock: GOLD_CLOCK, ...(previous && { previous }) });
    if (outcome.status === 'answer') previous = outcome.plan ?? undefined;
  }
  return ask(item.question, reader, { clock: GOLD_CLOCK, ...options, ...(previous && { previous }) });
}

/** A reader whose every byte to the server is kept: the protocol sends statements as they are. */
export async function startWatchedReader(t: TestContext, url: string): Promise<{ reader: Reader; sent: () => string }> {
  const chunks: Buffer[] = [];
  const target = new URL(url);
  const port = Number(target.port);
  const relay = createServer((socket) => {
    const server = connectSocket(port, target.hostname);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.pipe(server).pipe(socket);
    socket.on('error', () => server.destroy());
    server.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const address = relay.address();
  target.port = String(typeof address === 'object' && address ? address.port : 0);
  const reader = await Reader.open(target.href);
  t.after(async () => {
    await reader.close();
    relay.close();
  });
  return { reader, sent: () => Buffer.concat(chunks).toString('latin1') };
}
