import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { openPool, type Pool } from '../../lib/database/connect.ts';
import { readOrder } from '../../lib/database/read-order.ts';
import { withConnection } from '../../lib/database/with-connection.ts';
import type { Running } from '../../lib/runtime/lifecycle.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { createMetrics, type Registry } from '../../lib/runtime/metrics.ts';
import { addProbes, type Checks } from '../../lib/runtime/probes.ts';
import { BatchingSender, type EventSender } from '../../lib/streaming/batching-sender.ts';
import { type Namespace, openProducerClient } from '../../lib/streaming/event-hubs.ts';
import { CatalogueCache } from './catalogue/catalogue-cache.ts';
import { databaseCatalogue } from './catalogue/database-catalogue.ts';
import { addProductRoutes } from './catalogue/product-routes.ts';
import { IdempotencyWindow } from './http/idempotency-window.ts';
import { addProblemRoutes } from './http/problem-routes.ts';
import { createServer, type HttpTimeouts } from './http/server.ts';
import { addOrderRoutes } from './orders/order-routes.ts';
import { OrderDesk, type TakenOrder } from './orders/take-order.ts';
import { type ProducerMetrics, producerMetrics } from './producer-metrics.ts';

/** Waiting for a connection included. */
const READ_DEADLINE_MS = 1_800;
const CHECK_DEADLINE_MS = 900;

export interface ProducerParts {
  sender: EventSender & Pick<BatchingSender, 'check'>;
  catalogue: CatalogueCache;
  pool: Pool;
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
  const { sender, catalogue, pool, registry, metrics, logger } = parts;
  const window = new IdempotencyWindow<TakenOrder>();
  const desk = new OrderDesk({ catalogue, sender, window, now: () => new Date() });
  const app = createServer(logger, parts.timeouts);
  metrics.observe(app);
  addProbes(app, registry, readiness(parts));
  addProblemRoutes(app);
  addProductRoutes(app, catalogue);
  addOrderRoutes(app, {
    take: (request, key, traceparent) => desk.take(request, key, traceparent),
    wasTaken: (orderId) => window.answerOf(orderId) !== undefined,
    read: (orderId) => withConnection(pool, READ_DEADLINE_MS, (connection) => readOrder(connection, orderId)),
    count: (outcome) => metrics.order(outcome),
  });
  return app;
}

export interface ProducerOptions {
  namespace: Namespace;
  /** Hub that orders go to. */
  ordersHub: string;
  databaseUrl: string;
  /** Port 0 takes any free one. */
  http: { host: string; port: number };
  timeouts?: HttpTimeouts;
}

export interface RunningProducer extends Running {
  port: number;
}

/** Takes orders over HTTP until stopped. It starts without the hub and without the database, and waits for both. */
export async function startProducer(options: ProducerOptions, logger: Logger): Promise<RunningProducer> {
  const { ordersHub, http } = options;
  const registry = createMetrics('producer');
  const metrics: ProducerMetrics = producerMetrics(registry, ordersHub, () => sender.pending);
  const openClient = () => openProducerClient(options.namespace, ordersHub);
  const sender = new BatchingSender(openClient, {
    onBatch: metrics.batch,
    onLost: (cause) => logger.warn({ reason: cause.message }, 'connection to the hub lost, opening another'),
  });
  const pool = openPool(options.databaseUrl);
  const catalogue = new CatalogueCache(databaseCatalogue(pool), logger);
  const app = buildApp({
    ...{ sender, catalogue, pool, registry, metrics, logger },
    ...(options.timeouts && { timeouts: options.timeouts }),
  });
  const stop = async () => {
    await app.close();
    await sender.close();
    await catalogue.stop();
    await pool.end();
  };
  try {
    await app.listen(http);
  } catch (error) {
    await stop();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  logger.info({ host: http.host, port }, 'listening');
  return { port, stop };
}
