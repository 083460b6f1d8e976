import { MAX_QUANTITY } from '../../../../lib/domain/fields.ts';
import type { Product } from '../../api/catalogue.ts';
import { html, when } from '../../html/html.ts';
import type { PageContent } from '../../html/layout.ts';
import { money } from '../../html/money.ts';
import { picture } from '../../html/picture.ts';
import { categoryPath, type NamedCategory } from './categories.ts';
import { type Listing, listing } from './listing.ts';
import { productGrid, STOCK_WORDS } from './product-card.ts';

const tile = (category: NamedCategory): string => html`<li><a class="tile" href="${categoryPath(category)}">
!${picture({ sku: category.name, category: category.name, brand: '' })}
<span>${category.name}</span></a></li>`;

const chip = (category: NamedCategory, current?: string): string =>
  category.slug === current
    ? html`<li><a class="chip" aria-current="page" href="${categoryPath(category)}">${category.name}</a></li>`
    : html`<li><a class="chip" href="${categoryPath(category)}">${category.name}</a></li>`;

const chips = (categories: readonly NamedCategory[], current?: string): string =>
  html`<nav aria-label="Categories"><ul class="chips" role="list">!${categories.map((each) => chip(each, current))}</ul></nav>`;

const NOTHING_SOLD = html`<div class="message"><h1>The shelves are still empty</h1>
<p>There are no products yet. <code>oms seed</code> fills the shop.</p></div>`;

export function homePage(categories: readonly NamedCategory[], bestsellers: readonly Product[]): PageContent {
  const main = html`<section class="hero"><h1>Good things, plainly sold</h1>
<p>Browse, order, and watch your parcel come home.</p></section>
<section aria-labelledby="categories"><h2 id="categories">Shop by category</h2>
<ul class="tiles" role="list">!${categories.map(tile)}</ul></section>
<section aria-labelledby="bestsellers"><h2 id="bestsellers">What others like</h2>
!${productGrid(bestsellers)}</section>`;
  const description = 'Browse the catalogue by category and see what others like.';
  return { title: 'Welcome', description, main: bestsellers.length > 0 ? main : NOTHING_SOLD };
}

export function categoryPage(category: NamedCategory, categories: readonly NamedCategory[], one: Listing): PageContent {
  const main = html`!${chips(categories, category.slug)}<h1>${category.name}</h1>!${listing(one)}`;
  return { title: category.name, description: `${category.name}: ${one.found.total} products.`, main };
}

const nothingFound = (q: string): string => html`<div class="message"><h1>Nothing found for “${q}”</h1>
<p>Try fewer or shorter words, or look through a category.</p></div>`;

export function searchPage(categories: readonly NamedCategory[], one: Listing): PageContent {
  const q = one.query.q ?? '';
  const heading = q ? html`<h1>Results for “${q}”</h1>` : '<h1>All products</h1>';
  const found = one.found.total > 0 ? html`!${heading}!${listing(one)}` : nothingFound(q);
  return { title: q ? `Search: ${q}` : 'All products', query: q, isPrivate: true, main: chips(categories) + found };
}

const buyForm = ({ sku, name }: Product): string => html`<form class="buy" method="post" action="/cart">
<input type="hidden" name="sku" value="${sku}">
<div class="field narrow"><label for="quantity">Quantity</label>
<div class="stepper"><input id="quantity" name="quantity" type="number" inputmode="numeric" min="1" max="${MAX_QUANTITY}" value="1" required data-stepper></div></div>
<button type="submit">Add to cart<span class="hidden">: ${name}</span></button>
</form>`;

const soldOut = '<p class="note">This is sold out at the moment. Please look again later.</p>';

export interface Neighbourhood {
  category: NamedCategory | undefined;
  others: readonly Product[];
}

const crumbs = ({
  category,
}: Neighbourhood): string => html`<nav aria-label="You are here" class="crumbs"><a href="/">Shop</a>
!${category ? html`<span aria-hidden="true">/</span> <a href="${categoryPath(category)}">${category.name}</a>` : ''}</nav>`;

export function productPage(product: Product, around: Neighbourhood): PageContent {
  const { name, brand, price_minor, currency, stock, sku } = product;
  const main = html`!${crumbs(around)}
<article class="product">
<div class="product-pic">!${picture(product)}</div>
<div class="product-facts">
<h1>${name}</h1>
!${when(brand, () => html`<p class="muted">by <a href="/search?q=${encodeURIComponent(brand)}">${brand}</a></p>`)}
<p class="price big">${money(price_minor, currency)}</p>
!${when(STOCK_WORDS[stock], () => html`<p class="stock ${stock}">${STOCK_WORDS[stock]}</p>`)}
!${stock === 'out_of_stock' ? soldOut : buyForm(product)}
<ul class="promises"><li>Taxes are added at the checkout, by country</li><li>Returns from the order’s own page</li></ul>
<p class="small muted">Article <code>${sku}</code></p>
</div>
</article>
!${when(around.others.length > 0, () => html`<section aria-labelledby="others"><h2 id="others">More like this</h2>!${productGrid(around.others)}</section>`)}`;
  return { title: name, description: `${name}${brand ? ` by ${brand}` : ''}, ${money(price_minor, currency)}.`, main };
}
