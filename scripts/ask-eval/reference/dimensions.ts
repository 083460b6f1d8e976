import type { Cell, Question } from '../question.ts';
import type { Shop } from './facts.ts';
import { bucketOf, wallClock } from './local-time.ts';
import type { Fact } from './measures.ts';

export type Filter = Question['filters'][number];

const HOUR = 3_600_000;

const READERS: Record<string, (fact: Fact) => Cell | undefined> = {
  product: (fact) => fact.product?.name,
  category: (fact) => fact.product?.category,
  brand: (fact) => fact.product?.brand,
  customer: (fact) => fact.customer?.id,
  segment: (fact) => fact.customer?.segment,
  city: (fact) => fact.customer?.city,
  country: (fact) => fact.customer?.country,
  channel: (fact) => fact.order?.channel,
  order_status: (fact) => fact.order?.status,
  coupon: (fact) => fact.order?.coupon,
  customer_type: (fact) => (fact.order?.returning ? 'returning' : 'new'),
  payment_method: (fact) => (fact.payment ? fact.payment.method : fact.order?.method),
  failure_code: (fact) => fact.payment?.code,
  refund_reason: (fact) => fact.refund?.reason,
  carrier: (fact) => (fact.shipment ? fact.shipment.carrier : fact.order?.carrier),
  warehouse: (fact) => fact.stock?.warehouse,
  order: (fact) => fact.order?.id,
  shipment: (fact) => fact.shipment?.id,
  order_value: (fact) => (fact.order ? fact.order.value / 100 : undefined),
  fraud_score: (fact) => fact.order?.score,
  fraud_flag: (fact) => Number(fact.order?.flag ?? false),
};

export function holds(op: string, actual: Cell | undefined, value: unknown): boolean {
  const wanted = ([value].flat() as (Cell | boolean)[]).map((one) => (typeof one === 'boolean' ? Number(one) : one));
  if (op === '=' || op === 'in') return wanted.includes(actual ?? null);
  if (op === '!=' || op === 'not in') return !wanted.includes(actual ?? null);
  if (actual === null || actual === undefined) return false;
  const [a, b] = [actual, wanted[0]!];
  return op === '>' ? a > b : op === '>=' ? a >= b : op === '<' ? a < b : a <= b;
}

/** Names of the products at or under their reorder point, and of those with nothing left, over all warehouses. */
function stockLists({ stock }: Shop): Record<'low' | 'out', Set<string>> {
  const lists = { low: new Set<string>(), out: new Set<string>() };
  for (const [product, places] of Map.groupBy(stock, (one) => one.product)) {
    const free = places.reduce((total, one) => total + one.onHand - one.reserved, 0);
    if (free <= places.reduce((total, one) => total + one.reorder, 0)) lists.low.add(product.name);
    if (free <= 0) lists.out.add(product.name);
  }
  return lists;
}

export interface Dimensions {
  /** The member a fact belongs to; null when there is none. */
  read(name: string, fact: Fact): Cell;
  passes(fact: Fact, filter: Filter): boolean;
}

/** What the dimensions and filter fields of the vocabulary say of a fact, at a moment and in a zone. */
export function dimensionsOf(shop: Shop, clock: { now: string; tz: string }): Dimensions {
  const wall = wallClock(clock.tz);
  const now = Date.parse(clock.now);
  const { low, out } = stockLists(shop);
  const buyers = new Set(shop.orders.filter((order) => order.sale).map((order) => order.customer));
  const read = (name: string, fact: Fact): Cell =>
    (fact.at === null ? undefined : bucketOf(name, wall(fact.at))) ?? READERS[name]?.(fact) ?? null;
  const states: Record<string, (fact: Fact) => Cell> = {
    status_age_hours: (fact) => (now - fact.order!.since) / HOUR,
    low_stock: (fact) => Number(low.has(fact.product!.name)),
    out_of_stock: (fact) => Number(out.has(fact.product!.name)),
    has_sale_order: (fact) => Number(buyers.has(fact.customer!)),
  };
  return {
    read,
    passes: (fact, { field, op, value }) => holds(op, states[field]?.(fact) ?? read(field, fact), value),
  };
}
