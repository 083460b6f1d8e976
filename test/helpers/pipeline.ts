import type { TestContext } from 'node:test';
import { type ConsumerOptions, type RunningConsumer, startConsumer } from '../../apps/consumer/app.ts';
import { connect, type RowDataPacket } from '../../lib/database/connect.ts';
import type { CloudEventEnvelope } from '../../lib/domain/cloud-event.ts';
import { createLogger, type LogLevel } from '../../lib/runtime/logger.ts';
import { BatchingSender } from '../../lib/streaming/batching-sender.ts';
import { toMessage } from '../../lib/streaming/cloud-event-message.ts';
import { openProducerClient } from '../../lib/streaming/event-hubs.ts';
import { startTestDatabase, type TestDatabase } from './database.ts';
import { startTestHub, type TestHub } from './hub.ts';
import { seedProducts } from './orders.ts';

const PORTION = 1_000;
/** A test that puts orders in does not measure how long that takes. */
const SEND_DEADLINE_MS = 20_000;

/** A hub, a database with products, and what is needed to put orders in and look at what comes out. */
export interface Pipeline {
  hub: TestHub;
  database: TestDatabase;
  send(events: readonly CloudEventEnvelope[]): Promise<void>;
  /** @param outside who is asked for payments and parcels; nobody when absent */
  startConsumer(outside?: ConsumerOptions['outside']): Promise<RunningConsumer>;
  /** First column of the first row, as a number. */
  count(sql: string): Promise<number>;
}

export async function startPipeline(
  t: TestContext,
  { partitions = 4, onHand = 1_000_000, logLevel = 'silent' as LogLevel, segmentBytes = 1 << 26 } = {},
): Promise<Pipeline> {
  // Hooks run in the order they are registered: consumers and sender have to go before the hub and the schema do.
  const cleanUps: (() => Promise<void>)[] = [];
  t.after(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });
  const hubs = [
    { name: 'orders', partitions, consumerGroups: ['oms-core'] },
    { name: 'order-events', partitions: 2, consumerGroups: [] },
    { name: 'orders-dlq', partitions: 1, consumerGroups: [] },
  ];
  const [hub, database] = await Promise.all([startTestHub(t, { hubs, segmentBytes }), startTestDatabase(t)]);
  await seedProducts(database.url, onHand);
  const namespace = { connectionString: hub.connectionString };
  const sender = new BatchingSender(() => openProducerClient(namespace, 'orders'), { deadlineMs: SEND_DEADLINE_MS });
  await sender.ready();
  cleanUps.push(() => sender.close());

  return {
    hub,
    database,
    async send(events) {
      // In portions that a busy machine acknowledges in time: a send that times out may be in the log twice.
      for (let sent = 0; sent < events.length; sent += PORTION) {
        await Promise.all(events.slice(sent, sent + PORTION).map((event) => sender.send(toMessage(event))));
      }
    },
    async startConsumer(outside) {
      const consumer = await startConsumer(
        {
          namespace,
          ordersHub: 'orders',
          orderEventsHub: 'order-events',
          deadLetterHub: 'orders-dlq',
          carriers: ['swiftpost', 'parcelway'],
          ...(outside ? { outside } : {}),
          consumerGroup: 'oms-core',
          databaseUrl: database.appUrl,
          http: { host: '127.0.0.1', port: 0 },
        },
        createLogger('consumer', logLevel),
      );
      let stopped: Promise<void> | undefined;
      const stop = () => {
        stopped ??= consumer.stop();
        return stopped;
      };
      cleanUps.push(stop);
      return { ...consumer, stop };
    },
    async count(sql) {
      const connection = await connect(database.url);
      const [rows] = await connection.query<RowDataPacket[]>(sql);
      await connection.end();
      return Number(Object.values(rows[0] ?? {})[0]);
    },
  };
}
