import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { buildApp } from '../../apps/producer/app.ts';
import type { AskDesk } from '../../apps/producer/ask/ask-desk.ts';
import { CatalogueCache, type CatalogueSource } from '../../apps/producer/catalogue/catalogue-cache.ts';
import { Shelf, type ShelfSource } from '../../apps/producer/catalogue/shelf.ts';
import type { StripeLookup } from '../../apps/producer/hooks/stripe-lookup.ts';
import type { HttpTimeouts } from '../../apps/producer/http/server.ts';
import type { BoardSource } from '../../apps/producer/live/board-source.ts';
import { databaseOrders, type StoredOrders } from '../../apps/producer/orders/stored-orders.ts';
import { producerMetrics } from '../../apps/producer/producer-metrics.ts';
import type { Secrets } from '../../apps/producer/routes.ts';
import { openPool } from '../../lib/database/connect.ts';
import type { OrderPlacedEvent } from '../../lib/domain/order-events.ts';
import type { OrderRequest } from '../../lib/domain/order-request.ts';
import { createLogger, type Logger } from '../../lib/runtime/logger.ts';
import { createMetrics } from '../../lib/runtime/metrics.ts';
import type { EventSender, OutgoingEvent } from '../../lib/streaming/batching-sender.ts';
import { until } from './until.ts';

/** An order that is good in every way, for product A of {@link catalogueSource}. */
export const ORDER: OrderRequest = {
  customer: 'c-1',
  channel: 'web',
  currency: 'USD',
  items: [{ sku: 'A', quantity: 1 }],
  ship_to: { country: 'US', city: 'Reno' },
  payment: { method: 'card', token: 'tok_ok' },
  synthetic: true,
};

const LONG_AGO = new Date('2020-01-01');
const FAR_AWAY = new Date('2099-01-01');
const coupon = (code: string, percent_off: number, valid_from: Date, valid_until: Date) => ({
  ...{ code, percent_off, valid_from, valid_until },
  free_shipping: false,
});

/** Products A, B, C at 10.00 USD; coupons OK100 (100 %), OLD10 (expired), SOON10 (not yet valid). */
export const catalogueSource = (): CatalogueSource => ({
  fingerprint: async () => '1',
  products: async () =>
    ['A', 'B', 'C'].map((sku, index) => ({
      productId: index + 1,
      sku,
      name: `Product ${sku}`,
      category: 'Toys',
      brand: 'Acme',
      price_minor: 1_000,
      currency: 'USD',
    })),
  coupons: async () => [
    coupon('OK100', 100, LONG_AGO, FAR_AWAY),
    coupon('OLD10', 10, LONG_AGO, new Date('2020-02-01')),
    coupon('SOON10', 10, new Date('2098-01-01'), FAR_AWAY),
  ],
});

/** A hub in memory that keeps what it acknowledged; `hold` makes it wait, or fail. */
export class FakeSender implements EventSender {
  readonly events: OrderPlacedEvent[] = [];
  hold: () => Promise<void> = async () => {};
  healthy = true;

  async send(message: OutgoingEvent): Promise<void> {
    await this.hold();
    this.events.push(JSON.parse(message.body.toString()));
  }

  async check(): Promise<void> {
    if (!this.healthy) throw new Error('the hub is away');
  }
}

export interface ProducerTrial {
  sender: FakeSender;
  catalogue: CatalogueCache;
  port: number;
  url: string;
  post(order: unknown, key: string, headers?: Record<string, string>): Promise<Response>;
}

/** What opens the routes of a trial that are not for everybody. */
export const SECRETS = {
  psp: 'secret-of-the-provider',
  carrier: 'secret-of-the-carrier',
  stripe: 'whsec_of-stripe-itself',
  ingest: 'secret-of-other-shops',
  admin: 'token-of-the-staff',
};

/** Everything lies there, nothing was sold. */
const EMPTY_SHELF: ShelfSource = { scarce: async () => new Map(), bestsellers: async () => [] };

interface TrialOptions {
  source?: CatalogueSource;
  shelf?: ShelfSource;
  /** What is stored; otherwise there is no database. */
  orders?: Partial<StoredOrders>;
  readBoard?: BoardSource;
  ask?: AskDesk;
  secrets?: Secrets;
  stripe?: StripeLookup;
  logger?: Logger;
  timeouts?: HttpTimeouts;
}

/** The order API on a free port with a hub in memory and no database (port 9 is discard: nobody listens). */
export async function startTrial(
  t: TestContext,
  { source, shelf, orders, secrets = SECRETS, stripe, timeouts, ...options }: TrialOptions = {},
): Promise<ProducerTrial> {
  const logger = options.logger ?? createLogger('producer', 'silent');
  const sender = new FakeSender();
  const catalogue = new CatalogueCache(source ?? catalogueSource(), logger, { refreshMs: 60_000 });
  const kept = new Shelf(shelf ?? EMPTY_SHELF, logger);
  const pool = openPool('mysql://root@127.0.0.1:9/none');
  const registry = createMetrics('producer');
  const metrics = producerMetrics(registry, 'orders', () => 0);
  const stored = { ...databaseOrders(pool), ...orders };
  const nothing = async () => Promise.reject(new Error('there is no board'));
  const parts = {
    readBoard: options.readBoard ?? nothing,
    ...{ sender, facts: sender, catalogue, shelf: kept, orders: stored, pool },
    ...{ registry, metrics, logger, secrets, stripe, ask: options.ask },
  };
  const app = buildApp({ ...parts, ...(timeouts && { timeouts }) });
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.after(async () => {
    await app.close();
    await Promise.all([catalogue.stop(), kept.stop()]);
    await pool.end();
  });
  if (!source) await until('the catalogue is loaded', () => catalogue.loaded);
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    ...{ sender, catalogue, port, url },
    post: (order, key, headers = {}) =>
      fetch(`${url}/api/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key, ...headers },
        body: JSON.stringify(order),
      }),
  };
}
