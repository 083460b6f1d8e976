// Orders fully processed a second, from the log to the confirmation:   node bench/processing.ts [orders]
// Stock, risk, payment at the sandbox, notification and invoice request; labels, captures and pick-ups run beside it.
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type RowDataPacket } from '../lib/database/connect.ts';
import { migrate } from '../lib/database/migrate.ts';
import { BatchingSender } from '../lib/streaming/batching-sender.ts';
import { toMessage } from '../lib/streaming/cloud-event-message.ts';
import { openProducerClient } from '../lib/streaming/event-hubs.ts';
import { findFreePort } from '../src/adapters/net/ports.ts';
import { startTestServer } from '../test/helpers/database-server.ts';
import { placedEvent, seedProducts } from '../test/helpers/orders.ts';
import { until } from '../test/helpers/until.ts';
import { startHubProgram, startProgram, stopProgram } from './lib/processes.ts';

const ORDERS = Number(process.argv[2] ?? 10_000);
const PARTITIONS = 8;
const POLL_MS = 100;
const FILL_CHUNK = 1_000;
const DEADLINE_MS = 180_000;
const SECRET = 'bench-secret-of-webhooks';
const skus = Array.from({ length: 200 }, (_none, index) => `SKU-${index}`);

const order = (n: number) =>
  placedEvent({
    key: `k${n}`,
    customer: `c-${n}`,
    items: [n % 200, (n * 7) % 199].map((index) => ({ sku: skus[index]!, quantity: 1 })),
  });

async function fillHub(connectionString: string): Promise<void> {
  const sender = new BatchingSender(() => openProducerClient({ connectionString }, 'orders'));
  await sender.ready();
  for (let sent = 0; sent < ORDERS; sent += FILL_CHUNK) {
    await Promise.all(Array.from({ length: FILL_CHUNK }, (_none, n) => sender.send(toMessage(order(sent + n)))));
  }
  await sender.close();
}

const [hub, server] = await Promise.all([startHubProgram(PARTITIONS), startTestServer()]);
const children = [hub.child];
try {
  const admin = await connect(server.url('admin'));
  for (const schema of ['oms_test_bench', 'oms_test_sandbox']) await admin.query(`CREATE DATABASE ${schema}`);
  await admin.end();
  const url = server.url('admin', 'oms_test_bench');
  await migrate(url);
  await seedProducts(url, 100_000_000, skus);
  await fillHub(hub.connectionString);

  const port = await findFreePort();
  const sandboxUrl = `http://127.0.0.1:${port}`;
  children.push(
    startProgram('apps/sandbox/main.ts', {
      OMS_SANDBOX_DATABASE_URL: server.url('admin', 'oms_test_sandbox'),
      OMS_HOOKS_URL: 'http://127.0.0.1:9',
      OMS_PSP_HOOK_SECRET: SECRET,
      OMS_CARRIER_HOOK_SECRET: SECRET,
      OMS_HTTP_PORT: String(port),
      OMS_LOG_LEVEL: 'error',
    }),
  );
  await until('the sandbox is ready', () =>
    fetch(`${sandboxUrl}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
  const env = {
    OMS_EVENTHUB_CONNECTION_STRING: hub.connectionString,
    OMS_DATABASE_URL: url,
    OMS_PAYMENT_URL: sandboxUrl,
    OMS_CARRIER_URL: sandboxUrl,
    OMS_LOG_LEVEL: 'warn',
  };
  children.push(startProgram('apps/consumer/main.ts', env, ['--max-semi-space-size=64']));

  const connection = await connect(url);
  const count = async (table: string) =>
    Number((await connection.query<RowDataPacket[]>(`SELECT COUNT(*) AS n FROM ${table}`))[0][0]!.n);
  await until('the first order is stored', async () => (await count('orders')) > 0, DEADLINE_MS);
  const start = performance.now();
  let stored: number | undefined;
  for (let confirmed = 0; confirmed < ORDERS; ) {
    await delay(POLL_MS);
    if (stored === undefined && (await count('orders')) === ORDERS) stored = performance.now() - start;
    confirmed = await count("documents WHERE kind = 'invoice'");
    if (performance.now() - start > DEADLINE_MS) throw new Error(`${confirmed} of ${ORDERS} confirmed`);
  }
  const all = performance.now() - start;
  console.log(`${ORDERS} orders: placed to confirmed ${Math.round((ORDERS / all) * 1_000)} orders/s`);
  console.log(`  stored after ${Math.round(stored ?? all)} ms, confirmed after ${Math.round(all)} ms`);
  await connection.end();
} finally {
  for (const child of children.reverse()) await stopProgram(child);
  await server.remove();
}
