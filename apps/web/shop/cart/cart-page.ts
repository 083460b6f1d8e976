import { MAX_QUANTITY } from '../../../../lib/domain/fields.ts';
import { html, when } from '../../html/html.ts';
import type { PageContent } from '../../html/layout.ts';
import { money } from '../../html/money.ts';
import { notice } from '../../html/notice.ts';
import { picture } from '../../html/picture.ts';
import { productPath, STOCK_WORDS } from '../browse/product-card.ts';
import { type PricedCart, type PricedLine, subtotals } from './priced-cart.ts';

/** What just happened, by the word in the address. */
const NEWS: Record<string, string> = {
  added: 'Added to your cart.',
  changed: 'Your cart is up to date.',
  full: 'Your cart is full: please order first, or take something out.',
  refused: 'That could not be added. Please check the quantity.',
  forgotten: 'Your browser keeps no cookies of this site, and a cart needs one. Please allow them and add it again.',
  mixed: 'These prices are in different currencies. Please order one currency at a time: take the others out for now.',
};

const stockNote = ({ product: { stock } }: PricedLine): string =>
  when(
    stock === 'out_of_stock' || stock === 'few_left',
    () => html`<span class="stock ${stock}">${STOCK_WORDS[stock]}</span>`,
  );

const line = (one: PricedLine, index: number): string => {
  const { product, quantity } = one;
  const { sku, name, currency, price_minor } = product;
  return html`<li class="cart-line">
!${picture(product)}
<div class="cart-what"><a href="${productPath(sku)}">${name}</a>
<span class="muted">${money(price_minor, currency)} each</span>!${stockNote(one)}</div>
<div class="field narrow"><label class="hidden" for="q${index}">Quantity of ${name}</label>
<input type="hidden" name="sku" value="${sku}">
<div class="stepper"><input id="q${index}" name="quantity" type="number" inputmode="numeric" min="0" max="${MAX_QUANTITY}" value="${quantity}" required data-stepper data-submit-on-change></div></div>
<span class="price">${money(price_minor * quantity, currency)}</span>
<button class="link" name="remove" value="${sku}">Remove<span class="hidden"> ${name}</span></button>
</li>`;
};

const goneNote = (gone: readonly string[]): string =>
  notice('warning', `No longer sold, so not in your cart any more: ${gone.join(', ')}.`);

const filled = ({ lines }: PricedCart): string => html`<form class="cart" method="post" action="/cart/lines">
<button class="hidden" type="submit" tabindex="-1" aria-hidden="true">Update cart</button>
<ul class="lines" role="list">!${lines.map(line)}</ul>
<div class="bar"><a href="/">Keep looking</a><button class="quiet" type="submit">Update cart</button></div>
</form>
<section class="summary" aria-labelledby="summary"><h2 id="summary">Summary</h2>
<dl>!${subtotals(lines).map(([currency, sum]) => html`<div><dt>Goods</dt><dd class="price">${money(sum, currency)}</dd></div>`)}</dl>
<p class="small muted">Tax and shipping are worked out at the checkout.</p>
<a class="button wide-button" href="/checkout">Go to checkout</a></section>`;

const EMPTY = html`<div class="message"><h1>Your cart is empty</h1><p>Whatever you put in stays here for half a year.</p>
<p><a class="button" href="/">Have a look around</a></p></div>`;

/** @param news the word in the address that says what just happened */
export function cartPage(cart: PricedCart, news: string): PageContent {
  const told = Object.hasOwn(NEWS, news)
    ? notice(news === 'added' || news === 'changed' ? 'good' : 'warning', NEWS[news]!)
    : '';
  const gone = when(cart.gone.length > 0, () => goneNote(cart.gone));
  const isEmpty = cart.lines.length === 0;
  const body = isEmpty ? EMPTY : `<h1>Your cart</h1>${told}${gone}<div class="columns">${filled(cart)}</div>`;
  return {
    title: 'Your cart',
    isPrivate: true,
    main: isEmpty ? when(news !== 'changed', () => told) + gone + body : body,
  };
}
