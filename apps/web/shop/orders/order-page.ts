import type { Order } from '../../api/orders.ts';
import { html, when } from '../../html/html.ts';
import type { PageContent } from '../../html/layout.ts';
import { money } from '../../html/money.ts';
import { notice } from '../../html/notice.ts';
import { time } from '../../html/time.ts';
import { actions } from './order-actions.ts';
import { history, items, moneyOf, parcels, progress, returns } from './order-parts.ts';
import { shortId, wordsOf } from './order-words.ts';

/** What just happened, by the word in the address. */
const NEWS: Record<string, { kind: 'good' | 'warning'; text: string }> = {
  placed: { kind: 'good', text: 'Thank you! Your order is in safe hands.' },
  asked: { kind: 'good', text: 'We have passed that on. This page shows what comes of it.' },
  late: { kind: 'warning', text: 'The order has moved on, so that is no longer possible. This is how it is now.' },
  refused: { kind: 'warning', text: 'That could not be done. Please check what you entered.' },
  nothing: { kind: 'warning', text: 'Please choose at least one piece.' },
  away: { kind: 'warning', text: 'We could not pass that on just now. Please try again in a moment.' },
};

export interface OrderPage {
  order: Order;
  /** Whether it was ordered in this browser: only then can something be asked. */
  isOwn: boolean;
  /** The word in the address that says what just happened. */
  news: string;
}

const told = (news: string): string => {
  const known = Object.hasOwn(NEWS, news) ? NEWS[news] : undefined;
  return known ? notice(known.kind, known.text) : '';
};

/** No thanks for an order that has run into something already. */
const isUnhappy = ({ status }: Order): boolean =>
  ['action_required', 'closing', 'cancelled', 'rejected'].includes(status);

/** The part of the page that changes while the order moves on. */
export function orderBody({ order, isOwn }: Pick<OrderPage, 'order' | 'isOwn'>): string {
  const { title, text } = wordsOf(order);
  return html`<div class="order-head"><p class="muted">Order <code>${shortId(order.order_id)}</code>, placed !${time(order.placed_at)}</p>
<h1 data-status="${order.status}">${title}</h1><p class="lead">${text}</p></div>
!${progress(order)}
<div class="columns"><div>
!${when(isOwn, () => actions(order))}!${parcels(order)}!${returns(order)}!${items(order)}!${history(order)}
</div>!${moneyOf(order)}</div>`;
}

/** Of the tab. */
export const titleOf = (order: Order): string => `${wordsOf(order).title} (order ${shortId(order.order_id)})`;

/** An order and its story. `#order` carries what a script needs to keep it fresh. */
export function orderPage(page: OrderPage): PageContent {
  const { order, isOwn, news } = page;
  const main = html`!${when(news !== 'placed' || !isUnhappy(order), () => told(news))}
<div id="order" data-order="${order.order_id}" data-version="${order.version}">!${orderBody(page)}</div>
!${when(!isOwn, () => '<p class="small muted">This order was not placed in this browser, so it can only be looked at.</p>')}
<p class="small muted">Number: <code>${order.order_id}</code></p>`;
  return { title: titleOf(order), isPrivate: true, main, scripts: ['tracking.js'] };
}

/** Taken, and on its way to where orders are read. */
export function pendingPage(id: string, news: string): PageContent {
  const main = html`!${told(news)}<div class="message" id="order" data-order="${id}" data-version="0"><h1>We have your order</h1>
<p>It is being written down right now, which takes a moment.</p>
<p><a class="button" href="/orders/${id}">Look again</a></p>
<p class="small muted">Number: <code>${id}</code></p></div>`;
  return { title: 'We have your order', isPrivate: true, main, scripts: ['tracking.js'] };
}

/** An order of the list: known, not stored yet, or not to be had right now. */
export interface ListedOrder {
  id: string;
  order: Order | 'accepted' | 'away' | undefined;
}

function listed({ id, order }: ListedOrder): string {
  if (order === undefined) return '';
  const link = html`<a href="/orders/${id}">Order ${shortId(id)}</a>`;
  if (order === 'away') return html`<li>!${link}<span class="muted">cannot be shown right now</span></li>`;
  if (order === 'accepted') return html`<li>!${link}<span class="muted">just placed</span></li>`;
  const names = order.items.map(({ name }) => name);
  const more = names.length > 2 ? ` and ${names.length - 2} more` : '';
  return html`<li><div>!${link} <span class="muted">!${time(order.placed_at)}</span><br>${names.slice(0, 2).join(', ')}${more}</div>
<div class="order-state"><span class="status">${wordsOf(order).title}</span><span class="price">${money(order.total_minor, order.currency)}</span></div></li>`;
}

const NONE = html`<div class="message"><h1>No orders yet</h1><p>What you order in this browser shows up here.</p>
<p><a class="button" href="/">Have a look around</a></p></div>`;

export function ordersPage(orders: readonly ListedOrder[]): PageContent {
  const list = html`<h1>Your orders</h1><ul class="orders" role="list">!${orders.map(listed)}</ul>
<p class="small muted">The last 20 orders placed in this browser.</p>`;
  const main = orders.some(({ order }) => order !== undefined) ? list : NONE;
  return { title: 'Your orders', isPrivate: true, main };
}
