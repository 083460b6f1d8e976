import { METRIC } from '../model/metrics.ts';
import { isTimeDimension } from '../model/names.ts';
import { AskBack, type Draft, hasAtom, hasRole } from './draft.ts';
import { metricsOf } from './metrics.ts';
import { before } from './numbers.ts';
import type { Item } from './read.ts';

/** Readings that would be an answer to another question: what they are asked back with. */

/** "how are we doing" says neither what nor when. */
export function refuseVague(draft: Draft): void {
  const vague = draft.items.some((item) => hasAtom(item, 'how')) && !draft.window && draft.dimensions.length === 0;
  if (vague)
    throw new AskBack('Which measure, and for which period?', [
      'how did we do yesterday',
      'revenue this month vs last month',
      'orders per week this quarter',
    ]);
}

/** What customers pay is what they bought or what was charged; a payment method tells that payments are meant. */
export function refusePaid(draft: Draft): void {
  const paid = draft.metrics.includes('payment_volume') && draft.items.some((item) => hasAtom(item, 'pay'));
  const named =
    draft.dimensions.includes('payment_method') ||
    draft.filters.some(({ field }) => field === 'payment_method') ||
    draft.items.some((item) => hasAtom(item, 'payment') && !hasAtom(item, 'pay'));
  if (paid && !named)
    throw new AskBack('Payments that went through, or revenue?', ['payment volume last month', 'revenue last month']);
}

/** "when" and "where" ask for a dimension without saying which. */
export function refuseOpen(draft: Draft): void {
  const where = draft.items.some(
    (item, at) =>
      item.text === 'where' &&
      !draft.items[at + 1]?.meaning.dimensions.length &&
      (at < 2 || draft.items[at - 1]?.text === 'from'),
  );
  if (where && draft.dimensions.every((name) => name === 'order')) {
    throw new AskBack('Where by what: the country, the city, or the channel?', [
      'orders by country',
      'orders by city',
      'orders by channel',
    ]);
  }
  const when = draft.items.some((item) => item.text === 'when');
  if (!when || draft.dimensions.some(isTimeDimension)) return;
  throw new AskBack('When by what: the hour of the day, the day of the week, or the month?', [
    'orders by hour of the day',
    'orders by weekday',
    'orders by month this year',
  ]);
}

/**
 * A period beside a status says since when orders are in it, or when they were placed; only "since" and "placed" tell.
 * @throws {AskBack} when neither is said
 */
export function settleStatusWindow(draft: Draft): void {
  const status = draft.filters.find(({ field, op }) => field === 'order_status' && (op === '=' || op === 'in'));
  const stands = draft.metrics.some((metric) => metric === 'orders_in_status' || metric === 'status_age_hours');
  if (!status || !stands || !draft.window || draft.window.rule === 'all_time') return;
  const { rule, start, end, running } = draft.window;
  const placed = draft.items.some((item) => /\b(placed|ordered|created|received|made|from)\b/.test(item.text));
  if (placed) return;
  if (!rule.startsWith('since:') || start === null) {
    const name = String([status.value].flat()[0]).replaceAll('_', ' ');
    throw new AskBack(`Orders placed in that period, or orders that have been ${name} since then?`, [
      `how many orders placed last week are in status ${name}`,
      `how many orders are in status ${name} since last monday`,
    ]);
  }
  draft.filters.push({ field: 'status_since', op: '>=', value: new Date(start).toISOString() });
  if (!running) draft.filters.push({ field: 'status_since', op: '<', value: new Date(end).toISOString() });
  delete draft.window;
}

/** Stock has no history: what it was last month is not known, and what it is now is no answer to that. */
export function refusePastStock(draft: Draft): void {
  const { window, metrics } = draft;
  if (!window || window.rule === 'all_time' || window.running) return;
  if (metrics.includes('overdue_shipments')) draft.assumptions.push('parcels that were shipped in that period');
  if (metrics.length === 0 || !metrics.every((metric) => METRIC[metric].scope === 'stock')) return;
  throw new AskBack('Stock is known as it is now, not as it was.', [
    'stock on hand by category',
    'inventory value by warehouse',
    'units sold by product last month',
  ]);
}

/** Payments and parcels have a status of their own, which is not told apart. */
export function refuseForeignStatus(draft: Draft): void {
  if (!draft.dimensions.includes('order_status')) return;
  if (!draft.metrics.some((metric) => /payment attempts|parcels|completed refunds/.test(METRIC[metric].scope))) return;
  throw new AskBack('By the status of the orders, or failed and successful ones side by side?', [
    'orders by status',
    'failed payments and successful payments last month',
  ]);
}

const RANKED_BY = /^(ranked|sorted|ordered|rank|sort)( by)?$/;

/** "refund rate by brand, sorted by orders": members stand in the order of what is shown of them. */
export function refuseOtherOrder({ items, dimensions }: Draft): void {
  const at = items.findIndex(({ text }) => RANKED_BY.test(text));
  if (at < 0) return;
  const said = (part: readonly Item[]) =>
    metricsOf(
      part
        .filter(({ meaning }) => !meaning.dimensions.some((name) => dimensions.includes(name)))
        .map((item) => ({ ...item, used: false })),
    );
  const [shown, ranked] = [said(items.slice(0, at)), said(items.slice(at + 1))];
  if (shown.length === 0 || ranked.length === 0 || ranked.some((metric) => shown.includes(metric))) return;
  throw new AskBack('Ranked by a measure other than the one that is shown?', [
    'revenue by category last month',
    'categories ranked by units sold last month',
  ]);
}

