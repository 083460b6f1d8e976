import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Product } from '../../../../../apps/web/api/catalogue.ts';
import { layout } from '../../../../../apps/web/html/layout.ts';
import { money } from '../../../../../apps/web/html/money.ts';
import { picture } from '../../../../../apps/web/html/picture.ts';
import { homePage, productPage, searchPage } from '../../../../../apps/web/shop/browse/browse-pages.ts';
import { withSlugs } from '../../../../../apps/web/shop/browse/categories.ts';
import { cartPage } from '../../../../../apps/web/shop/cart/cart-page.ts';

const shop = { shopName: 'A & B', assets: { folder: '', url: (name: string) => `/assets/${name}` } };

const product = (text: string): Product => ({
  ...{ sku: 'A-1', name: text, category: text, brand: text },
  ...{ price_minor: 4_990, currency: 'USD', stock: 'few_left' },
});

/** Every tag of a page with its attributes, as a browser would take them; pictures, which have no text, aside. */
const tagsOf = (html: string): string[] =>
  [...html.replace(/<svg class="pic[\s\S]*?<\/svg>/g, '').matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag);

/** What is put between tags or into attributes never makes a tag, an attribute or an entity of its own. */
const HOSTILE = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'<>"\'&=`!$/ scriptonload', '{', '}'), maxLength: 40 }),
  fc.constantFrom('"><script>alert(1)</script>', "' onerror='x", '<!--', '&lt;', '!', '</title><script>'),
);

function pagesWith(text: string): string[] {
  const categories = withSlugs([{ name: text, products: 1 }]);
  const one = product(text);
  const found = { items: [one], total: 2, offset: 0, next: 'A-1', previous: null };
  const listing = { path: '/search', query: { q: text, sort: 'price' as const }, found };
  const around = { category: categories[0], others: [one] };
  const pages = [
    homePage(categories, [one]),
    searchPage(categories, listing),
    searchPage(categories, { ...listing, found: { ...found, items: [], total: 0 } }),
    productPage(one, around),
    cartPage({ lines: [{ product: one, quantity: 2 }], gone: [text] }, text),
  ];
  return pages.map((content) => layout({ ...shop, shopName: text }, content));
}

test('whatever the catalogue and the address say, no page gets a tag or an attribute from it', () => {
  // The same pages with a harmless text: which tags there may be, whatever they say.
  const shape = (html: string) => tagsOf(html).map((tag) => tag.replace(/="[^"]*"/g, '=""'));
  const harmless = pagesWith('plain').map(shape);
  fc.assert(
    fc.property(HOSTILE, (text) => {
      const filled = text.trim() === '' ? 'plain' : text;
      const shapes = pagesWith(`x${filled}`).map(shape);
      for (const [index, tags] of shapes.entries()) assert.deepEqual(tags, harmless[index]);
    }),
  );
});

test('every page has one heading of the first level, a title, a language and no script or style of its own', () => {
  for (const html of pagesWith('plain')) {
    assert.equal(html.match(/<h1\b/g)?.length, 1);
    assert.match(html, /<html lang="en">[\s\S]*<title>[^<]+ – plain<\/title>/);
    assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|<script(?! type="module" src="\/assets\/)/);
  }
});

test('a product always has the same picture; another product of its kind another one', () => {
  const one = { sku: 'A', category: 'Footwear', brand: 'Acme' };
  assert.equal(picture(one), picture({ ...one }));
  const pictures = new Set(['A', 'B', 'C', 'D', 'E', 'F'].map((sku) => picture({ ...one, sku })));
  assert.ok(pictures.size > 1);
  assert.ok(picture(one).length < 700);
});

test('addresses of categories are readable and never the same', () => {
  const names = ['Coffee & Tea', 'coffee tea', 'Köche', '本', '&&', '!'];
  const slugs = withSlugs(names.map((name) => ({ name, products: 1 }))).map(({ slug }) => slug);
  assert.deepEqual(slugs, ['coffee-tea', 'coffee-tea-2', 'koche', '本', 'category', 'category-2']);
});

test('money is written with as many digits as its currency has, whatever the currency says', () => {
  assert.deepEqual(
    [money(4_990, 'USD'), money(500, 'JPY'), money(1, 'nonsense')],
    ['$49.90', '¥500', '1 (1/100 nonsense)'],
  );
});
