import { type Static, Type } from 'typebox';
import type { Call, OrderApi } from './order-api.ts';

export const Product = Type.Object({
  sku: Type.String(),
  name: Type.String(),
  category: Type.String(),
  brand: Type.String(),
  price_minor: Type.Integer(),
  currency: Type.String(),
  stock: Type.Enum(['in_stock', 'few_left', 'out_of_stock', 'unknown']),
});
export type Product = Static<typeof Product>;

const Products = Type.Object({ items: Type.Array(Product) });

const Cursor = Type.Union([Type.String(), Type.Null()]);
export const ProductPage = Type.Object({
  items: Type.Array(Product),
  total: Type.Integer(),
  offset: Type.Integer(),
  next: Cursor,
  previous: Cursor,
});
export type ProductPage = Static<typeof ProductPage>;

const Category = Type.Object({ name: Type.String(), products: Type.Integer() });
export type Category = Static<typeof Category>;

/** Orders that a person can choose; the API knows the same names. */
export const SORTS = ['featured', 'price', 'price_desc', 'name', 'newest'] as const;
export type Sort = (typeof SORTS)[number];

export interface Wanted {
  q?: string | undefined;
  category?: string | undefined;
  sort?: Sort | undefined;
  /** `next` or `previous` of another page. */
  after?: string | undefined;
  limit: number;
}

function queryOf(wanted: Wanted): string {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined && value !== '');
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

/** What the order API says of the catalogue. */
export class Catalogue {
  readonly #api: OrderApi;

  constructor(api: OrderApi) {
    this.#api = api;
  }

  async categories(call: Call): Promise<Category[]> {
    const { items } = await this.#api.get('/api/categories', Type.Object({ items: Type.Array(Category) }), call);
    return items;
  }

  page(wanted: Wanted, call: Call): Promise<ProductPage> {
    return this.#api.get(`/api/products?${queryOf(wanted)}`, ProductPage, call);
  }

  product(sku: string, call: Call): Promise<Product> {
    return this.#api.get(`/api/products/${encodeURIComponent(sku)}`, Product, call);
  }

  /** In the order of `skus`; what is not sold is left out. */
  async chosen(skus: readonly string[], call: Call): Promise<Product[]> {
    if (skus.length === 0) return [];
    const list = skus.map(encodeURIComponent).join(',');
    const { items } = await this.#api.get(`/api/products:selection?sku=${list}`, Products, call);
    return items;
  }

  async bestsellers(limit: number, call: Call): Promise<Product[]> {
    const { items } = await this.#api.get(`/api/bestsellers?limit=${limit}`, Products, call);
    return items;
  }
}
