// Open pages of orders that move:   node bench/live.ts [streams] [--rate changes/s] [--seconds S]
// So many streams of the order API, each of an order of its own, on the stack of `oms up`. Orders are changed in the
// database at a rate; measured is the time from the commit to the event at the reader, and the CPU of the order API for it.
import { type ClientRequest, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect, type RowDataPacket } from '../lib/database/connect.ts';
import { uuidFromBytes } from '../lib/domain/ids.ts';
import { BatchingSender } from '../lib/streaming/batching-sender.ts';
import { toMessage } from '../lib/streaming/cloud-event-message.ts';
import { openProducerClient } from '../lib/streaming/event-hubs.ts';
import { ORDERS_HUB } from '../lib/streaming/hub-names.ts';
import { seedProducts } from '../test/helpers/orders.ts';
import { until } from '../test/helpers/until.ts';
import { CpuAccount } from './lib/cpu.ts';
import { randomOrder, skus } from './lib/order-feed.ts';
import { startStack } from './lib/stack.ts';

const { values, positionals } = parseArgs({
  options: { rate: { type: 'string', default: '100' }, seconds: { type: 'string', default: '10' } },
  allowPositionals: true,
});
const STREAMS = Number(positionals[0] ?? 1_000);
const RATE = Number(values.rate);
const SECONDS = Number(values.seconds);
/** Readers that nothing happens to, for what only looking costs. */
const QUIET_SECONDS = 5;

const percentile = (sorted: readonly number[], share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;

/** Opens a stream; `seen` is called with each event's time on this clock. Resolves with the first event. */
function openReader(url: string, seen: (at: number) => void): Promise<ClientRequest> {
  return new Promise((resolve, reject) => {
    const client = request(url, { agent: false, headers: { accept: 'text/event-stream' } });
    client.on('error', reject);
    client.on('response', (response) => {
      if (response.statusCode !== 200) reject(new Error(`the stream was answered with ${response.statusCode}`));
      response.setEncoding('utf8');
      response.on('error', () => {});
      response.on('data', (text: string) => {
        if (!text.includes('event: order')) return;
        seen(performance.now());
        resolve(client);
      });
    });
    client.end();
  });
}

const stack = await startStack(['OMS_CARRIER_URL']);
const { adminDatabaseUrl, eventHubConnectionString: connectionString, producerUrl } = stack.endpoints;
const connection = await connect(adminDatabaseUrl);

async function storeOrders(): Promise<string[]> {
  await seedProducts(adminDatabaseUrl, 100_000_000, skus);
  const sender = new BatchingSender(() => openProducerClient({ connectionString }, ORDERS_HUB), {
    deadlineMs: 60_000,
    maxPending: 100_000,
  });
  await sender.ready();
  await Promise.all(Array.from({ length: STREAMS }, (_none, index) => sender.send(toMessage(randomOrder(index)))));
  await sender.close();
  const confirmed = async () => {
    const [rows] = await connection.query<RowDataPacket[]>(
      "SELECT order_id FROM orders WHERE status = 'confirmed' ORDER BY order_seq LIMIT ?",
      [STREAMS],
    );
    // Some are declined or looked at, as in life; nearly all is enough.
    return rows.length > STREAMS * 0.8 ? rows.map((row) => uuidFromBytes(row.order_id)) : undefined;
  };
  return until('the orders are confirmed', confirmed, 60_000);
}

const clients: ClientRequest[] = [];
try {
  const ids = await storeOrders();
  const changedAt = new Map<string, number>();
  const waits: number[] = [];
  const follow = async (id: string) => {
    const seen = (at: number) => {
      const since = changedAt.get(id);
      if (since !== undefined) waits.push(at - since);
      changedAt.delete(id);
    };
    clients.push(await openReader(`${producerUrl}/api/orders/${id}/events`, seen));
  };
  for (let from = 0; from < ids.length; from += 50) await Promise.all(ids.slice(from, from + 50).map(follow));

  const pid = new Map([['producer', stack.pids.get('producer')!]]);
  const quiet = new CpuAccount(pid);
  await delay(QUIET_SECONDS * 1_000);
  const quietMs = quiet.spent().get('producer')! / QUIET_SECONDS;

  const cpu = new CpuAccount(pid);
  const start = performance.now();
  const changes = RATE * SECONDS;
  let asked = 0;
  for (let change = 0; change < changes; change++) {
    const id = ids[change % ids.length]!;
    await delay(Math.max(0, start + (change * 1_000) / RATE - performance.now()));
    // The reader has not yet been told of the last one: two changes that are seen as one are not measured.
    if (changedAt.has(id)) continue;
    await connection.query('UPDATE orders SET version = version + 1 WHERE order_id = ?', [
      Buffer.from(id.replaceAll('-', ''), 'hex'),
    ]);
    changedAt.set(id, performance.now());
    asked += 1;
  }
  const seconds = (performance.now() - start) / 1_000;
  await until('every change was told', () => waits.length === asked, 30_000);
  // To the last event: on a busy machine the work for a change may come some seconds after it.
  const busyMs = cpu.spent().get('producer')!;
  const idleMs = (quietMs * (performance.now() - start)) / 1_000;

  const sorted = waits.toSorted((a, b) => a - b);
  const extra = Math.max(0, busyMs - idleMs);
  console.log(`\n${ids.length} open streams, ${Math.round(asked / seconds)} changes/s for ${Math.round(seconds)} s`);
  console.log(
    `  change -> event: p50 ${Math.round(percentile(sorted, 0.5))} ms, p99 ${Math.round(percentile(sorted, 0.99))} ms, worst ${Math.round(sorted.at(-1)!)} ms`,
  );
  console.log(`  CPU of the order API: ${(quietMs / 10).toFixed(1)} % of a core while nothing changes`);
  console.log(`  and ${((extra / asked) * 1_000).toFixed(0)} us a change more`);
} finally {
  for (const client of clients) client.destroy();
  await connection.end();
  await stack.down();
}