/** What has no members cannot be ranked or listed: "the biggest refund" is none of its totals. */
export function refuseUnranked(draft: Draft): void {
  const [metric] = draft.metrics;
  if (!metric || draft.dimensions.length > 0 || draft.cohort) return;
  const listed = draft.items.some((item) => /^(list|list all|list of)$/.test(item.text));
  if (!draft.rank && !listed) return;
  const { label } = METRIC[metric];
  throw new AskBack(draft.rank ? 'The first of what?' : 'A list of what?', [
    `${label} per country last month`,
    `${label} per month this year`,
  ]);
}

/** "better than last year": what is held against that year is not said. */
export function refuseOneSided(draft: Draft): void {
  if (draft.compare || !draft.window) return;
  const at = draft.items.findIndex(({ time }) => time?.kind === 'period');
  const held = draft.items[at - 1];
  const than = held?.text === 'in' ? draft.items[at - 2] : held;
  const comparing = (['versus', 'rose', 'fell', 'change'] as const).some((role) => hasRole(than, role));
  if (!than || !comparing || !/\b(than|to|with|against|on|versus|vs)$/.test(than.text)) return;
  throw new AskBack('Which period is held against that one?', [
    'revenue this month vs last month',
    'revenue this year vs last year',
    'how did we do yesterday',
  ]);
}

/** A parcel that is late now is not there yet; late deliveries are those that came too late. */
export function refuseLateNow(draft: Draft): void {
  const now = draft.items.some(({ time, text }) => time?.kind === 'now' || /^(now|currently|just now)$/.test(text));
  if (!now || draft.window || !draft.metrics.includes('late_deliveries')) return;
  throw new AskBack('Parcels that are past their promise and still on their way, or those that arrived too late?', [
    'overdue shipments',
    'late deliveries this week',
  ]);
}

/** "flagged but paid": whether they are paid is no part of what is counted. */
export function refusePaidToo({ items, metrics }: Draft): void {
  const at = items.findIndex((item) => /^(paid|unpaid)$/.test(item.text) && !item.used);
  const said = items.slice(Math.max(0, at - 3), at).some(({ text }) => /^(but|still|already|yet)$/.test(text));
  const [metric] = metrics;
  if (at < 0 || !said || !metric || METRIC[metric].scope === 'payment attempts') return;
  throw new AskBack('Orders that stand at paid, or all of them?', ['orders in status paid', 'orders by status']);
}

const OF_CUSTOMERS = /customer|buyer|repeat|retention|ltv|last_order/;

/** "how many customers returned something": the returns are counted, not those who sent them. */
export function refuseOtherCount(draft: Draft): void {
  const [metric] = draft.metrics;
  if (!metric || OF_CUSTOMERS.test(metric) || draft.dimensions.includes('customer')) return;
  const counted = draft.items.some((item, at) => {
    const isPeople = /^(customers|buyers|shoppers|clients|people)$/.test(item.text);
    return isPeople && hasAtom(draft.items[before(draft.items, at)], 'count');
  });
  if (!counted || METRIC[metric].unit !== 'count') return;
  throw new AskBack(`The customers, or ${METRIC[metric].label}?`, [
    `${METRIC[metric].label} by country last month`,
    'how many customers ordered last month',
  ]);
}

/** "our first order this year" is one order; "first orders" are those of people who had not bought before. */
export function refuseFirst(draft: Draft): void {
  if (!draft.metrics.includes('first_time_buyers')) return;
  const first = draft.items.find(({ text }) => /^first (order|purchase)$/.test(text));
  const people = draft.items.some(
    (item) => hasAtom(item, 'customer') || hasAtom(item, 'buyer') || hasAtom(item, 'count'),
  );
  if (!first || people) return;
  throw new AskBack('The earliest order, or those who bought for the first time?', [
    'oldest orders',
    'first-time buyers this year',
  ]);
}

const ON_THE_WAY = ['ship', 'deliver', 'deliverytime', 'time', 'howmanydays', 'weship'] as const;

/** "the slowest hour": parcels are slow, and business is, too. */
export function refuseSlow(draft: Draft): void {
  if (!draft.metrics.includes('avg_delivery_days') || !draft.rank) return;
  const said = draft.items.some((item) => ON_THE_WAY.some((atom) => hasAtom(item, atom)));
  if (said || draft.dimensions.length === 0 || !draft.dimensions.every(isTimeDimension)) return;
  throw new AskBack('The slowest deliveries, or the fewest orders?', [
    'delivery time by month this year',
    'weekday with the fewest orders',
  ]);
}

/** "how many different products": the names are meant, not the pieces. */
export function refuseDistinct(draft: Draft): void {
  const { items, metrics } = draft;
  const different = items.findIndex((item) => /^(different|distinct|unique|various)$/.test(item.text));
  const [unit] = metrics.map((metric) => METRIC[metric].unit);
  if (different < 1 || unit !== 'units' || !hasAtom(items[before(items, different)], 'count')) return;
  throw new AskBack('Products are not counted, but what is sold or in stock of each can be shown.', [
    'units sold by product last month',
    'stock on hand by product',
  ]);
}

/** "orders with both Toys and Beauty": orders that hold one or the other can be picked, not those that hold both. */
export function refuseBoth(draft: Draft): void {
  const at = draft.items.findIndex((item) => item.text === 'both');
  const [value] = draft.items[at + 1]?.meaning.values ?? [];
  const ofLines = value && ['product', 'category', 'brand'].includes(value.field);
  const [metric] = draft.metrics;
  if (at < 0 || !ofLines || !metric || METRIC[metric].unit !== 'count') return;
  throw new AskBack('Orders with one and the other cannot be picked; with either of them they can.', [
    'orders by category last month',
    'customers by category last month',
  ]);
}
