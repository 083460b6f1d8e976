import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { databaseCatalogue } from '../../apps/producer/catalogue/database-catalogue.ts';
import { databaseShelf } from '../../apps/producer/catalogue/database-shelf.ts';
import { databaseOrders } from '../../apps/producer/orders/stored-orders.ts';
import { startWeb, type WebOptions } from '../../apps/web/app.ts';
import { connect } from '../../lib/database/connect.ts';
import type { OrderEvent } from '../../lib/domain/event-types.ts';
import type { OpRequest } from '../../lib/process/external-op.ts';
import { opKey } from '../../lib/process/external-op.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { buildWebAssets } from '../../scripts/web/build-assets.ts';
import { generateCatalogue } from '../../src/stages/seed/generated-catalogue.ts';
import { insertProducts } from '../../src/stages/seed/products-table.ts';
import { startConsumerWorker } from './consumer-worker.ts';
import { type Asked, fact, goodAnswer } from './order-facts.ts';
import { startTrial } from './producer.ts';
import { until } from './until.ts';

let built: Promise<string> | undefined;

after(async () => {
  if (built) rmSync(await built, { recursive: true, force: true });
});

async function build(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'oms-assets-'));
  await buildWebAssets(folder);
  return folder;
}

/** The styles and scripts, built once for a test process. */
export function builtAssets(): Promise<string> {
  built ??= build();
  return built;
}

/** The pages on a free port, in front of the order API at `apiUrl`. */
export async function startPages(t: TestContext, apiUrl: string, options: Partial<WebOptions> = {}): Promise<string> {
  const assetsDir = await builtAssets();
  const http = { host: '127.0.0.1', port: 0 };
  const web = await startWeb(
    { apiUrl, shopName: 'Corner Store', secureCookies: false, assetsDir, http, ...options },
    createLogger('web', 'silent'),
  );
  t.after(() => web.stop());
  return `http://127.0.0.1:${web.port}`;
}

/** What the provider says to a token: its end decides, as in the sandbox. */
function answerOf(asked: Asked): OrderEvent | undefined {
  const { orderId, op } = asked;
  if (op.kind !== 'authorize') return goodAnswer(asked);
  const { token, attempt, mfa_completed, amount_minor, currency } = op.request as OpRequest<'authorize'>;
  const about = { order_id: orderId, attempt, op_key: opKey(orderId, op.kind, op.no), provider: 'test' };
  const more = { ...about, provider_ref: `ref-${attempt}`, amount_minor, currency };
  if (token?.endsWith('_decline_funds')) {
    return fact('oms.payment.declined.v1', { ...more, code: 'insufficient_funds', soft: false });
  }
  if (token?.endsWith('_mfa') && !mfa_completed) return fact('oms.payment.action_required.v1', more);
  return goodAnswer(asked);
}

/** What people name their goods: a word that no phone is wide enough for, and as long a name as there may be. */
const LONG_NAME = `Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, ${'set of very small parts, '.repeat(4)}blue`;

/** A catalogue as `oms seed` invents it, beside products A, B and C; and one with a long name. */
async function addCatalogue(url: string, products: number): Promise<void> {
  const connection = await connect(url);
  const catalogue = await generateCatalogue({ products, units: 200, currency: 'USD', seed: 7 });
  const long = { ...catalogue[0]!, sku: 'LONG', name: LONG_NAME, price_minor: 1_000 };
  await insertProducts(connection, [...catalogue, long], new Date());
  await connection.end();
}

/**
 * The whole shop: pages, the order API with its database, and a consumer that handles what the API takes within some
 * hundredths of a second, and gets the answers of a provider that goes by the end of the token.
 * @param options.products how many more than A, B and C there are
 */
export async function startWebShop(t: TestContext, { onHand = 100, products = 0, ...options } = {}) {
  const stopped = new AbortController();
  let pump = Promise.resolve();
  let delivered: Promise<unknown> = Promise.resolve();
  // Hooks run in the order in which they are registered: what is delivered needs the consumer's database to the end.
  t.after(async () => {
    stopped.abort();
    await pump;
  });
  const consumer = await startConsumerWorker(t, { onHand });
  if (products > 0) await addCatalogue(consumer.database.url, products);
  const { pool } = consumer;
  const trial = await startTrial(t, {
    source: databaseCatalogue(pool),
    shelf: databaseShelf(pool),
    orders: databaseOrders(pool),
  });
  // One batch after the other, as a partition is read: what a test delivers would come between those of the shop.
  const deliver = (...events: object[]): Promise<void> => {
    const batch = delivered.then(() => consumer.deliver(...events));
    delivered = batch.catch(() => {});
    return batch;
  };
  pump = (async () => {
    while (!stopped.signal.aborted) {
      await deliver(...trial.sender.events.splice(0));
      await deliver(...consumer.asked.splice(0).flatMap((one) => answerOf(one) ?? []));
      await delay(10);
    }
  })();
  await until('the catalogue is loaded', () => trial.catalogue.loaded);
  const url = await startPages(t, trial.url, options);
  return { ...consumer, deliver, trial, url };
}
