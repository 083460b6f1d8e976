import type { TestContext } from 'node:test';
import type { PartitionKey } from '../../apps/consumer/batch.ts';
import { consumerMetrics } from '../../apps/consumer/consumer-metrics.ts';
import type { Delivery } from '../../apps/consumer/decode.ts';
import { GapWatch } from '../../apps/consumer/gap-watch.ts';
import { OrderStore } from '../../apps/consumer/order-store.ts';
import { PartitionWorker } from '../../apps/consumer/partition-worker.ts';
import { ProductCache } from '../../apps/consumer/product-cache.ts';
import { openPool, type RowDataPacket } from '../../lib/database/connect.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { createMetrics } from '../../lib/runtime/metrics.ts';
import { startTestDatabase } from './database.ts';
import { type Asked, goodAnswer } from './order-facts.ts';
import { delivery, seedProducts } from './orders.ts';

export const PARTITION: PartitionKey = {
  namespace: 'localhost',
  hub: 'orders',
  consumerGroup: 'oms-core',
  partitionId: 0,
  hubCreatedAt: new Date('2026-01-01T00:00:00Z'),
};

/** The consumer of one partition on a database of its own, without a hub: the test delivers. */
export async function startConsumerWorker(t: TestContext, { onHand = 100 } = {}) {
  const database = await startTestDatabase(t);
  await seedProducts(database.url, onHand);
  const pool = openPool(database.appUrl, { connectionLimit: 3, multipleStatements: true });
  const stopping = new AbortController();
  t.after(async () => {
    stopping.abort();
    await pool.end();
  });
  let clock: number | undefined;
  const store = new OrderStore(pool, { now: () => clock ?? Date.now() });
  const registry = createMetrics('consumer');
  const asked: Asked[] = [];
  const newWorker = async () =>
    new PartitionWorker(PARTITION, await store.takeOver(PARTITION), {
      store,
      products: new ProductCache(pool),
      metrics: consumerMetrics(registry),
      logger: createLogger('consumer', 'silent'),
      gaps: new GapWatch(),
      signal: stopping.signal,
      onCommit: (_partition, { ops }) => asked.push(...ops),
    });
  let worker = await newWorker();
  let sequence = 0;
  const delivered: object[] = [];

  /** Delivers events as one batch, in their order. */
  const deliver = async (...events: object[]) => {
    delivered.push(...events);
    await worker.process(events.map((event) => delivery(event, sequence++)));
  };
  return {
    database,
    pool,
    store,
    asked,
    /** Every event so far. */
    delivered,
    get worker() {
      return worker;
    },
    deliver,
    /** Delivers an event with application properties. */
    async deliverWith(event: object, properties: Delivery['properties']) {
      await worker.process([{ ...delivery(event, sequence++), properties }]);
    },
    /** Answers every request to the outside well, and those that come of it, until there are none. */
    async answerAll() {
      while (asked.length > 0) await deliver(...asked.splice(0).flatMap((one) => goodAnswer(one) ?? []));
    },
    /** Sets the consumer's clock. */
    setClock(ms: number | undefined) {
      clock = ms;
    },
    /** Another consumer takes the partition over. */
    async takeOver() {
      worker = await newWorker();
    },
    rows: async (sql: string) => (await pool.query<RowDataPacket[]>(sql))[0].map((row) => ({ ...row })),
    metric: async (name: string) => (await registry.getSingleMetric(name)?.get())?.values ?? [],
  };
}
