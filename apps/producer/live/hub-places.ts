import { setTimeout as delay } from 'node:timers/promises';
import { type Namespace, openProducerClient } from '../../../lib/streaming/event-hubs.ts';
import { Paced } from './paced.ts';

/** How far a hub is. */
export interface HubPlaces {
  /** Identity of the hub: positions in another one of its name say nothing. */
  createdAt: Date;
  /** Sequence number of the last event, by partition; -1 when it never had one. */
  newest: ReadonlyMap<number, number>;
}

/** Event Hubs answers so many such questions a second for all that ask (docs/operations.md); this process asks rarely. */
const EVERY_MS = 5_000;
const DEADLINE_MS = 1_500;
const CLOSE_MS = 500;

type Client = Awaited<ReturnType<typeof openProducerClient>>;

async function ask(client: Client, abortSignal: AbortSignal): Promise<HubPlaces> {
  const { createdOn, partitionIds } = await client.getEventHubProperties({ abortSignal });
  const all = await Promise.all(partitionIds.map((id) => client.getPartitionProperties(id, { abortSignal })));
  const newest = new Map(
    all.map((one) => [Number(one.partitionId), one.isEmpty ? -1 : one.lastEnqueuedSequenceNumber]),
  );
  return { createdAt: createdOn, newest };
}

/** Asks a hub how far it is, on a connection of its own that is opened when it is first asked. */
export class HubWatch {
  readonly #open: () => Promise<Client>;
  readonly #paced = new Paced(() => this.#ask(), { everyMs: EVERY_MS });
  #client: Promise<Client> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(namespace: Namespace, hub: string) {
    this.#open = () => openProducerClient(namespace, hub);
  }

  /** @throws when the hub does not answer; for 5 s it is not asked again then */
  async places(): Promise<HubPlaces> {
    if (performance.now() - this.#failedAt < EVERY_MS) throw new Error('the hub did not answer a moment ago');
    return this.#paced.get();
  }

  /** Closing what is broken may hang; nothing waits for it. */
  async close(): Promise<void> {
    await Promise.race([this.#forget(), delay(CLOSE_MS, undefined, { ref: false })]);
  }

  async #ask(): Promise<HubPlaces> {
    const late = Promise.withResolvers<never>();
    const controller = new AbortController();
    const timer = setTimeout(() => {
      controller.abort();
      // The SDK does not always listen.
      late.reject(new Error(`the hub did not answer within ${DEADLINE_MS} ms`));
    }, DEADLINE_MS);
    try {
      this.#client ??= this.#open();
      return await Promise.race([ask(await this.#client, controller.signal), late.promise]);
    } catch (error) {
      this.#failedAt = performance.now();
      void this.#forget();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A client whose connection broke is not used again. */
  async #forget(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await (await client?.catch(() => undefined))?.close().catch(() => {});
  }
}
