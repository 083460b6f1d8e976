import type { CheckpointStore, EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import { Type } from 'typebox';
import { EnvironmentError } from '../runtime/env.ts';

/** The environment variables that name a namespace, to be spread into the schema of an app's environment. */
export const EVENT_HUB_ENV = {
  OMS_EVENTHUB_CONNECTION_STRING: Type.Optional(Type.String({ minLength: 1 })),
  OMS_EVENTHUB_NAMESPACE: Type.Optional(Type.String({ minLength: 1 })),
};

/** A namespace by connection string (key or SAS; the local hub too), or by host name with the machine's identity. */
export type Namespace = { connectionString: string } | { host: string };

/** @throws {EnvironmentError} when neither variable is set */
export function namespaceFrom(env: {
  OMS_EVENTHUB_CONNECTION_STRING?: string;
  OMS_EVENTHUB_NAMESPACE?: string;
}): Namespace {
  if (env.OMS_EVENTHUB_CONNECTION_STRING) return { connectionString: env.OMS_EVENTHUB_CONNECTION_STRING };
  if (env.OMS_EVENTHUB_NAMESPACE) return { host: env.OMS_EVENTHUB_NAMESPACE };
  throw new EnvironmentError(
    'environment: OMS_EVENTHUB_CONNECTION_STRING is missing (or set OMS_EVENTHUB_NAMESPACE, ' +
      'such as "shop.servicebus.windows.net", to use this machine\'s identity)',
  );
}

/**
 * With the SDK's own options (60 s an attempt, 30 s between two) the first acknowledgement after a killed hub
 * takes 89 s; with an attempt of 1.5 s it takes less than half a second.
 */
const ATTEMPT_MS = 1_500;
const RETRY_DELAY_MS = 100;

/** BatchingSender tries again itself, within its deadline; two layers of retries would multiply. */
const SEND_RETRIES = { timeoutInMs: ATTEMPT_MS, retryDelayInMs: RETRY_DELAY_MS, maxRetries: 0 };
const RECEIVE_RETRIES = { timeoutInMs: ATTEMPT_MS, retryDelayInMs: RETRY_DELAY_MS, maxRetries: 10 };

/** Signing in as this machine loads a third of a second of code, so only who needs it pays. */
async function machineIdentity() {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential();
}

/** An unmodified SDK producer of `hub` (an EntityPath in the connection string must name the same hub). */
export async function openProducerClient(namespace: Namespace, hub: string): Promise<EventHubProducerClient> {
  const { EventHubProducerClient } = await import('@azure/event-hubs');
  const options = { retryOptions: { ...SEND_RETRIES } };
  return 'connectionString' in namespace
    ? new EventHubProducerClient(namespace.connectionString, hub, options)
    : new EventHubProducerClient(namespace.host, hub, await machineIdentity(), options);
}

export interface ConsumerClientOptions {
  consumerGroup: string;
  checkpointStore: CheckpointStore;
  /** Names this reader among those that share the partitions. */
  identifier: string;
}

/**
 * How partitions are shared: every free one is taken at once, a dead owner's after 5 s. (The SDK's own options
 * take one partition every 10 s, and leave a dead owner's for a minute.)
 */
const LOAD_BALANCING = {
  strategy: 'greedy',
  updateIntervalInMs: 1_000,
  partitionOwnershipExpirationIntervalInMs: 5_000,
} as const;

/** An unmodified SDK consumer of `hub`. */
export async function openConsumerClient(
  namespace: Namespace,
  hub: string,
  { consumerGroup, checkpointStore, identifier }: ConsumerClientOptions,
): Promise<EventHubConsumerClient> {
  const { EventHubConsumerClient } = await import('@azure/event-hubs');
  const options = { identifier, retryOptions: { ...RECEIVE_RETRIES }, loadBalancingOptions: LOAD_BALANCING };
  return 'connectionString' in namespace
    ? new EventHubConsumerClient(consumerGroup, namespace.connectionString, hub, checkpointStore, options)
    : new EventHubConsumerClient(consumerGroup, namespace.host, hub, await machineIdentity(), checkpointStore, options);
}

/** An unmodified SDK consumer for reading parts of `hub` from outside every consumer group of the order flow. */
export async function openReaderClient(namespace: Namespace, hub: string): Promise<EventHubConsumerClient> {
  const { EventHubConsumerClient } = await import('@azure/event-hubs');
  const options = { retryOptions: { ...RECEIVE_RETRIES } };
  const group = EventHubConsumerClient.defaultConsumerGroupName;
  return 'connectionString' in namespace
    ? new EventHubConsumerClient(group, namespace.connectionString, hub, options)
    : new EventHubConsumerClient(group, namespace.host, hub, await machineIdentity(), options);
}
