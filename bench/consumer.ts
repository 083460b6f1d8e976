// Stored orders a second, the log already full, from the hub to committed rows:   node bench/consumer.ts [orders] [rounds]
// In turn, each round: the consumer; the server's own LOAD DATA of the very rows it wrote; the
// SDK with a handler that drops everything; a tutorial's consumer.
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, connect, type RowDataPacket } from '../lib/database/connect.ts';
import { migrate } from '../lib/database/migrate.ts';
import { BatchingSender } from '../lib/streaming/batching-sender.ts';
import { toMessage } from '../lib/streaming/cloud-event-message.ts';
import { openProducerClient } from '../lib/streaming/event-hubs.ts';
import { startTestServer } from '../test/helpers/database-server.ts';
import { seedProducts } from '../test/helpers/orders.ts';
import { CpuAccount } from './lib/cpu.ts';
import { randomOrder, skus } from './lib/order-feed.ts';
import { startHubProgram, startProgram, stopProgram } from './lib/processes.ts';
import { dump, loadRaw } from './lib/raw-load.ts';
import { printRates } from './lib/report.ts';

const ORDERS = Number(process.argv[2] ?? 20_000);
const ROUNDS = Number(process.argv[3] ?? 3);
const PARTITIONS = 8;
const TUTORIAL_MS = 3_000;
const POLL_MS = 10;
/** Small enough that no attempt times out: a batch sent twice would be in the log twice. */
const FILL_CHUNK = 1_000;
async function fillHub(connectionString: string): Promise<void> {
  const sender = new BatchingSender(() => openProducerClient({ connectionString }, 'orders'));
  await sender.ready();
  for (let sent = 0; sent < ORDERS; sent += FILL_CHUNK) {
    await Promise.all(Array.from({ length: FILL_CHUNK }, (_, n) => sender.send(toMessage(randomOrder(sent + n)))));
  }
  await sender.close();
}

async function progress(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT SUM(sequence_number + 1) AS n FROM consumer_checkpoints',
  );
  return Number(rows[0]?.n ?? 0);
}

async function databasePid(): Promise<number> {
  const file = (await readdir(server.dataDir)).find((name) => name.endsWith('.pid'))!;
  return Number(await readFile(join(server.dataDir, file), 'utf8'));
}

async function measureConsumer(connectionString: string, url: string): Promise<number> {
  const connection = await connect(url);
  const env = { OMS_EVENTHUB_CONNECTION_STRING: connectionString, OMS_DATABASE_URL: url, OMS_LOG_LEVEL: 'warn' };
  const consumer = startProgram('apps/consumer/main.ts', env, ['--max-semi-space-size=64']);
  const cpu = new CpuAccount(
    new Map([
      ['consumer', consumer.pid!],
      ['database', await databasePid()],
      ['hub', hub.child.pid!],
    ]),
  );
  let first = { at: 0, stored: 0 };
  for (;;) {
    const stored = await progress(connection);
    if (stored > 0 && first.at === 0) first = { at: performance.now(), stored };
    if (stored === ORDERS) break;
    await delay(POLL_MS);
  }
  const rate = ((ORDERS - first.stored) / (performance.now() - first.at)) * 1_000;
  printCpu(cpu.spent());
  await stopProgram(consumer);
  await connection.end();
  return rate;
}

const printCpu = (spent: ReadonlyMap<string, number>) => {
  const cells = [...spent].map(([name, ms]) => `${name} ${Math.round((ms / ORDERS) * 1_000)}`);
  console.log(`  us CPU an order, the consumer's start included: ${cells.join(', ')}`);
};

/** What the SDK alone takes on: the same options, every event dropped. */
async function measureSdk(connectionString: string): Promise<number> {
  const child = startProgram(
    'bench/fixtures/sdk-consumer.ts',
    { CONNECTION_STRING: connectionString, EVENTS: `${ORDERS}` },
    ['--max-semi-space-size=64'],
  );
  const [rate] = (await once(child, 'message')) as [number];
  await stopProgram(child);
  return rate;
}

async function measureTutorial(connectionString: string, url: string): Promise<number> {
  const connection = await connect(url);
  const stored = async () =>
    Number((await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM orders'))[0][0]!.n);
  const tutorial = startProgram('bench/fixtures/tutorial-consumer.ts', {
    CONNECTION_STRING: connectionString,
    DATABASE_URL: url,
  });
  while ((await stored()) === 0) await delay(POLL_MS);
  const [before, at] = [await stored(), performance.now()];
  await delay(TUTORIAL_MS);
  const rate = (((await stored()) - before) / (performance.now() - at)) * 1_000;
  await stopProgram(tutorial);
  await connection.end();
  return rate;
}

const [hub, server] = await Promise.all([startHubProgram(PARTITIONS), startTestServer()]);
let schemas = 0;
async function freshSchema(products: boolean): Promise<string> {
  const schema = `oms_test_bench${schemas++}`;
  const admin = await connect(server.url('admin'));
  await admin.query(`CREATE DATABASE ${schema}`);
  await admin.end();
  const url = server.url('admin', schema);
  await migrate(url);
  if (products) await seedProducts(url, 100_000_000, skus);
  return url;
}

try {
  await fillHub(hub.connectionString);
  const runs: Record<string, number[]> = {
    'LOAD DATA of the same rows': [],
    consumer: [],
    'the SDK alone': [],
    "tutorial's consumer": [],
  };
  for (let round = 0; round < ROUNDS; round++) {
    const url = await freshSchema(true);
    runs.consumer!.push(await measureConsumer(hub.connectionString, url));
    runs['LOAD DATA of the same rows']!.push(
      (ORDERS / (await loadRaw(await freshSchema(false), await dump(url)))) * 1_000,
    );
    runs['the SDK alone']!.push(await measureSdk(hub.connectionString));
    runs["tutorial's consumer"]!.push(await measureTutorial(hub.connectionString, await freshSchema(false)));
  }
  printRates(`${ORDERS} orders, ${ROUNDS} rounds`, 'orders/s', runs, 'LOAD DATA of the same rows');
  const times = runs.consumer!.map((rate, index) => rate / runs["tutorial's consumer"]![index]!);
  console.log(`  consumer / tutorial: ${times.map((ratio) => ratio.toFixed(1)).join(' ')}`);
} finally {
  await stopProgram(hub.child);
  await server.remove();
}
