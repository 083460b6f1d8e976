import { type CatalogueProduct, readProducts } from '../../lib/database/catalogue.ts';
import type { Pool } from '../../lib/database/connect.ts';
import { ORDER_PLACED } from '../../lib/domain/order-events.ts';
import { invalidity } from '../../lib/process/place-order.ts';
import type { Decoded } from './decode.ts';

/** The catalogue in memory; what an order contradicts is read anew before the order is refused for it. */
export class ProductCache {
  readonly #pool: Pool;
  readonly #bySku = new Map<string, CatalogueProduct>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  readonly lookup = (sku: string): CatalogueProduct | undefined => this.#bySku.get(sku);

  /** Reads the products of every order that looks invalid: the catalogue may have changed since they were cached. */
  async refresh(items: readonly Decoded[]): Promise<void> {
    const skus = new Set(items.flatMap((item) => this.#doubtful(item)));
    for (const product of await readProducts(this.#pool, [...skus])) this.#bySku.set(product.sku, product);
  }

  /** The next order for one of them looks it up anew. */
  forget(skus: readonly string[]): void {
    for (const sku of skus) this.#bySku.delete(sku);
  }

  #doubtful(item: Decoded): string[] {
    if ('stock' in item) {
      const { sku } = item.stock.event.data;
      return this.#bySku.has(sku) ? [] : [sku];
    }
    if (!('order' in item) || item.order.event.type !== ORDER_PLACED) return [];
    const { data } = item.order.event;
    return invalidity(data, this.lookup) === undefined ? [] : data.lines.map((line) => line.sku);
  }
}
