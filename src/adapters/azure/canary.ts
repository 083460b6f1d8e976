import { setTimeout as delay } from 'node:timers/promises';
import type { EventHubConsumerClient, EventHubProducerClient, ReceivedEventData } from '@azure/event-hubs';
import type { TokenCredential } from '@azure/identity';
import { canaryEvent } from '../../../lib/domain/canary-event.ts';
import { toMessage } from '../../../lib/streaming/cloud-event-message.ts';
import { partitionOf } from '../../../lib/streaming/partition-key.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { ArchiveSearch } from './archive-search.ts';
import { AccessDenied, type Canary, type CanarySighting, type CanaryTarget } from './cloud.ts';
import { azureFailure, tooLate } from './failures.ts';

export interface CanaryOptions {
  credential: TokenCredential;
  /** How long the event may be on its way back. */
  receiveMs?: number;
  /** Between two looks into the archive. */
  pollMs?: number;
}

/** An attempt includes asking az for a token, which is slow the first time. */
const RETRIES = { timeoutInMs: 30_000, maxRetries: 1, retryDelayInMs: 1_000 };
const RECEIVE_MS = 60_000;
const POLL_MS = 15_000;
/** One look reads a few files of some megabytes; the SDK itself would wait for ever. */
const LOOK_MS = 120_000;

interface Clients {
  producer: EventHubProducerClient;
  consumer: EventHubConsumerClient;
}

/** What the SDK tried more than once fails with all the failures in a bundle that says nothing itself. */
const lastOf = (error: unknown): unknown =>
  error instanceof AggregateError && error.errors.length > 0 ? lastOf(error.errors.at(-1)) : error;

/** Does work with one of Azure's services; a denial is told apart, because it may pass. */
async function permitted<Result>(right: AccessDenied['right'], work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (failure) {
    const error = lastOf(failure);
    throw isDenied(error) ? new AccessDenied(right, error) : error;
  }
}

/** The firewall's refusal has the same code as a missing role, and never passes. */
const isFirewall = (error: Error): boolean => /prevented to connect|public network access/i.test(error.message);

function isDenied(error: unknown): error is Error {
  if (!(error instanceof Error) || isFirewall(error)) return false;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  return code === 'UnauthorizedError' || statusCode === 403;
}

const sendAt = ({ host, hub, gateway }: CanaryTarget) => `hub ${hub} at ${gateway ?? host}`;

function hubFailure(target: CanaryTarget, error: unknown): unknown {
  if (error instanceof OmsError || error instanceof AccessDenied) return error;
  // What the SDK says of a token that az cannot give, an SDK of Resource Manager says too.
  const failure = azureFailure(`take the canary at ${sendAt(target)}`, error);
  if (failure.code !== 'azure_failed') return failure;
  const next = isFirewall(error as Error)
    ? [
        `allow this machine's address: oms provision --env ${target.environment} --allow-ip CIDR`,
        'or run it from the network of the private endpoint',
      ]
    : ['let port 5671 (AMQP over TLS) out to Azure, or go through a gateway: --gateway sb://HOST:PORT'];
  return new OmsError('hub_unreachable', `the canary did not get through to ${sendAt(target)}`, {
    ...{ why: messageOf(error), next, cause: error },
  });
}

/** Waits for one event of a partition, from the place where the partition ended before. */
class Return {
  readonly #found = Promise.withResolvers<ReceivedEventData>();
  readonly #id: string;

  constructor(id: string) {
    this.#id = id;
    // Nobody may be waiting yet when it fails.
    this.#found.promise.catch(() => {});
  }

  readonly handlers = {
    processEvents: async (events: ReceivedEventData[]) => {
      const own = events.find((event) => idOf(event.body) === this.#id);
      if (own) this.#found.resolve(own);
    },
    processError: async (error: Error) => this.#found.reject(error),
  };

  async within(ms: number, signal: AbortSignal): Promise<ReceivedEventData | undefined> {
    const over = new AbortController();
    try {
      const late = delay(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) });
      return await Promise.race([this.#found.promise, late]);
    } finally {
      over.abort();
    }
  }
}

function idOf(body: unknown): string | undefined {
  if (!(body instanceof Uint8Array)) return undefined;
  try {
    return (JSON.parse(Buffer.from(body).toString()) as { id?: string } | null)?.id;
  } catch {
    return undefined;
  }
}

class AzureCanary implements Canary {
  readonly #credential: TokenCredential;
  readonly #receiveMs: number;
  readonly #pollMs: number;

  constructor({ credential, receiveMs = RECEIVE_MS, pollMs = POLL_MS }: CanaryOptions) {
    this.#credential = credential;
    this.#receiveMs = receiveMs;
    this.#pollMs = pollMs;
  }

  async roundTrip(target: CanaryTarget, id: string, signal: AbortSignal): Promise<CanarySighting> {
    // New connections every time: Azure decides what a connection may do when it is made.
    const clients = await this.#connect(target);
    try {
      return await this.#sendAndReceive(clients, target, id, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw hubFailure(target, error);
    } finally {
      await Promise.allSettled([clients.producer.close(), clients.consumer.close()]);
    }
  }

