import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { maskCardNumbers } from '../../../../lib/domain/card-number.ts';
import { Sku } from '../../../../lib/domain/fields.ts';
import { Catalogue, type Product, SORTS, type Sort } from '../../api/catalogue.ts';
import type { Call } from '../../api/order-api.ts';
import { page, type Shop } from '../../html/layout.ts';
import { callOf } from '../../http/call.ts';
import { pageNotFound } from '../../http/page-error.ts';
import type { WebParts } from '../../parts.ts';
import { categoryPage, homePage, productPage, searchPage } from './browse-pages.ts';
import { categoryPath, type NamedCategory, withSlugs } from './categories.ts';
import type { ListingQuery } from './listing.ts';

const PAGE_SIZE = 24;
const BESTSELLERS = 12;
const OTHERS = 4;
const MAX_QUERY = 100;

/** The same for everybody: whoever stands in between may keep it for seconds, and longer while we are away. */
const KEEP = 'public, max-age=0, s-maxage=10, stale-while-revalidate=30, stale-if-error=600';

const isSku = Compile(Sku);
const isSort = (text: string): text is Sort => (SORTS as readonly string[]).includes(text);

/** What the address says; what it should not say is left aside. */
function listingQuery({ query }: FastifyRequest): ListingQuery & { q: string } {
  const text = (name: string): string => {
    const value = (query as Record<string, unknown>)[name];
    return typeof value === 'string' ? value : '';
  };
  const sort = text('sort');
  const after = text('page');
  return {
    q: maskCardNumbers(text('q').slice(0, MAX_QUERY)).replace(/\p{C}/gu, ' ').trim().slice(0, MAX_QUERY),
    sort: isSort(sort) ? sort : 'featured',
    page: isSku.Check(after) ? after : undefined,
  };
}

/** The pages that show what is sold. */
class BrowseDesk {
  readonly #catalogue: Catalogue;
  readonly #shop: Shop;

  constructor({ api, assets, shopName }: WebParts) {
    this.#catalogue = new Catalogue(api);
    this.#shop = { assets, shopName };
  }

  async home(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const call = callOf(request);
    const [categories, bestsellers] = await Promise.all([
      this.#categories(call),
      this.#catalogue.bestsellers(BESTSELLERS, call),
    ]);
    return page(kept(reply), this.#shop, homePage(categories, bestsellers));
  }

  async category(request: FastifyRequest, reply: FastifyReply, slug: string): Promise<FastifyReply> {
    const call = callOf(request);
    const categories = await this.#categories(call);
    const category = categories.find((each) => each.slug === slug);
    if (!category) throw pageNotFound();
    const { sort, page: after } = listingQuery(request);
    const found = await this.#catalogue.page({ category: category.name, sort, after, limit: PAGE_SIZE }, call);
    const one = { path: categoryPath(category), query: { sort, page: after }, found };
    return page(kept(reply), this.#shop, categoryPage(category, categories, one));
  }

  async search(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const call = callOf(request);
    const query = listingQuery(request);
    const { q, sort, page: after } = query;
    const [categories, found] = await Promise.all([
      this.#categories(call),
      this.#catalogue.page({ q, sort, after, limit: PAGE_SIZE }, call),
    ]);
    return page(kept(reply), this.#shop, searchPage(categories, { path: '/search', query, found }));
  }

  async product(request: FastifyRequest, reply: FastifyReply, sku: string): Promise<FastifyReply> {
    if (!isSku.Check(sku)) throw pageNotFound();
    const call = callOf(request);
    const [product, categories] = await Promise.all([this.#catalogue.product(sku, call), this.#categories(call)]);
    const others = await this.#others(product, call);
    const category = categories.find(({ name }) => name === product.category);
    return page(kept(reply), this.#shop, productPage(product, { category, others }));
  }

  async #categories(call: Call): Promise<NamedCategory[]> {
    return withSlugs(await this.#catalogue.categories(call));
  }

  async #others({ sku, category }: Product, call: Call): Promise<Product[]> {
    const { items } = await this.#catalogue.page({ category, after: sku, limit: OTHERS }, call);
    return items.filter((other) => other.sku !== sku);
  }
}

const kept = (reply: FastifyReply): FastifyReply => reply.header('cache-control', KEEP);

/** GET /, /c/{category}, /search and /p/{sku}. */
export function addBrowseRoutes(app: FastifyInstance, parts: WebParts): void {
  const desk = new BrowseDesk(parts);
  app.get('/', (request, reply) => desk.home(request, reply));
  app.get<{ Params: { slug: string } }>('/c/:slug', (request, reply) =>
    desk.category(request, reply, request.params.slug),
  );
  app.get('/search', (request, reply) => desk.search(request, reply));
  app.get<{ Params: { sku: string } }>('/p/:sku', (request, reply) => desk.product(request, reply, request.params.sku));
}
