import { type CatalogueProduct, readProducts } from '../../lib/database/catalogue.ts';
import type { Pool } from '../../lib/database/connect.ts';
import type { PlacedDelivery } from './decode.ts';
import { invalidity } from './place-order.ts';

/** The catalogue in memory; what an order contradicts is read anew before the order is refused for it. */
export class ProductCache {
  readonly #pool: Pool;
  readonly #bySku = new Map<string, CatalogueProduct>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  readonly lookup = (sku: string): CatalogueProduct | undefined => this.#bySku.get(sku);

  /** Reads the products of every order that looks invalid: the catalogue may have changed since they were cached. */
  async refresh(placed: readonly PlacedDelivery[]): Promise<void> {
    const doubtful = placed.filter(({ event }) => invalidity(event.data, this.lookup) !== undefined);
    const skus = new Set(doubtful.flatMap(({ event }) => event.data.lines.map((line) => line.sku)));
    for (const product of await readProducts(this.#pool, [...skus])) this.#bySku.set(product.sku, product);
  }
}
