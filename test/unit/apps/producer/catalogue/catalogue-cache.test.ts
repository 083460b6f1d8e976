import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type CacheOptions, CatalogueCache } from '../../../../../apps/producer/catalogue/catalogue-cache.ts';
import type { CatalogueCoupon, CatalogueProduct } from '../../../../../lib/database/catalogue.ts';
import { createLogger } from '../../../../../lib/runtime/logger.ts';
import { until } from '../../../../helpers/until.ts';

const product = (sku: string, name = sku): CatalogueProduct => ({
  ...{ productId: 1, sku, name, category: 'Toys', brand: 'Acme' },
  ...{ price_minor: 100, currency: 'USD' },
});

/** A catalogue that can be changed, or be away. */
class Shelf {
  items: CatalogueProduct[] = [];
  vouchers: CatalogueCoupon[] = [];
  version = 1;
  away = false;
  looks = 0;
  loads = 0;

  async fingerprint(): Promise<string> {
    if (this.away) throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
    this.looks += 1;
    return String(this.version);
  }

  async products(): Promise<CatalogueProduct[]> {
    this.loads += 1;
    return this.items;
  }

  async coupons(): Promise<CatalogueCoupon[]> {
    return this.vouchers;
  }
}

function open(t: TestContext, shelf: Shelf, options: Partial<CacheOptions> = {}): CatalogueCache {
  const cache = new CatalogueCache(shelf, createLogger('test', 'silent'), {
    retryMs: 5,
    refreshMs: 60_000,
    ...options,
  });
  t.after(() => cache.stop());
  return cache;
}

test('it is loaded as soon as the database is there, and kept when the database goes', async (t) => {
  const shelf = new Shelf();
  shelf.items = [product('A')];
  shelf.away = true;
  const cache = open(t, shelf, { refreshMs: 5 });
  await until('the reason is known', () => cache.trouble === 'ECONNREFUSED');
  assert.equal(cache.loaded, false);
  shelf.away = false;
  await until('it is loaded', () => cache.loaded);
  shelf.away = true;
  await until('the database is missed', () => cache.trouble);
  assert.equal(cache.product('A')?.price_minor, 100);
});

test('products are read again when their fingerprint changes, and only then', async (t) => {
  const shelf = new Shelf();
  const cache = open(t, shelf, { refreshMs: 2 });
  await until('it has looked a few times', () => shelf.looks > 3);
  assert.equal(shelf.loads, 1);
  shelf.items = [product('A')];
  shelf.version = 2;
  await until('the new product is there', () => cache.product('A'));
  assert.equal(cache.size, 1);
});

test('many who miss an SKU at once cause one look, and that one sees what was added just before', async (t) => {
  const shelf = new Shelf();
  const cache = open(t, shelf, { unknownMs: 20 });
  await until('it is loaded', () => cache.loaded);
  shelf.items = [product('NEW')];
  shelf.version = 2;
  await Promise.all(Array.from({ length: 10 }, () => cache.lookAgain()));
  assert.ok(cache.product('NEW'));
  assert.equal(shelf.looks, 2);
});

test('a coupon is valid from its first to its last moment', async (t) => {
  const shelf = new Shelf();
  const [from, until_] = [new Date(1_000), new Date(2_000)];
  shelf.vouchers = [{ code: 'TEN', percent_off: 10, free_shipping: false, valid_from: from, valid_until: until_ }];
  const cache = open(t, shelf);
  await until('it is loaded', () => cache.loaded);
  const valid = [999, 1_000, 2_000, 2_001].map((at) => cache.coupon('TEN', new Date(at)) !== undefined);
  assert.deepEqual(valid, [false, true, true, false]);
  assert.equal(cache.coupon('OTHER', from), undefined);
});
