import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../../lib/runtime/logger.ts';

/** An order as it is now. */
export interface OrderNews {
  /** Grows with every change. */
  stamp: number;
  /** The view of GET /api/orders/{id} as JSON. */
  view: string;
  isFinal: boolean;
}

export interface WatchSource {
  /** Stamps of the orders that are stored. */
  stamps(orderIds: readonly string[]): Promise<Map<string, number>>;
  /** Undefined when it is not stored (yet). */
  read(orderId: string): Promise<Omit<OrderNews, 'stamp'> | undefined>;
}

export interface WatchOptions {
  everyMs: number;
  /** Orders asked about in one query. */
  batch: number;
  /** Changed orders that are read at the same time. */
  readers: number;
}

const DEFAULTS: WatchOptions = { everyMs: 250, batch: 500, readers: 4 };

type Listener = (news: OrderNews) => void;

interface Watched {
  listeners: Set<Listener>;
  news: OrderNews | undefined;
}

/**
 * Tells of changes of the orders that somebody looks at. However many look, the database is asked once a round for all
 * of them, and an order is read once a change. While nobody looks nothing is asked; while the database is away nothing is
 * told, and everything that has changed once it is back.
 */
export class OrderWatch {
  readonly #source: WatchSource;
  readonly #logger: Logger;
  readonly #options: WatchOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;
  #isAway = false;

  constructor(source: WatchSource, logger: Logger, options: Partial<WatchOptions> = {}) {
    this.#source = source;
    this.#logger = logger;
    this.#options = { ...DEFAULTS, ...options };
  }

  /** Orders that are looked at. */
  get size(): number {
    return this.#watched.size;
  }

  /**
   * The order as it is now: without a question to the database when somebody looks at it already.
   * @returns undefined when it is not stored (yet)
   */
  async look(orderId: string): Promise<OrderNews | undefined> {
    const known = this.#watched.get(orderId)?.news;
    if (known) return known;
    const stamp = (await this.#source.stamps([orderId])).get(orderId);
    const found = stamp === undefined ? undefined : await this.#source.read(orderId);
    return found && { ...found, stamp: stamp! };
  }

  /**
   * Calls `listener` with the order as it is, as soon as it is known, and at each change.
   * @param news what `look` has found
   * @returns ends it
   */
  watch(orderId: string, listener: Listener, news?: OrderNews): () => void {
    const watched = this.#watched.get(orderId) ?? { listeners: new Set(), news };
    this.#watched.set(orderId, watched);
    watched.listeners.add(listener);
    if (watched.news) listener(watched.news);
    this.#running ??= this.#run();
    return () => {
      watched.listeners.delete(listener);
      if (watched.listeners.size === 0 && this.#watched.get(orderId) === watched) this.#watched.delete(orderId);
    };
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (this.#watched.size > 0 && !signal.aborted) {
      await this.#round().then(
        () => {
          this.#isAway = false;
        },
        (error: unknown) => this.#away(error),
      );
      await delay(this.#options.everyMs, undefined, { signal }).catch(() => {});
    }
    this.#running = undefined;
  }

  #away(error: unknown): void {
    if (!this.#isAway) this.#logger.warn({ err: error }, 'orders that are watched cannot be read');
    this.#isAway = true;
  }

  async #round(): Promise<void> {
    const ids = [...this.#watched.keys()];
    const { batch } = this.#options;
    for (let from = 0; from < ids.length; from += batch) {
      const stamps = await this.#source.stamps(ids.slice(from, from + batch));
      const changed = [...stamps].filter(([id, stamp]) => this.#watched.get(id)?.news?.stamp !== stamp);
      await this.#readAll(changed);
    }
  }

  async #readAll(changed: [orderId: string, stamp: number][]): Promise<void> {
    const reader = async () => {
      for (let next = changed.pop(); next && !this.#stopped.signal.aborted; next = changed.pop())
        await this.#tell(...next);
    };
    await Promise.all(Array.from({ length: this.#options.readers }, reader));
  }

  /** The view may be newer than the stamp: then the next round finds another stamp, and the same view, once more. */
  async #tell(orderId: string, stamp: number): Promise<void> {
    const found = await this.#source.read(orderId).catch((error: unknown) => this.#away(error));
    const watched = this.#watched.get(orderId);
    if (!found || !watched) return;
    const isNew = found.view !== watched.news?.view;
    watched.news = { ...found, stamp };
    if (isNew) for (const listener of watched.listeners) listener(watched.news);
  }
}