  async #connect({ host, hub, consumerGroup, gateway }: CanaryTarget): Promise<Clients> {
    const { EventHubConsumerClient, EventHubProducerClient } = await import('@azure/event-hubs');
    const options = { retryOptions: RETRIES, ...(gateway && { customEndpointAddress: gateway }) };
    return {
      producer: new EventHubProducerClient(host, hub, this.#credential, options),
      consumer: new EventHubConsumerClient(consumerGroup, host, hub, this.#credential, options),
    };
  }

  async #sendAndReceive(clients: Clients, target: CanaryTarget, id: string, abortSignal: AbortSignal) {
    const { producer, consumer } = clients;
    const options = { abortSignal };
    const ids = await permitted('send', () => producer.getPartitionIds(options));
    const partition = ids[partitionOf(id, ids.length)]!;
    const end = await permitted('receive', () => consumer.getPartitionProperties(partition, options));
    const message = toMessage(canaryEvent(id, target.environment, new Date()));
    const sentAt = performance.now();
    const sent = { body: message.body, contentType: 'application/cloudevents+json' };
    await permitted('send', () => producer.sendBatch([sent], { partitionId: partition, abortSignal }));
    const from = end.isEmpty ? -1 : end.lastEnqueuedSequenceNumber;
    const event = await permitted('receive', () => this.#receive(consumer, { partition, from, id }, abortSignal));
    if (!event) throw this.#lost(target);
    return {
      ...{ partition, sequenceNumber: event.sequenceNumber, enqueuedAt: event.enqueuedTimeUtc.toISOString() },
      roundTripMs: Math.round(performance.now() - sentAt),
    };
  }

  async #receive(
    consumer: EventHubConsumerClient,
    { partition, from, id }: { partition: string; from: number; id: string },
    signal: AbortSignal,
  ): Promise<ReceivedEventData | undefined> {
    const back = new Return(id);
    const subscription = consumer.subscribe(partition, back.handlers, {
      startPosition: { sequenceNumber: from, isInclusive: false },
      ...{ maxBatchSize: 100, maxWaitTimeInSeconds: 1, skipParsingBodyAsJson: true },
    });
    try {
      return await back.within(this.#receiveMs, signal);
    } finally {
      await subscription.close();
    }
  }

  #lost(target: CanaryTarget): OmsError {
    const { consumerGroup } = target;
    const within = `${Math.round(this.#receiveMs / 1_000)} s`;
    return new OmsError('hub_unreachable', `the canary was taken by ${sendAt(target)} and did not come back`, {
      why: `consumer group ${consumerGroup} gave nothing within ${within}`,
      next: ['run the same command again', 'look at the metrics of the namespace for throttled requests'],
    });
  }

  async inArchive(
    { hub, archive }: CanaryTarget,
    id: string,
    { partition, sequenceNumber, enqueuedAt }: CanarySighting,
    options: Parameters<Canary['inArchive']>[3],
  ): Promise<string | undefined> {
    const { ContainerClient } = await import('@azure/storage-blob');
    const address = `${archive.blobEndpoint.replace(/\/+$/, '')}/${archive.container}`;
    const since = enqueuedAt ? new Date(enqueuedAt) : new Date();
    const search = new ArchiveSearch(new ContainerClient(address, this.#credential), archive.nameFormat, {
      ...{ namespace: archive.namespace, hub, partition, sequenceNumber, since },
      matches: (event) => idOf(event.body) === id,
    });
    return this.#await(search, options);
  }

  /** Looks until the event is found or the time is up; a denial is waited for like a file that is not there yet. */
  async #await(search: ArchiveSearch, { signal, timeoutMs, onWait }: Parameters<Canary['inArchive']>[3]) {
    const startedAt = performance.now();
    for (;;) {
      const look = await this.#look(search, signal);
      if (typeof look === 'string') return look;
      const waited = performance.now() - startedAt;
      if (waited >= timeoutMs) {
        if (look) throw look;
        return undefined;
      }
      onWait?.(waited, look ? `the archive lets nobody in yet: ${look.message}` : `${search.filesRead} files read`);
      await delay(Math.min(this.#pollMs, Math.max(0, timeoutMs - waited)), undefined, { signal });
    }
  }

  async #look(search: ArchiveSearch, signal: AbortSignal): Promise<string | AccessDenied | undefined> {
    const deadline = AbortSignal.timeout(LOOK_MS);
    try {
      return await search.look(AbortSignal.any([signal, deadline]));
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.aborted) throw tooLate('read the archive', LOOK_MS, error);
      if (isDenied(error)) return new AccessDenied('read the archive', error);
      throw azureFailure('read the archive', error);
    }
  }
}

/** Sends and finds events with the SDKs, as they are; everything is signed in for with tokens. */
export function createCanary(options: CanaryOptions): Canary {
  return new AzureCanary(options);
}
