import type { FastifyInstance } from 'fastify';
import { openPool, type Pool } from '../../lib/database/connect.ts';
import { withConnection } from '../../lib/database/with-connection.ts';
import type { Running } from '../../lib/runtime/lifecycle.ts';
import { listenOrStop } from '../../lib/runtime/listen.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { createMetrics, type Registry } from '../../lib/runtime/metrics.ts';
import { addProbes, type Checks } from '../../lib/runtime/probes.ts';
import { BatchingSender, type EventSender } from '../../lib/streaming/batching-sender.ts';
import { type Namespace, openProducerClient } from '../../lib/streaming/event-hubs.ts';
import type { AskDesk } from './ask/ask-desk.ts';
import { type AskSettings, openAskDesk } from './ask/open-desk.ts';
import { CatalogueCache } from './catalogue/catalogue-cache.ts';
import { databaseCatalogue } from './catalogue/database-catalogue.ts';
import { databaseShelf } from './catalogue/database-shelf.ts';
import { Shelf } from './catalogue/shelf.ts';
import type { StripeLookup } from './hooks/stripe-lookup.ts';
import { createServer, type HttpTimeouts } from './http/server.ts';
import { type BoardSource, databaseBoard } from './live/board-source.ts';
import { HubWatch } from './live/hub-places.ts';
import { databaseOrders, type StoredOrders } from './orders/stored-orders.ts';
import { type ProducerMetrics, producerMetrics } from './producer-metrics.ts';
import { addRoutes, type Secrets } from './routes.ts';

const CHECK_DEADLINE_MS = 900;

/** Facts can wait longer than a buyer, and there may be many at once: whoever sends them sends them again. */
const FACT_LIMITS = { deadlineMs: 5_000, maxPending: 20_000 };

export interface ProducerParts {
  sender: EventSender & Pick<BatchingSender, 'check'>;
  /** A connection of its own for facts: a flood of them never stands in the way of an order. */
  facts: EventSender;
  catalogue: CatalogueCache;
  shelf: Shelf;
  orders: StoredOrders;
  readBoard: BoardSource;
  ask?: AskDesk | undefined;
  timeZone?: string;
  pool: Pool;
  secrets: Secrets;
  stripe?: StripeLookup | undefined;
  registry: Registry;
  metrics: ProducerMetrics;
  logger: Logger;
  timeouts?: HttpTimeouts;
}

/** Orders are taken without the database, once the catalogue is loaded: its absence is shown, not held against us. */
function readiness({ sender, catalogue, pool }: ProducerParts): Checks {
  return {
    hub: async () => {
      await sender.check(CHECK_DEADLINE_MS);
      return { ok: true };
    },
    catalogue: async () => ({
      ok: catalogue.loaded,
      detail: catalogue.loaded ? `${catalogue.size} products` : `not loaded: ${catalogue.trouble ?? 'loading'}`,
    }),
    database: async () => {
      const check = withConnection(pool, CHECK_DEADLINE_MS, (connection) => connection.ping());
      return check.then(
        () => ({ ok: true }),
        (error: Error & { code?: string }) => ({ ok: true, detail: `away: ${error.code ?? error.message}` }),
      );
    },
  };
}

/** The order API as a server that does not listen yet. */
export function buildApp(parts: ProducerParts): FastifyInstance {
  const { registry, metrics, logger } = parts;
  const app = createServer(logger, parts.timeouts);
  metrics.observe(app);
  addProbes(app, registry, readiness(parts));
  addRoutes(app, parts);
  return app;
}

export interface ProducerOptions {
  namespace: Namespace;
  /** Hub that orders go to. */
  ordersHub: string;
  databaseUrl: string;
  secrets?: Secrets;
  stripe?: StripeLookup;
  ask?: AskSettings;
  /** Port 0 takes any free one. */
  http: { host: string; port: number };
  timeouts?: HttpTimeouts;
}

export interface RunningProducer extends Running {
  port: number;
}

/** Takes orders over HTTP until stopped. It starts without the hub and without the database, and waits for both. */
export async function startProducer(options: ProducerOptions, logger: Logger): Promise<RunningProducer> {
  const { ordersHub, http, secrets = {} } = options;
  const registry = createMetrics('producer');
  const metrics: ProducerMetrics = producerMetrics(registry, ordersHub, () => sender.pending + facts.pending);
  const openClient = () => openProducerClient(options.namespace, ordersHub);
  const report = {
    onBatch: metrics.batch,
    onLost: (cause: Error) => logger.warn({ reason: cause.message }, 'connection to the hub lost, opening another'),
  };
  const sender = new BatchingSender(openClient, report);
  const facts = new BatchingSender(openClient, { ...report, ...FACT_LIMITS });
  const pool = openPool(options.databaseUrl);
  const catalogue = new CatalogueCache(databaseCatalogue(pool), logger);
  const shelf = new Shelf(databaseShelf(pool), logger);
  const ask = await openAskDesk(options.ask ?? {}, logger);
  const hubWatch = new HubWatch(options.namespace, ordersHub);
  const app = buildApp({
    ...{ sender, facts, catalogue, shelf, pool, registry, metrics, logger, secrets },
    orders: databaseOrders(pool),
    readBoard: databaseBoard(pool, ordersHub, () => hubWatch.places()),
    ask,
    ...(options.ask && { timeZone: options.ask.timeZone }),
    stripe: options.stripe,
    ...(options.timeouts && { timeouts: options.timeouts }),
  });
  const stop = async () => {
    // Who waits for a language model is answered by rules first.
    const askClosed = ask?.close();
    await app.close();
    await Promise.all([sender.close(), facts.close(), hubWatch.close()]);
    await Promise.all([catalogue.stop(), shelf.stop(), askClosed]);
    await pool.end();
  };
  return { port: await listenOrStop(app, http, stop, logger), stop };
}
