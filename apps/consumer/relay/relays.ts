import type { Pool } from '../../../lib/database/connect.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { BatchingSender } from '../../../lib/streaming/batching-sender.ts';
import { type Namespace, openProducerClient } from '../../../lib/streaming/event-hubs.ts';
import type { Commit } from '../partition-worker.ts';
import { deadLetterPublisher } from './publish-dead-letters.ts';
import { stepPublisher } from './publish-steps.ts';
import { EVERY_PRODUCT, stockAlertPublisher } from './publish-stock-alerts.ts';
import { Relay } from './relay.ts';

/** Many more status events wait at once than a shop has orders in flight; the relay has no client that waits. */
const SENDER_OPTIONS = { deadlineMs: 5_000, maxPending: 10_000, lingerMs: 2 };

export interface Relays {
  /** Says what a partition has committed. Called by its owner only. */
  notify(partitionId: number, commit: Pick<Commit, 'behind' | 'productIds'>): void;
  stop(): Promise<void>;
}

/** All that the consumer publishes: steps and low stock to one hub, unusable events to another. */
export function startRelays(
  options: { namespace: Namespace; orderEventsHub: string; deadLetterHub: string },
  pool: Pool,
  logger: Logger,
  onPublished: (events: number) => void,
): Relays {
  const senderTo = (hub: string) =>
    new BatchingSender(() => openProducerClient(options.namespace, hub), SENDER_OPTIONS);
  const events = senderTo(options.orderEventsHub);
  const letters = senderTo(options.deadLetterHub);
  const steps = new Relay(stepPublisher(pool, events, onPublished), logger);
  const unusable = new Relay(deadLetterPublisher(pool, letters), logger);
  const alerts = new Relay(stockAlertPublisher(pool, events), logger);
  // Nobody knows what was committed and not looked at when the last process ended.
  alerts.notify(EVERY_PRODUCT);
  return {
    notify(partitionId, { behind, productIds }) {
      steps.notify(partitionId, behind);
      unusable.notify(partitionId, behind);
      for (const productId of productIds) alerts.notify(productId, behind);
    },
    async stop() {
      await Promise.all([steps, unusable, alerts].map((relay) => relay.stop()));
      await Promise.all([events.close(), letters.close()]);
    },
  };
}
