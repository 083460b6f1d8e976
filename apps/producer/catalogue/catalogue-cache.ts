import { setTimeout as delay } from 'node:timers/promises';
import type { CatalogueCoupon, CatalogueProduct } from '../../../lib/database/catalogue.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { Browse } from './browse.ts';
import { mapInSlices } from './in-slices.ts';

/** Where the catalogue comes from. */
export interface CatalogueSource {
  /** Changes whenever `products` would give something else. */
  fingerprint(): Promise<string>;
  products(): Promise<CatalogueProduct[]>;
  coupons(): Promise<CatalogueCoupon[]>;
}

export interface CacheOptions {
  /** From one look at the source to the next. */
  refreshMs: number;
  /** From a failed look to the next, while nothing is loaded yet. */
  retryMs: number;
  /** An unknown SKU makes the cache look at the source, with a pause of this between two looks. */
  unknownMs: number;
}

const DEFAULTS: CacheOptions = { refreshMs: 3_000, retryMs: 250, unknownMs: 100 };

/**
 * The catalogue in memory, so that orders are taken while the database is away. It is loaded as soon as the source
 * answers, looked after every few seconds, and kept as it is when the source is away.
 */
export class CatalogueCache {
  readonly #source: CatalogueSource;
  readonly #logger: Logger;
  readonly #options: CacheOptions;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #products = new Map<string, CatalogueProduct>();
  #browse = Browse.empty();
  #coupons = new Map<string, CatalogueCoupon>();
  #fingerprint: string | undefined;
  #refreshing: Promise<void> | undefined;
  #nextLook: Promise<void> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #trouble: string | undefined;

  constructor(source: CatalogueSource, logger: Logger, options: Partial<CacheOptions> = {}) {
    this.#source = source;
    this.#logger = logger;
    this.#options = { ...DEFAULTS, ...options };
    this.#running = this.#keepFresh();
  }

  get loaded(): boolean {
    return this.#fingerprint !== undefined;
  }

  get size(): number {
    return this.#products.size;
  }

  /** Why the last look at the source failed; undefined when it did not. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  product(sku: string): CatalogueProduct | undefined {
    return this.#products.get(sku);
  }

  /** The coupon if it is valid at that moment. */
  coupon(code: string, at: Date): CatalogueCoupon | undefined {
    const coupon = this.#coupons.get(code);
    return coupon && coupon.valid_from <= at && at <= coupon.valid_until ? coupon : undefined;
  }

  /** The catalogue as it is now, to be looked through. */
  get browse(): Browse {
    return this.#browse;
  }

  /**
   * Before an SKU is called unknown: waits for a look that begins after this call, since a product may have been added
   * a moment ago. All who ask meanwhile share one look, and there is a pause between two. Never throws.
   */
  lookAgain(): Promise<void> {
    this.#nextLook ??= this.#lookNext();
    return this.#nextLook;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #keepFresh(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.#refresh();
      const pause = this.loaded ? this.#options.refreshMs : this.#options.retryMs;
      await delay(pause, undefined, { signal }).catch(() => {});
    }
  }

  async #lookNext(): Promise<void> {
    await this.#refreshing;
    const pause = this.#lookedAt + this.#options.unknownMs - performance.now();
    if (pause > 0) await delay(pause, undefined, { signal: this.#stopped.signal }).catch(() => {});
    this.#nextLook = undefined;
    await this.#refresh();
  }

  /** One look at a time, shared by all who want one. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#look().finally(() => {
      this.#refreshing = undefined;
      this.#lookedAt = performance.now();
    });
    return this.#refreshing;
  }

  async #look(): Promise<void> {
    try {
      const coupons = await this.#source.coupons();
      // Read before the products: a change in between is seen at the next look.
      const fingerprint = await this.#source.fingerprint();
      if (fingerprint !== this.#fingerprint) await this.#replace(await this.#source.products());
      this.#coupons = new Map(coupons.map((coupon) => [coupon.code, coupon]));
      this.#fingerprint = fingerprint;
      this.#report(undefined);
    } catch (error) {
      this.#report(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #replace(products: CatalogueProduct[]): Promise<void> {
    const bySku = new Map<string, CatalogueProduct>();
    await mapInSlices(products, (product) => bySku.set(product.sku, product));
    this.#browse = await Browse.of(products);
    this.#products = bySku;
    this.#logger.info({ products: products.length }, 'catalogue loaded');
  }

  #report(error: Error | undefined): void {
    const trouble = error && ((error as { code?: string }).code ?? error.message);
    if (trouble && trouble !== this.#trouble) this.#logger.warn({ err: error }, 'catalogue not refreshed');
    this.#trouble = trouble;
  }
}
