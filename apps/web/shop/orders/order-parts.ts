import type { Order } from '../../api/orders.ts';
import { html, when } from '../../html/html.ts';
import { money } from '../../html/money.ts';
import { day, time } from '../../html/time.ts';
import { productPath } from '../browse/product-card.ts';
import { countryName } from '../checkout/countries.ts';
import { nameOf, parcelWords, paymentWords, progressOf, STATIONS, stepWords } from './order-words.ts';

type Parcel = Order['parcels'][number];

const station = (name: string, index: number, reached: number): string =>
  html`<li class="${index <= reached ? 'reached' : ''}" !${index === reached ? 'aria-current="step"' : ''}>${name}</li>`;

/** How far it is, where there is a way ahead. */
export function progress(order: Order): string {
  const reached = progressOf(order);
  if (reached === undefined) return '';
  return html`<ol class="progress" aria-label="Progress">!${STATIONS.map((name, index) => station(name, index, reached))}</ol>`;
}

function fateOf({ lost, returned }: Order['items'][number]): string {
  const parts = [lost > 0 && `${lost} lost`, returned > 0 && `${returned} came back`].filter(Boolean);
  return parts.join(', ');
}

export const items = ({
  items: bought,
  currency,
}: Order): string => html`<section aria-labelledby="items"><h2 id="items">Items</h2>
<ul class="plain-lines" role="list">!${bought.map(
  (item) => html`<li><span>${item.quantity} × <a href="${productPath(item.sku)}">${item.name}</a>
!${when(fateOf(item), () => html`<span class="muted">(${fateOf(item)})</span>`)}</span>
<span class="price">${money(item.unit_minor * item.quantity, currency)}</span></li>`,
)}</ul></section>`;

const scan = ({ status, at, place }: Parcel['scans'][number]): string =>
  html`<li><span>${parcelWords(status)}${place ? `, ${place}` : ''}</span> !${time(at)}</li>`;

const parcel = (one: Parcel, names: ReadonlyMap<number, string>): string => html`<div class="parcel">
<h3>Parcel ${one.parcel_no}: ${parcelWords(one.status)}</h3>
<p class="muted">${one.lines.map(({ line, quantity }) => `${quantity} × ${names.get(line) ?? ''}`).join(', ')}</p>
<p class="small muted">${nameOf(one.carrier)}!${when(one.tracking_no, () => html`, number <code>${one.tracking_no}</code>`)}!${when(
  one.promised_at && one.status !== 'delivered',
  () => html`; expected !${day(one.promised_at!)}`,
)}</p>
!${when(one.scans.length > 0, () => html`<ol class="timeline" reversed>!${one.scans.toReversed().map(scan)}</ol>`)}
</div>`;

export function parcels({ parcels: all, items: bought }: Order): string {
  const names = new Map(bought.map(({ line, name }) => [line, name]));
  return when(
    all.length > 0,
    () =>
      html`<section aria-labelledby="parcels"><h2 id="parcels">Parcels</h2>!${all.map((one) => parcel(one, names))}</section>`,
  );
}

export const returns = ({ returns: all, currency, items: bought }: Order): string =>
  when(
    all.length > 0,
    () =>
      html`<section aria-labelledby="returns"><h2 id="returns">Returns</h2><ul class="plain-lines" role="list">!${all.map(
        (
          one,
        ) => html`<li><span>${one.lines.map(({ line, quantity }) => `${quantity} × ${bought.find((item) => item.line === line)?.name ?? ''}`).join(', ')}
<span class="muted">${nameOf(one.status)}, announced !${time(one.requested_at)}</span></span>
<span class="price">${one.refund_minor > 0 ? money(one.refund_minor, currency) : ''}</span></li>`,
      )}</ul></section>`,
  );

const row = (label: string, amount: string, kind = ''): string =>
  html`<div class="${kind}"><dt>${label}</dt><dd class="price">${amount}</dd></div>`;

/** What it costs, what was paid and what went back. */
export function moneyOf(order: Order): string {
  const amount = (minor: number) => money(minor, order.currency);
  const back = order.refunds.filter(({ status }) => status !== 'refused');
  return html`<section class="summary" aria-labelledby="money"><h2 id="money">Money</h2>
<dl>!${row('Goods', amount(order.subtotal_minor))}
!${when(order.discount_minor > 0, () => row('Discount', `−${amount(order.discount_minor)}`))}
!${row('Shipping', amount(order.shipping_minor))}!${row('Tax', amount(order.tax_minor))}!${row('Total', amount(order.total_minor), 'total')}
!${back.map(({ amount_minor, status }) => row(status === 'refunded' ? 'Refunded' : 'Refund on its way', `−${amount(amount_minor)}`))}</dl>
!${when(
    order.payments.length > 0,
    () =>
      html`<ul class="small muted payments" role="list">!${order.payments.map(
        ({ method, status, failure_code }) =>
          html`<li>${nameOf(method)}: ${paymentWords(status)}${failure_code ? ` (${nameOf(failure_code).toLowerCase()})` : ''}</li>`,
      )}</ul>`,
  )}
<p class="small muted">To ${order.ship_city ? `${order.ship_city}, ` : ''}${countryName(order.ship_country)}</p></section>`;
}

export const history = ({
  history: steps,
}: Order): string => html`<section aria-labelledby="story"><h2 id="story">The story so far</h2>
<ol class="timeline" reversed>!${steps.toReversed().map(({ to, reason, at }) => html`<li><span>${stepWords(to, reason)}</span> !${time(at)}</li>`)}</ol></section>`;
