import { setTimeout as delay } from 'node:timers/promises';
import type { EventData } from '@azure/event-hubs';

/** The part of the SDK's EventHubProducerClient that is used here. */
export interface BatchClient {
  getPartitionIds(options: { abortSignal: AbortSignal }): Promise<string[]>;
  sendBatch(batch: EventData[], options: { partitionId: string; abortSignal: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}

/** A client that has reached the hub. */
export interface HubSession {
  client: BatchClient;
  partitions: number;
  /** The sends under way. */
  attempts: Set<AbortController>;
  /** When the hub answered last, on the clock of performance.now(). */
  answeredAt: number;
}

/** What a connection tells whoever uses it. */
export interface ConnectionEvents {
  /** After every connect: there is a session again, of a hub with so many partitions. */
  connected(partitions: number): void;
  /** A session was given up, and why. */
  lost(cause: Error): void;
}

const CONNECT_DEADLINE_MS = 1_500;

/** Eager for a second, because a hub that is restarted is back in less; after that once a second and jittered. */
const EAGER_TRIES = 10;
const pauseAfter = (tries: number): number => (tries < EAGER_TRIES ? 100 : 500 + Math.random() * 500);

async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const controller = new AbortController();
  const timer = setTimeout(() => {
    // The SDK does not always listen.
    controller.abort();
    late.reject(new Error(`the hub did not answer within ${ms} ms`));
  }, ms);
  try {
    return await Promise.race([work(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Closing what is broken may fail or hang; nothing waits for it. */
function discard(client: BatchClient): void {
  client.close().catch(() => {});
}

/**
 * Keeps one SDK client connected to a hub. A client whose connection broke is thrown away for a new one: when many
 * sends find the connection gone at once, each makes the SDK reconnect, and one time in six it never sends again.
 */
export class HubConnection {
  readonly #open: () => Promise<BatchClient>;
  readonly #events: ConnectionEvents;
  readonly #stopped = new AbortController();
  #session: HubSession | undefined;
  #next = Promise.withResolvers<void>();
  #connecting: Promise<void>;
  #trouble = new Error('the hub has not been reached yet');

  constructor(open: () => Promise<BatchClient>, events: ConnectionEvents) {
    this.#open = open;
    this.#events = events;
    this.#connecting = this.#connect();
  }

  /** The session there is; undefined while there is no connection. */
  get current(): HubSession | undefined {
    return this.#session;
  }

  /** Resolves when there is a session. */
  async connected(): Promise<void> {
    if (!this.#session) await this.#next.promise;
  }

  /** Gives a broken session up: ends the sends under way on it and connects anew. Once per session. */
  giveUp(session: HubSession, cause: Error): void {
    if (session !== this.#session) return;
    this.#session = undefined;
    this.#next = Promise.withResolvers();
    this.#trouble = cause;
    this.#events.lost(cause);
    for (const attempt of session.attempts) attempt.abort();
    discard(session.client);
    this.#connecting = this.#connect();
  }

  /** Asks the hub something. Rejects with the reason when it cannot be reached within `timeoutMs`. */
  async check(timeoutMs: number): Promise<void> {
    const session = this.#session;
    if (!session) throw this.#trouble;
    await within(timeoutMs, (abortSignal) => session.client.getPartitionIds({ abortSignal }));
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#connecting;
    await this.#session?.client.close();
  }

  async #connect(): Promise<void> {
    const { signal } = this.#stopped;
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        const session = await this.#openSession();
        this.#session = session;
        this.#events.connected(session.partitions);
        this.#next.resolve();
        return;
      } catch (error) {
        this.#trouble = error as Error;
        await delay(pauseAfter(tries), undefined, { signal }).catch(() => {});
      }
    }
  }

  async #openSession(): Promise<HubSession> {
    const client = await this.#open();
    try {
      const ids = await within(CONNECT_DEADLINE_MS, (abortSignal) => client.getPartitionIds({ abortSignal }));
      return { client, partitions: ids.length, attempts: new Set(), answeredAt: performance.now() };
    } catch (error) {
      discard(client);
      throw error;
    }
  }
}
