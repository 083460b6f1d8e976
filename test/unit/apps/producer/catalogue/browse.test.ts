import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Browse, SORTS, type Wanted } from '../../../../../apps/producer/catalogue/browse.ts';
import type { CatalogueProduct } from '../../../../../lib/database/catalogue.ts';

const product = (
  productId: number,
  sku: string,
  name = sku,
  category = 'Toys',
  price_minor = 100,
): CatalogueProduct => ({
  ...{ productId, sku, name, category, price_minor },
  ...{ brand: 'Acme', currency: 'USD' },
});

const skusOf = async (browse: Browse, wanted: Partial<Wanted>): Promise<string[]> =>
  (await browse.find({ q: '', sort: 'featured', limit: 100, ...wanted })).items.map(({ sku }) => sku);

const CARS = [product(1, 'A-1', 'Red (a+)+$ Car'), product(2, 'A-2', 'Blue car'), product(3, 'B-1', 'Doll')];

test('a search takes its words literally, in any case and order, over SKU, name, category and brand', async () => {
  const browse = await Browse.of(CARS);
  const skus = (q: string) => skusOf(browse, { q });
  assert.deepEqual(await skus('CAR'), ['A-1', 'A-2']);
  assert.deepEqual(await skus('car  blue'), ['A-2']);
  assert.deepEqual(await skus('(a+)+$'), ['A-1']);
  assert.deepEqual(await skus('b-1'), ['B-1']);
  assert.deepEqual(await skus('acme toys'), ['A-1', 'A-2', 'B-1']);
  assert.deepEqual(await skus("' OR 1=1 -- "), []);
});

test('each order is total: equal prices and names go by number', async () => {
  const browse = await Browse.of([
    product(1, 'A', 'x 10', 'T', 5),
    product(2, 'B', 'x 9', 'T', 5),
    product(3, 'C', 'a', 'T', 1),
  ]);
  const orders = Object.fromEntries(
    await Promise.all(SORTS.map(async (sort) => [sort, (await skusOf(browse, { sort })).join('')] as const)),
  );
  assert.deepEqual(orders, { featured: 'ABC', newest: 'CBA', name: 'CBA', price: 'CAB', price_desc: 'ABC' });
});

test('categories are counted and in order of their names; one alone is a filter', async () => {
  const browse = await Browse.of([
    product(1, 'A', 'A', 'Zoo'),
    product(2, 'B', 'B', 'Art & Craft'),
    product(3, 'C', 'C', 'Zoo'),
  ]);
  assert.deepEqual(browse.categories, [
    { name: 'Art & Craft', products: 1 },
    { name: 'Zoo', products: 2 },
  ]);
  assert.deepEqual(await skusOf(browse, { category: 'Zoo' }), ['A', 'C']);
  assert.deepEqual(await skusOf(browse, { category: 'zoo' }), []);
});

test('page after page gives every product once, and back again, whatever the order and the size of a page', async () => {
  const prices = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(prices, fc.constantFrom(...SORTS), fc.integer({ min: 1, max: 7 }), async (given, sort, limit) => {
      const browse = await Browse.of(given.map((price, index) => product(index + 1, `S${index + 1}`, 'n', 'T', price)));
      const wanted = { q: '', sort, limit };
      const pages = [await browse.find(wanted)];
      while (pages.at(-1)!.next) pages.push(await browse.find({ ...wanted, after: pages.at(-1)!.next! }));
      const seen = pages.flatMap(({ items }) => items);
      assert.deepEqual(seen, (await browse.find({ ...wanted, limit: 100 })).items);
      for (const [index, page] of pages.entries()) {
        assert.equal(page.offset, index * limit);
        assert.equal(page.total, given.length);
        if (index > 0) {
          const before = await browse.find({ ...wanted, after: page.previous ?? undefined });
          assert.deepEqual(before.items, pages[index - 1]!.items);
        }
      }
    }),
  );
});

test('a page after a product that is gone is the first one', async () => {
  const browse = await Browse.of(CARS);
  assert.equal((await browse.find({ q: '', sort: 'featured', limit: 2, after: 'GONE' })).offset, 0);
});
