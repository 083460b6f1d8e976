import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { generateCatalogue } from '../../../../../src/stages/seed/generated-catalogue.ts';
import { CATEGORIES } from '../../../../../src/stages/seed/vocabulary.ts';

const options = { products: 200, units: 1_000_000, currency: 'USD', seed: 42 };
const products = await generateCatalogue(options);
const availableOf = (product: (typeof products)[number]) =>
  product.stock.reduce((sum, level) => sum + level.available, 0);
const reorderOf = (product: (typeof products)[number]) =>
  product.stock.reduce((sum, level) => sum + level.reorderPoint, 0);

suite('an invented catalogue', () => {
  test('is the same for the same seed', async () => {
    assert.deepEqual(await generateCatalogue(options), products);
    assert.notDeepEqual(await generateCatalogue({ ...options, seed: 43 }), products);
  });

  test('has every category and brand, and each product once', () => {
    assert.deepEqual(
      [...new Set(products.map(({ category }) => category))].sort(),
      CATEGORIES.map(({ name }) => name).sort(),
    );
    assert.equal(new Set(products.map(({ brand }) => brand)).size, 8);
    assert.equal(new Set(products.map(({ sku }) => sku)).size, 200);
    assert.equal(new Set(products.map(({ name }) => name)).size, 200);
  });

  test('costs are 55 to 70 % of prices', () => {
    for (const { price_minor: price, cost_minor: cost } of products) {
      assert.ok(cost >= Math.floor(price * 0.55) && cost <= Math.ceil(price * 0.7));
    }
  });

  test('the popular products have all their stock; of the others some are low and some are out', () => {
    for (const product of products.slice(0, 180)) assert.equal(availableOf(product), 1_000_000);
    const out = products.filter((product) => availableOf(product) === 0);
    const low = products.filter((product) => availableOf(product) > 0 && availableOf(product) <= reorderOf(product));
    assert.deepEqual([out.length, low.length], [2, 4]);
  });

  test('few units and few products are divided without loss', async () => {
    const small = await generateCatalogue({ ...options, products: 3, units: 4 });
    assert.deepEqual(small.map(availableOf), [4, 4, 4]);
    const none = await generateCatalogue({ ...options, products: 3, units: 0 });
    assert.deepEqual(none.map(availableOf), [0, 0, 0]);
  });

  test('prices fit the digits of their currency', async () => {
    const inYen = await generateCatalogue({ ...options, products: 50, currency: 'JPY' });
    const inDinar = await generateCatalogue({ ...options, products: 50, currency: 'KWD' });
    for (const { price_minor } of inYen) assert.equal(price_minor % 100, 99);
    for (const { price_minor } of inDinar) assert.equal(price_minor % 1_000, 990);
  });
});
