import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { CatalogueProduct } from '../../../lib/database/catalogue.ts';
import { Problem } from '../http/problem.ts';
import type { CatalogueCache } from './catalogue-cache.ts';

const SearchQuery = Type.Object(
  {
    q: Type.String({ maxLength: 100, default: '' }),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  { additionalProperties: false },
);

/** What a shop may see: not the internal number. */
const ProductView = Type.Object({
  sku: Type.String(),
  name: Type.String(),
  category: Type.String(),
  brand: Type.String(),
  price_minor: Type.Integer(),
  currency: Type.String(),
});

const toView = ({ productId: _internal, ...product }: CatalogueProduct) => product;

/** GET /api/products?q=&limit= (text taken literally) and GET /api/products/{sku}, from the cached catalogue. */
export function addProductRoutes(instance: FastifyInstance, catalogue: CatalogueCache): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const refuseUnloaded = () => {
    if (!catalogue.loaded) throw new Problem('catalogue_unavailable', 'the catalogue is not loaded yet');
  };

  app.get('/api/products', {
    schema: {
      summary: 'The catalogue.',
      querystring: SearchQuery,
      response: { 200: Type.Object({ items: Type.Array(ProductView) }) },
    },
    handler: async (request) => {
      refuseUnloaded();
      const { q, limit } = request.query;
      return { items: catalogue.search(q, limit).map(toView) };
    },
  });

  app.get('/api/products/:sku', {
    schema: { summary: 'One product.', params: Type.Object({ sku: Type.String() }), response: { 200: ProductView } },
    handler: async (request) => {
      refuseUnloaded();
      const product = catalogue.product(request.params.sku);
      if (!product) throw new Problem('not_found', 'there is no such product');
      return toView(product);
    },
  });
}
