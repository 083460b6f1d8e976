import { requestHash } from '../../../lib/domain/canonical.ts';
import { orderIdFor } from '../../../lib/domain/ids.ts';
import {
  type Coupon,
  type PricedProduct,
  type Quote,
  quote,
  type ShippingMethod,
} from '../../../lib/domain/pricing.ts';
import {
  between,
  chance,
  geometric,
  pick,
  type Random,
  randomOf,
  STREAM,
  wholeBetween,
  zipf,
} from '../workload/random.ts';
import type { SoldProduct } from './catalogue.ts';
import type { Customer } from './customers.ts';
import type { History } from './history.ts';
import type { Story } from './story.ts';
import { tellStory } from './tell-story.ts';
import { CHANNELS, COUPONS, type CouponCode, type Method, methodsIn, type Place } from './vocabulary.ts';

const MEAN_LINES = 2.2;
const MOST_LINES = 12;
const SINGLE_PIECE_SHARE = 0.8;
const MOST_PIECES = 6;
/** The popularity of products falls with their rank as 1 / rank. */
const ZIPF_EXPONENT = 1;
const EXPRESS_SHARE = 0.18;
const AMEND_SHARE = 0.7;
/** Consumer latency of the history: what reports of stored orders would have seen. */
const STORING_MS = [20, 300] as const;

/** An order of the history with all that has become of it. */
export interface SeededOrder {
  seq: number;
  orderId: string;
  idempotencyKey: string;
  requestHash: string;
  customer: Customer;
  channel: string;
  currency: string;
  place: Place;
  postcode: string;
  shipping: ShippingMethod;
  stockPolicy: 'amend' | 'cancel';
  coupon: Coupon | undefined;
  /** The method of the last try to pay, or the one that was chosen. */
  method: Method;
  placedAt: number;
  storedAt: number;
  products: SoldProduct[];
  quote: Quote;
  story: Story;
}

const SHARES = { WELCOME10: 0.35, VIP15: 0.45, SUMMER20: 0.12, FREESHIP: 0.07 } satisfies Record<CouponCode, number>;
const SUMMER_MONTHS = [5, 6, 7];

function drawCoupon(random: Random, isNew: boolean, segment: string, placedAt: number): Coupon | undefined {
  const isSummer = SUMMER_MONTHS.includes(new Date(placedAt).getUTCMonth());
  const offered: CouponCode[] = [];
  if (isNew) offered.push('WELCOME10');
  if (segment === 'vip') offered.push('VIP15');
  if (isSummer) offered.push('SUMMER20');
  offered.push('FREESHIP');
  const code = offered.find((candidate) => chance(random, SHARES[candidate]));
  return COUPONS.find((coupon) => coupon.code === code);
}

const drawQuantity = (random: Random): number =>
  chance(random, SINGLE_PIECE_SHARE) ? 1 : Math.min(1 + geometric(random, 1.6), MOST_PIECES);

export type ProductDraw = (random: Random) => number;

export const drawByPopularity = (products: readonly SoldProduct[]): ProductDraw => zipf(products.length, ZIPF_EXPONENT);

function drawItems(random: Random, products: readonly SoldProduct[], draw: ProductDraw) {
  const wanted = Math.min(geometric(random, MEAN_LINES), MOST_LINES, products.length);
  const ranks = new Set<number>();
  for (let tries = 0; ranks.size < wanted && tries < wanted * 10; tries++) ranks.add(draw(random));
  return [...ranks].map((rank) => ({ product: products[rank]!, quantity: drawQuantity(random) }));
}

function hashOf(order: {
  customer: Customer;
  channel: string;
  currency: string;
  items: { product: PricedProduct; quantity: number }[];
  place: Place;
  postcode: string;
  shipping: ShippingMethod;
  method: Method;
  coupon: Coupon | undefined;
  stockPolicy: string;
}): string {
  const { customer, channel, currency, items, place, postcode, shipping, method, coupon, stockPolicy } = order;
  return requestHash({
    customer: customer.ref,
    channel,
    currency,
    items: items.map(({ product, quantity }) => ({ sku: product.sku, quantity })),
    ship_to: { country: place.country, city: place.city, postcode_prefix: postcode },
    shipping,
    payment: { method },
    coupon: coupon?.code,
    stock_policy: stockPolicy,
  });
}

/** The n-th order of a history: what was bought, by whom, and what became of it. */
export function makeOrder(history: History, draw: ProductDraw, n: number, seq: number): SeededOrder {
  const { seed, currency, until } = history.settings;
  const random = randomOf(seed, STREAM.order, n);
  const placedAt = history.timeOf(n);
  const buyer = history.crowd.buyer(n);
  const customer = history.crowd.customer(buyer.index);
  const { place } = customer;
  const items = drawItems(random, history.products, draw);
  const choices = {
    customer,
    place,
    currency,
    channel: pick(random, CHANNELS),
    postcode: place.postcodes[wholeBetween(random, 0, place.postcodes.length - 1)]!,
    shipping: chance(random, EXPRESS_SHARE) ? ('express' as const) : ('standard' as const),
    stockPolicy: chance(random, AMEND_SHARE) ? ('amend' as const) : ('cancel' as const),
    method: pick(random, methodsIn(place.country)),
    coupon: drawCoupon(random, buyer.isNew, customer.segment, placedAt),
  };
  const priced = quote(items, { country: place.country, shipping: choices.shipping, coupon: choices.coupon });
  const storedAt = Math.min(until, placedAt + Math.floor(between(random, ...STORING_MS)));
  const story = tellStory(random, { ...choices, country: place.country, storedAt, until, quote: priced });
  const idempotencyKey = `seed-${seed}-${n}`;
  return {
    ...choices,
    seq,
    orderId: orderIdFor(customer.ref, idempotencyKey),
    idempotencyKey,
    requestHash: hashOf({ ...choices, items }),
    method: story.attempts.at(-1)?.method ?? choices.method,
    placedAt,
    storedAt,
    products: items.map(({ product }) => product),
    quote: priced,
    story,
  };
}
