// Whole orders a second, on the stack of `oms up`, put into the hub directly:   node bench/orders.ts [orders] [--whole] [--rate R]
// From placed to confirmed: stock, risk, payment at the sandbox, notification. With --whole the carriers answer as well, and
// every order is labelled, captured and ready to be handed over. First as fast as it goes, with so many events under way and
// no more; then at half that rate, or R, for the time from an event in the hub to its effects in the database.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect, type RowDataPacket } from '../lib/database/connect.ts';
import { BatchingSender, type OutgoingEvent } from '../lib/streaming/batching-sender.ts';
import { toMessage } from '../lib/streaming/cloud-event-message.ts';
import { openProducerClient } from '../lib/streaming/event-hubs.ts';
import { ORDERS_HUB } from '../lib/streaming/hub-names.ts';
import { seedProducts } from '../test/helpers/orders.ts';
import { CpuAccount } from './lib/cpu.ts';
import { randomOrder, skus } from './lib/order-feed.ts';
import { Positions } from './lib/positions.ts';
import { dump, empty, loadRaw } from './lib/raw-load.ts';
import { startStack } from './lib/stack.ts';

const { values, positionals } = parseArgs({
  options: { whole: { type: 'boolean', default: false }, rate: { type: 'string' } },
  allowPositionals: true,
});
const ORDERS = Number(positionals[0] ?? 20_000);
const LATENCY_SECONDS = 10;
const WARM_UP = 2_000;
/** Events of an order: placed and authorized; then label_created and captured. */
const EVENTS_EACH = values.whole ? 4 : 2;
/** Events sent, or to be expected as answers, and not committed yet; more would only wait longer. */
const UNDER_WAY = 8_000;
const POLL_MS = 10;

const stack = await startStack(values.whole ? [] : ['OMS_CARRIER_URL']);
const { adminDatabaseUrl: url, eventHubConnectionString: connectionString } = stack.endpoints;
const connection = await connect(url);
const positions = new Positions(connection);
let generated = 0;
const nextOrders = (count: number) => Array.from({ length: count }, () => toMessage(randomOrder(generated++)));
let sent = 0;

/** Sends orders and looks at what is committed until all their events are. */
async function run(sender: BatchingSender, orders: readonly OutgoingEvent[], due: (committed: number) => number) {
  const goal = (sent + orders.length) * EVENTS_EACH;
  const acknowledged: Promise<void>[] = [];
  for (let committed = await positions.look(); committed < goal; committed = await positions.look()) {
    const upTo = Math.min(orders.length, due(committed));
    while (acknowledged.length < upTo) acknowledged.push(sender.send(orders[acknowledged.length]!));
    await delay(POLL_MS);
  }
  await Promise.all(acknowledged);
  sent += orders.length;
}

/** As many at a time as keep a certain number of events under way. */
const asFastAsItGoes = (before: number) => (committed: number) =>
  Math.floor((UNDER_WAY + committed) / EVENTS_EACH) - before;

/** By the clock, whatever becomes of them. */
function atRate(rate: number): () => number {
  const start = performance.now();
  return () => Math.floor(((performance.now() - start) / 1_000) * rate);
}

/** Transactions that the consumer has committed. */
async function transactions(): Promise<number> {
  const text = await (await fetch(`${stack.endpoints.consumerHttpUrl}/metrics`)).text();
  return Number(/^messaging_process_duration_seconds_count\{.*\} (.*)$/m.exec(text)![1]);
}

async function printBatches(before: number, orders: number): Promise<void> {
  const events = (orders * EVENTS_EACH) / ((await transactions()) - before);
  console.log(`  ${events.toFixed(0)} events a transaction`);
}

async function checkAll(): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT status, COUNT(*) AS n FROM orders GROUP BY status');
  console.log(`  ${rows.map(({ status, n }) => `${n} ${status}`).join(', ')}`);
}

function printAccount(title: string, spent: ReadonlyMap<string, number>, orders: number): void {
  const cells = [...spent].map(([name, ms]) => `${name} ${Math.round((ms / orders) * 1_000)}`);
  const total = [...spent.values()].reduce((sum, ms) => sum + ms, 0);
  console.log(`  ${title}: ${Math.round((total / orders) * 1_000)} us CPU an order: ${cells.join(', ')}`);
}

const percentile = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)];

try {
  await seedProducts(url, 100_000_000, skus);
  const sender = new BatchingSender(() => openProducerClient({ connectionString }, ORDERS_HUB), {
    deadlineMs: 60_000,
    maxPending: 100_000,
  });
  await sender.ready();
  await run(sender, nextOrders(WARM_UP), asFastAsItGoes(0));

  const orders = nextOrders(ORDERS);
  const cpu = new CpuAccount(new Map([...stack.pids, ['bench', process.pid]]));
  const before = await transactions();
  const start = performance.now();
  await run(sender, orders, asFastAsItGoes(sent));
  const seconds = (performance.now() - start) / 1_000;
  const rate = ORDERS / seconds;
  console.log(`\n${ORDERS} orders from placed to ${values.whole ? 'ready for the carrier' : 'confirmed'}`);
  console.log(`  ${Math.round(rate)} orders/s`);
  printAccount('cost', cpu.spent(), ORDERS);
  await printBatches(before, ORDERS);

  const half = values.rate === undefined ? Math.round(rate / 2) : Number(values.rate);
  const reached = positions.last;
  const beforePaced = await transactions();
  const paced = nextOrders(half * LATENCY_SECONDS);
  const pacedCpu = new CpuAccount(stack.pids);
  await run(sender, paced, atRate(half));
  printAccount(`at ${half} orders/s`, pacedCpu.spent(), paced.length);
  await printBatches(beforePaced, paced.length);
  const waits = await positions.waits(connectionString, reached);
  console.log(`  event in the hub -> committed: p50 ${percentile(waits, 0.5)} ms, p99 ${percentile(waits, 0.99)} ms`);
  await sender.close();
  await checkAll();

  const dumps = await dump(url);
  await empty(url, dumps);
  const rawCpu = new CpuAccount(new Map([['database', stack.pids.get('database')!]]));
  const rawMs = await loadRaw(url, dumps);
  const raw = (sent / rawMs) * 1_000;
  console.log(`  LOAD DATA of the same rows: ${Math.round(raw)} orders/s; ratio ${(rate / raw).toFixed(3)}`);
  printAccount('LOAD DATA', rawCpu.spent(), sent);
  console.log('  payments that go well with the retry ladder and without: oms simulate prints both');
} finally {
  await connection.end();
  await stack.down();
}
