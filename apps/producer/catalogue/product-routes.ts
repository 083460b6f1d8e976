import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import type { CatalogueProduct } from '../../../lib/database/catalogue.ts';
import { Sku } from '../../../lib/domain/fields.ts';
import { Problem } from '../http/problem.ts';
import { SORTS } from './browse.ts';
import type { CatalogueCache } from './catalogue-cache.ts';
import { type Shelf, STOCK_WORDS } from './shelf.ts';

const closed = { additionalProperties: false };

const BrowseQuery = Type.Object(
  {
    q: Type.String({ maxLength: 100, default: '' }),
    category: Type.Optional(Type.String({ maxLength: 80, description: 'exact name' })),
    sort: Type.Enum(SORTS, { default: 'featured' }),
    after: Type.Optional({ ...Sku, description: '`next` or `previous` of another page' }),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  closed,
);

/** The most SKUs that can be asked for by name. */
const MAX_SKUS = 100;

const SelectionQuery = Type.Object(
  { sku: Type.String({ maxLength: MAX_SKUS * 65, description: `at most ${MAX_SKUS}, with commas between them` }) },
  closed,
);

const BestsellerQuery = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 48, default: 12 }) }, closed);

/** What a shop may see: not the internal number. */
const ProductView = Type.Object({
  sku: Type.String(),
  name: Type.String(),
  category: Type.String(),
  brand: Type.String(),
  price_minor: Type.Integer(),
  currency: Type.String(),
  stock: Type.Enum([...STOCK_WORDS], { description: 'some seconds old; an order is decided on when it is handled' }),
});
type ProductView = Static<typeof ProductView>;

const CursorOrNull = Type.Union([Type.String(), Type.Null()]);

const ProductPage = Type.Object({
  items: Type.Array(ProductView),
  total: Type.Integer({ description: 'of all pages' }),
  offset: Type.Integer({ description: 'how many come before this page' }),
  next: CursorOrNull,
  previous: { ...CursorOrNull, description: 'null for the first page, too' },
});

const Products = Type.Object({ items: Type.Array(ProductView) });

const Categories = Type.Object({
  items: Type.Array(Type.Object({ name: Type.String(), products: Type.Integer() })),
});

export interface ProductRouteParts {
  catalogue: CatalogueCache;
  shelf: Shelf;
}

const isKnown = (product: CatalogueProduct | undefined): product is CatalogueProduct => product !== undefined;

/** What the routes look at. Every method throws catalogue_unavailable until the catalogue is loaded. */
function loadedCatalogue({ catalogue, shelf }: ProductRouteParts) {
  const loaded = (): CatalogueCache => {
    if (!catalogue.loaded) throw new Problem('catalogue_unavailable', 'the catalogue is not loaded yet');
    return catalogue;
  };
  const toView = ({ productId: _internal, ...product }: CatalogueProduct): ProductView => ({
    ...product,
    stock: shelf.wordOf(product.sku),
  });
  return {
    categories: () => [...loaded().browse.categories],
    async page(wanted: Static<typeof BrowseQuery>) {
      const { items, ...found } = await loaded().browse.find(wanted);
      return { items: items.map(toView), ...found };
    },
    chosen: (skus: readonly string[]) =>
      skus
        .map((sku) => loaded().product(sku))
        .filter(isKnown)
        .map(toView),
    /** A shop that has sold nothing yet shows the catalogue's beginning. */
    async bestsellers(limit: number) {
      const sold = this.chosen(shelf.bestsellers.slice(0, limit));
      const { items } = await this.page({ q: '', sort: 'featured', limit });
      const missing = items.filter(({ sku }) => sold.every((one) => one.sku !== sku));
      return [...sold, ...missing].slice(0, limit);
    },
  };
}

/** GET /api/products, /api/products:selection?sku=, /api/products/{sku}, /api/categories and /api/bestsellers, all from memory. */
export function addProductRoutes(instance: FastifyInstance, parts: ProductRouteParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const shop = loadedCatalogue(parts);

  app.get('/api/products', {
    schema: { summary: 'The catalogue, page by page.', querystring: BrowseQuery, response: { 200: ProductPage } },
    handler: async (request) => shop.page(request.query),
  });

  app.get('/api/products::selection', {
    schema: {
      summary: 'Products by their SKUs; those that are not sold are left out.',
      querystring: SelectionQuery,
      response: { 200: Products },
    },
    handler: async (request) => ({ items: shop.chosen(request.query.sku.split(',').slice(0, MAX_SKUS)) }),
  });

  app.get('/api/products/:sku', {
    schema: { summary: 'One product.', params: Type.Object({ sku: Type.String() }), response: { 200: ProductView } },
    handler: async (request) => {
      const [product] = shop.chosen([request.params.sku]);
      if (!product) throw new Problem('not_found', 'there is no such product');
      return product;
    },
  });

  app.get('/api/categories', {
    schema: { summary: 'The categories, by name.', response: { 200: Categories } },
    handler: async () => ({ items: shop.categories() }),
  });

  app.get('/api/bestsellers', {
    schema: { summary: 'What sells best lately.', querystring: BestsellerQuery, response: { 200: Products } },
    handler: async (request) => ({ items: await shop.bestsellers(request.query.limit) }),
  });
}
