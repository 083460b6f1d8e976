import type { Product } from '../../api/catalogue.ts';
import { html, when } from '../../html/html.ts';
import { money } from '../../html/money.ts';
import { picture } from '../../html/picture.ts';

/** What people are told of the stock; nothing where nothing is known. */
export const STOCK_WORDS: Record<Product['stock'], string> = {
  in_stock: 'In stock',
  few_left: 'Only a few left',
  out_of_stock: 'Sold out',
  unknown: '',
};

export const productPath = (sku: string): string => `/p/${encodeURIComponent(sku)}`;

const isScarce = ({ stock }: Product): boolean => stock === 'few_left' || stock === 'out_of_stock';

const card = (product: Product): string => html`<li class="card">
<a href="${productPath(product.sku)}">
!${picture(product)}
<span class="card-name">${product.name}</span>
</a>
<span class="card-brand">${product.brand}</span>
<span class="card-foot"><span class="price">${money(product.price_minor, product.currency)}</span>
!${when(isScarce(product), () => html`<span class="stock ${product.stock}">${STOCK_WORDS[product.stock]}</span>`)}</span>
</li>`;

export const productGrid = (products: readonly Product[]): string =>
  html`<ul class="grid" role="list">!${products.map(card)}</ul>`;
