import type { CatalogueProduct } from '../../../lib/database/catalogue.ts';
import { filterInSlices, mapInSlices, sortInSlices } from './in-slices.ts';

type Order = (a: CatalogueProduct, b: CatalogueProduct) => number;

/** Prices and names may be equal: the product number, which is not, decides then. */
const byNumber: Order = (a, b) => a.productId - b.productId;
const collator = new Intl.Collator('en', { numeric: true });

/** Ways to order products; `featured` is as the catalogue has them. */
const ORDERS = {
  featured: byNumber,
  newest: (a, b) => byNumber(b, a),
  name: (a, b) => collator.compare(a.name, b.name) || byNumber(a, b),
  price: (a, b) => a.price_minor - b.price_minor || byNumber(a, b),
  price_desc: (a, b) => b.price_minor - a.price_minor || byNumber(a, b),
} satisfies Record<string, Order>;
export type Sort = keyof typeof ORDERS;
export const SORTS = Object.keys(ORDERS) as Sort[];

export interface Wanted {
  /** Every word of it is in SKU, name, category or brand, whatever its case; taken literally. */
  q: string;
  /** Exact name. */
  category?: string | undefined;
  sort: Sort;
  /** SKU of the product that the page comes after; an unknown one gives the first page. */
  after?: string | undefined;
  limit: number;
}

export interface Found {
  items: CatalogueProduct[];
  /** Of all pages. */
  total: number;
  /** How many come before the page. */
  offset: number;
  /** What to give as `after` for the page behind this one, and for the one before it; null when there is none. */
  next: string | null;
  /** Also null for the first page, which takes none. */
  previous: string | null;
}

export interface CategoryCount {
  name: string;
  products: number;
}

interface Entry {
  product: CatalogueProduct;
  /** What a search looks at, in lower case. */
  text: string;
}

const entryOf = (product: CatalogueProduct): Entry => ({
  product,
  text: [product.sku, product.name, product.category, product.brand].join('\n').toLowerCase(),
});

function countCategories(products: readonly CatalogueProduct[]): CategoryCount[] {
  const counts = new Map<string, number>();
  for (const { category } of products) counts.set(category, (counts.get(category) ?? 0) + 1);
  const categories = [...counts].map(([name, count]) => ({ name, products: count }));
  return categories.sort((a, b) => collator.compare(a.name, b.name));
}

/**
 * One state of the catalogue, ready to be looked through. Each order is made when it is first asked for. However large
 * the catalogue is, nothing here keeps others from their turn for more than some milliseconds.
 */
export class Browse {
  readonly categories: readonly CategoryCount[];
  readonly #entries: readonly Entry[];
  readonly #sorted = new Map<Sort, Promise<readonly Entry[]>>();

  private constructor(entries: readonly Entry[], categories: readonly CategoryCount[]) {
    this.categories = categories;
    this.#entries = entries;
  }

  /** Of no product at all. */
  static empty(): Browse {
    return new Browse([], []);
  }

  /** @param products by their numbers */
  static async of(products: readonly CatalogueProduct[]): Promise<Browse> {
    return new Browse(await mapInSlices(products, entryOf), countCategories(products));
  }

  async find({ q, category, sort, after, limit }: Wanted): Promise<Found> {
    const words = q.toLowerCase().split(/\s+/).filter(Boolean);
    const sorted = await this.#inOrder(sort);
    const isWanted = ({ product, text }: Entry) =>
      (category === undefined || product.category === category) && words.every((word) => text.includes(word));
    const isAll = category === undefined && words.length === 0;
    const all = isAll ? sorted : await filterInSlices(sorted, isWanted);
    const offset = after === undefined ? 0 : all.findIndex(({ product }) => product.sku === after) + 1;
    const end = offset + limit;
    return {
      items: all.slice(offset, end).map(({ product }) => product),
      total: all.length,
      offset,
      next: end < all.length ? all[end - 1]!.product.sku : null,
      previous: all[offset - limit - 1]?.product.sku ?? null,
    };
  }

  #inOrder(sort: Sort): Promise<readonly Entry[]> {
    const known = this.#sorted.get(sort);
    if (known) return known;
    const order = ORDERS[sort];
    const made = sortInSlices(this.#entries, (a, b) => order(a.product, b.product));
    this.#sorted.set(sort, made);
    return made;
  }
}
