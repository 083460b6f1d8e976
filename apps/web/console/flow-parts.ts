import type { Board, NewOrder } from '../api/staff.ts';
import { html, when } from '../html/html.ts';
import { icon } from '../html/icons.ts';
import { money } from '../html/money.ts';
import { clock } from '../html/time.ts';
import { nameOf, shortId } from '../shop/orders/order-words.ts';
import { rateChart } from './rate-chart.ts';
import { count, counted, type Finding, findingsOf } from './verdict.ts';

/** What the staff call a status; what is missing is called as it is. */
const STATUSES: Partial<Record<string, string>> = {
  received: 'Checking',
  review: 'In review',
  action_required: 'Awaiting customer',
  reserved: 'Awaiting payment',
  confirmed: 'Confirmed',
  fulfilling: 'Packing',
  partially_shipped: 'Partly shipped',
  shipped: 'Shipped',
  delivered: 'Delivered',
  closing: 'Settling',
};
const statusName = (status: string): string => STATUSES[status] ?? nameOf(status);

const also = ({ mood, title, text }: Finding): string =>
  html`<li class="${mood}"><strong>${title}.</strong> ${text}</li>`;

/** Whether all is well, in a sentence; the page's heading. */
export function verdict(board: Board): string {
  const [{ mood, title, text }, ...more] = findingsOf(board);
  return html`<div class="verdict ${mood}">!${icon(mood === 'good' ? 'check' : 'alert')}<div><h1>${title}</h1><p>${text}</p>
!${when(more.length > 0, () => html`<ul role="list">!${more.map(also)}</ul>`)}</div></div>`;
}

const figure = (label: string, value: string, note: string, kind = ''): string =>
  html`<div class="figure ${kind}"><dt>${label}</dt><dd><span class="big">${value}</span> <span class="muted">${note}</span></dd></div>`;

export function figures({ dead_letters, behind, ...board }: Board): string {
  const waiting = dead_letters.parked > 0 ? `${counted(dead_letters.parked, 'event')} held back` : 'nothing held back';
  return html`<h2 class="hidden">Figures</h2><dl class="figures">
!${figure('Placed', count(board.placed_per_minute), 'a minute', 'placed')}
!${figure('Confirmed', count(board.confirmed_per_minute), 'a minute', 'confirmed')}
!${figure('Failed', count(board.failed_per_minute), 'a minute', 'failed')}
!${figure('Backlog', behind === null ? '–' : count(behind), behind === 1 ? 'event' : 'events')}
!${figure('Dead letters', count(dead_letters.open), waiting)}</dl>`;
}

export const rates = (board: Board): string =>
  html`<h2>The last minute</h2>!${rateChart(board)}
<ul class="legend small" role="list"><li class="placed">placed</li><li class="confirmed">confirmed</li><li class="failed">cancelled or payment failed</li></ul>`;

const bar = (share: number): string =>
  html`<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${Math.max(share * 100, 1).toFixed(1)}" height="8"/></svg>`;

/** Open orders by status, in the order in which they pass it. */
export function statuses({ open_orders }: Board): string {
  const order = Object.keys(STATUSES);
  const known = order.filter((status) => open_orders[status]);
  const others = Object.keys(open_orders).filter((status) => !order.includes(status));
  const most = Math.max(...Object.values(open_orders), 1);
  const rows = [...known, ...others].map((status) => {
    const orders = open_orders[status] ?? 0;
    return html`<tr><th scope="row">${statusName(status)}</th><td>!${bar(orders / most)}</td><td class="number">${count(orders)}</td></tr>`;
  });
  const total = Object.values(open_orders).reduce((sum, orders) => sum + orders, 0);
  return html`<h2>${counted(total, 'open order')}</h2>!${
    rows.length > 0
      ? html`<table class="statuses"><thead class="hidden"><tr><th scope="col">Status</th><td></td><th scope="col">Orders</th></tr></thead><tbody>!${rows}</tbody></table>`
      : '<p class="muted">None. Every order is at its end.</p>'
  }`;
}

const newOrder = ({ order_id, status, placed_at, total_minor, currency }: NewOrder): string =>
  html`<tr><td><a href="/orders/${order_id}"><code>${shortId(order_id)}</code></a></td><td>!${clock(placed_at)}</td>
<td><span class="status">${statusName(status)}</span></td><td class="number">${money(total_minor, currency)}</td></tr>`;

export const newest = ({ newest: orders }: Board): string =>
  html`<h2>Newest orders</h2>!${
    orders.length > 0
      ? html`<table class="newest"><thead><tr><th scope="col">Order</th><th scope="col">Placed (UTC)</th><th scope="col">Status</th><th scope="col" class="number">Total</th></tr></thead><tbody>!${orders.map(newOrder)}</tbody></table>`
      : '<p class="muted">No order yet.</p>'
  }`;
