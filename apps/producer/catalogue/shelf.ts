import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../../lib/runtime/logger.ts';

/** What is known of the shelves besides the catalogue: how much lies there, and what sells. */
export interface ShelfSource {
  /** Pieces that can still be sold, by SKU, over all warehouses: of those products with at most `few`. */
  scarce(few: number): Promise<Map<string, number>>;
  /** SKUs of what sold most lately, best first. */
  bestsellers(): Promise<string[]>;
}

export const STOCK_WORDS = ['in_stock', 'few_left', 'out_of_stock', 'unknown'] as const;
export type StockWord = (typeof STOCK_WORDS)[number];

/** With this many pieces or fewer a product is nearly gone. */
const FEW = 5;

/** Words may be so old: what an order gets is decided when it is handled, whatever a page has said. */
const STOCK_REFRESH_MS = 5_000;
const SALES_REFRESH_MS = 60_000;
/** What a look takes, of the time from one to the next: at most a twentieth. */
const RATIO = 20;

/** Stock in words and what sells, in memory: looked after now and then, kept as it is while the database is away. */
export class Shelf {
  readonly #source: ShelfSource;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  readonly #running: Promise<unknown>;
  #scarce: Map<string, number> | undefined;
  #bestsellers: readonly string[] = [];

  constructor(source: ShelfSource, logger: Logger) {
    this.#source = source;
    this.#logger = logger;
    this.#running = Promise.all([
      this.#keep(STOCK_REFRESH_MS, async () => {
        this.#scarce = await this.#source.scarce(FEW);
      }),
      this.#keep(SALES_REFRESH_MS, async () => {
        this.#bestsellers = await this.#source.bestsellers();
      }),
    ]);
  }

  get bestsellers(): readonly string[] {
    return this.#bestsellers;
  }

  /** `unknown` until the stock was read once. */
  wordOf(sku: string): StockWord {
    if (!this.#scarce) return 'unknown';
    const pieces = this.#scarce.get(sku);
    if (pieces === undefined) return 'in_stock';
    return pieces > 0 ? 'few_left' : 'out_of_stock';
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #keep(everyMs: number, look: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopped;
    let isAway = false;
    while (!signal.aborted) {
      const start = performance.now();
      const error = await look().then(
        () => undefined,
        (failure: unknown) => failure,
      );
      if (error && !isAway) this.#logger.warn({ err: error }, 'shelves not looked after');
      isAway = error !== undefined;
      const pause = isAway ? Math.min(everyMs, 1_000) : Math.max(everyMs, (performance.now() - start) * RATIO);
      await delay(pause, undefined, { signal }).catch(() => {});
    }
  }
}
