import { fastify } from 'fastify';
import { openPool, type Pool } from '../../lib/database/connect.ts';
import type { RiskModel } from '../../lib/risk/model.ts';
import type { Running } from '../../lib/runtime/lifecycle.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { createMetrics } from '../../lib/runtime/metrics.ts';
import { addProbes, type Checks } from '../../lib/runtime/probes.ts';
import { BatchingSender } from '../../lib/streaming/batching-sender.ts';
import { type Namespace, openProducerClient } from '../../lib/streaming/event-hubs.ts';
import { consumerMetrics } from './consumer-metrics.ts';
import { GapWatch } from './gap-watch.ts';
import { OrderStore } from './order-store.ts';
import { type OutsideOptions, startOutside } from './outside/outside.ts';
import { ProductCache } from './product-cache.ts';
import { startRelays } from './relay/relays.ts';
import { Subscription } from './subscription.ts';

export interface ConsumerOptions {
  /** Unique among the consumers of the group. A name that stays takes its partitions up again at once after a crash. */
  name?: string | undefined;
  namespace: Namespace;
  /** Hub that orders arrive on. */
  ordersHub: string;
  /** Hub that their steps are published to. */
  orderEventsHub: string;
  /** Hub that unusable events are published to. */
  deadLetterHub: string;
  /** Carriers by preference. */
  carriers: readonly string[];
  /** What new orders are scored with; the model that comes with this version when there is none. */
  riskModel?: RiskModel;
  /** Who is asked for payments, parcels and counts of stock; without them what is asked waits. */
  outside?: Pick<OutsideOptions, 'performers' | 'inventory'>;
  consumerGroup: string;
  databaseUrl: string;
  http: { host: string; port: number };
}

export interface RunningConsumer extends Running {
  httpPort: number;
  /** Partitions this process reads now. */
  owned(): number[];
}

/** Two transactions at a time; four or eight were no faster. Their SQL is ready as it is: nothing to look for in it. */
const WRITERS = { connectionLimit: 2, multipleStatements: true, queryFormat: (sql: string) => sql };

/** Answers and the clock's words; what the hub does not take in time is asked for, or said, again. */
const TO_ORDERS = { deadlineMs: 5_000, maxPending: 10_000 };

function readiness(pool: Pool, subscription: Subscription): Checks {
  return {
    database: async () => {
      await pool.query('SELECT 1');
      return { ok: true };
    },
    hub: async () => {
      const { trouble } = subscription;
      return trouble === undefined ? { ok: true } : { ok: false, detail: trouble };
    },
  };
}

/**
 * Reads orders from Event Hubs and stores them in MySQL, exactly once, until stopped.
 * It starts without the hub and without the database, and waits for both.
 */
export async function startConsumer(options: ConsumerOptions, logger: Logger): Promise<RunningConsumer> {
  const stopping = new AbortController();
  const registry = createMetrics('consumer');
  const metrics = consumerMetrics(registry);
  const pool = openPool(options.databaseUrl, { connectionLimit: 6 });
  const writers = openPool(options.databaseUrl, WRITERS);
  const relays = startRelays(options, pool, logger, (events) => metrics.published.inc(events));

  const toOrders = new BatchingSender(() => openProducerClient(options.namespace, options.ordersHub), TO_ORDERS);
  let reading: Subscription | undefined;
  const owned = (): number[] => [...(reading?.owned ?? [])];
  const outside = startOutside({ performers: [], ...options.outside, pool, sender: toOrders, owned, registry, logger });

  const subscription = await Subscription.start({ ...options, hub: options.ordersHub }, pool, {
    store: new OrderStore(writers, options),
    products: new ProductCache(pool),
    metrics,
    logger,
    gaps: new GapWatch(),
    signal: stopping.signal,
    onCommit: (partitionId, commit) => {
      relays.notify(partitionId, commit);
      outside.take(commit.ops);
    },
  });
  reading = subscription;

  const http = fastify({ logger: false });
  addProbes(http, registry, readiness(pool, subscription));
  await http.listen(options.http);
  const { port } = http.server.address() as { port: number };
  logger.info({ port }, 'consumer started');

  return {
    httpPort: port,
    owned,
    async stop() {
      stopping.abort();
      await http.close();
      await subscription.stop();
      await outside.stop();
      await toOrders.close();
      await relays.stop();
      await Promise.all([pool.end(), writers.end()]);
    },
  };
}
