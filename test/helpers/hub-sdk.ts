import type { TestContext } from 'node:test';
import {
  type CheckpointStore,
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs';
import type { TestHub } from './hub.ts';

/** The hub of a test hub. */
export const HUB = 'orders';
/**
 * A test does not wait between two tries as the SDK does by itself. An answer may take what a busy machine takes: a batch
 * that is sent again because of that is there twice.
 */
export const retryOptions = { maxRetries: 2, retryDelayInMs: 50, timeoutInMs: 30_000 };

/** A producer that is closed after the test. */
export function producer(t: TestContext, hub: TestHub, name = HUB): EventHubProducerClient {
  const client = new EventHubProducerClient(hub.connectionString, name, { retryOptions });
  t.after(() => client.close());
  return client;
}

interface ConsumerOptions {
  group?: string;
  store?: CheckpointStore;
  loadBalancingOptions?: {
    strategy: 'greedy';
    updateIntervalInMs: number;
    partitionOwnershipExpirationIntervalInMs: number;
  };
}

/** A consumer that is closed after the test. */
export function consumer(t: TestContext, hub: TestHub, options: ConsumerOptions = {}): EventHubConsumerClient {
  const { group = '$default', store, ...more } = options;
  const settings = { retryOptions, ...more };
  const client =
    store === undefined
      ? new EventHubConsumerClient(group, hub.connectionString, HUB, settings)
      : new EventHubConsumerClient(group, hub.connectionString, HUB, store, settings);
  t.after(() => client.close());
  return client;
}

/** What a subscription has got so far. */
export interface Collected {
  events: Array<ReceivedEventData & { partitionId: string }>;
  errors: Error[];
  close(): Promise<void>;
}

/** Subscribes and keeps everything; without a partition it reads all of them. */
export function collect(
  t: TestContext,
  client: EventHubConsumerClient,
  startPosition: EventPosition = earliestEventPosition,
  partitionId?: string,
  options: SubscribeOptions = {},
): Collected {
  const collected: Omit<Collected, 'close'> = { events: [], errors: [] };
  const handlers = {
    processEvents: async (events: ReceivedEventData[], context: { partitionId: string }) => {
      collected.events.push(...events.map((event) => ({ ...event, partitionId: context.partitionId })));
    },
    processError: async (error: Error) => {
      collected.errors.push(error);
    },
  };
  const settings = { startPosition, maxBatchSize: 100, maxWaitTimeInSeconds: 1, ...options };
  const subscription =
    partitionId === undefined
      ? client.subscribe(handlers, settings)
      : client.subscribe(partitionId, handlers, settings);
  t.after(() => subscription.close());
  return Object.assign(collected, { close: () => subscription.close() });
}

export const bodies = ({ events }: Collected) => events.map(({ body }) => body as unknown);

/** Finds in moments what the SDK takes ten seconds for. */
export const quick = {
  strategy: 'greedy',
  updateIntervalInMs: 200,
  partitionOwnershipExpirationIntervalInMs: 2000,
} as const;
