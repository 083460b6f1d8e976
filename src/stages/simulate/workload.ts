import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import { geometric, pick, type Random, randomOf, STREAM, zipf } from '../workload/random.ts';
import { fateOf, NEEDS_CARD, tokenOf } from './fate.ts';
import { labelsOf } from './labels.ts';
import type { Mix } from './mix.ts';
import { type OrderSource, type OrderStory, planOrder } from './order-source.ts';

export interface CatalogueEntry {
  sku: string;
  currency: string;
}

/** Mean number of lines of an order. */
const MEAN_LINES = 2.2;
const MOST_LINES = 20;
const SHARE_OF_SINGLE_PIECES = 0.8;
const MOST_PIECES = 9;
const SHARE_OF_RETURNING = 0.7;
const RETURNING_CUSTOMERS = 10_000;

const METHODS = [
  ['card', 55],
  ['wallet', 20],
  ['upi', 15],
  ['bnpl', 10],
] as const;

const CHANNELS = [
  ['web', 50],
  ['mobile', 35],
  ['marketplace', 10],
  ['store', 5],
] as const;

const PLACES: readonly (readonly [OrderRequest['ship_to'], number])[] = [
  [{ country: 'US', region: 'NY', city: 'New York', postcode_prefix: '100' }, 22],
  [{ country: 'US', region: 'CA', city: 'Los Angeles', postcode_prefix: '900' }, 13],
  [{ country: 'DE', region: 'BE', city: 'Berlin', postcode_prefix: '101' }, 14],
  [{ country: 'GB', region: 'ENG', city: 'London', postcode_prefix: 'SW1' }, 12],
  [{ country: 'IN', region: 'MH', city: 'Mumbai', postcode_prefix: '400' }, 15],
  [{ country: 'CA', region: 'ON', city: 'Toronto', postcode_prefix: 'M5V' }, 7],
  [{ country: 'FR', region: 'IDF', city: 'Paris', postcode_prefix: '750' }, 6],
  [{ country: 'BR', region: 'SP', city: 'São Paulo', postcode_prefix: '010' }, 6],
  [{ country: 'JP', region: '13', city: '東京', postcode_prefix: '100' }, 5],
];

/** The products sold in one currency, most popular first. */
interface Shelf {
  currency: string;
  skus: string[];
  draw: (random: Random) => number;
}

function shelvesOf(catalogue: readonly CatalogueEntry[], exponent: number): Shelf[] {
  const byCurrency = Map.groupBy(catalogue, (entry) => entry.currency);
  return [...byCurrency].map(([currency, entries]) => ({
    currency,
    skus: entries.map((entry) => entry.sku),
    draw: zipf(entries.length, exponent),
  }));
}

/** Distinct SKUs: a SKU drawn again is drawn anew, a bounded number of times. */
function drawSkus(random: Random, shelf: Shelf): Set<string> {
  const wanted = Math.min(geometric(random, MEAN_LINES), MOST_LINES, shelf.skus.length);
  const skus = new Set<string>();
  for (let tries = 0; skus.size < wanted && tries < wanted * 10; tries++) skus.add(shelf.skus[shelf.draw(random)]!);
  return skus;
}

const drawQuantity = (random: Random): number =>
  random() < SHARE_OF_SINGLE_PIECES ? 1 : Math.min(1 + geometric(random, 2), MOST_PIECES);

const drawCustomer = (random: Random, seed: number, n: number): string =>
  random() < SHARE_OF_RETURNING ? `sim-customer-${Math.floor(random() * RETURNING_CUSTOMERS)}` : `sim-new-${seed}-${n}`;

/** Who buys: the circumstances of order n, and whether the buyer is one at all. */
export interface Buyer {
  customer: string;
  ship_to: OrderRequest['ship_to'];
  risk_signals?: NonNullable<OrderRequest['risk_signals']>;
  /** Pattern of the fraud; null for an honest buyer. */
  fraud: string | null;
}

/** The life that orders are to have after they were placed; without it they are left to themselves. */
export interface LifePlan {
  mix: Mix;
  /** How much faster their clocks run. */
  timeScale: number;
}

/** One product that most buyers come for. */
export interface FlashSale {
  sku: string;
  currency: string;
}
const SHARE_OF_FLASH_BUYERS = 0.8;

export interface WorkloadOptions {
  /** At least one product, the most popular first. */
  catalogue: readonly CatalogueEntry[];
  run: string;
  seed: number;
  zipf: number;
  life?: LifePlan | undefined;
  /** Scales the clocks of orders without a life plan. */
  timeScale?: number | undefined;
  flash?: FlashSale | undefined;
}

/** Invented orders, each with its story where a life was planned. */
export interface Workload extends OrderSource {
  story(n: number): OrderStory | undefined;
}

function drafter({ catalogue, seed, zipf: exponent, flash }: WorkloadOptions): (n: number) => OrderRequest {
  const others = flash ? catalogue.filter(({ sku }) => sku !== flash.sku) : catalogue;
  const shelves = shelvesOf(others.length > 0 ? others : catalogue, exponent);
  const weighted = shelves.map((shelf) => [shelf, shelf.skus.length] as const);
  return (n) => {
    const random = randomOf(seed, STREAM.simulatedOrder, n);
    const shelf = pick(random, weighted);
    const items = [...drawSkus(random, shelf)].map((sku) => ({ sku, quantity: drawQuantity(random) }));
    const draft: OrderRequest = {
      customer: drawCustomer(random, seed, n),
      channel: pick(random, CHANNELS),
      currency: shelf.currency,
      items,
      ship_to: pick(random, PLACES),
      payment: { method: pick(random, METHODS) },
      synthetic: true,
    };
    if (!flash || random() >= SHARE_OF_FLASH_BUYERS) return draft;
    return { ...draft, currency: flash.currency, items: [{ sku: flash.sku, quantity: 1 }] };
  };
}

const honest = ({ customer, ship_to }: OrderRequest): Buyer => ({ customer, ship_to, fraud: null });

/** Gives a draft its buyer, a token that tells the provider what to do, and the fate of its parcels. */
function tellStory(draft: OrderRequest, seed: number, n: number, { mix, timeScale }: LifePlan): OrderStory {
  const fate = fateOf(seed, n, mix);
  const { fraud, ...buyer } = honest(draft);
  const method = NEEDS_CARD.has(fate.payment) ? 'card' : draft.payment.method;
  const request: OrderRequest = {
    ...draft,
    ...buyer,
    payment: { method, token: tokenOf(seed, n, fate.payment) },
    stock_policy: fate.amends ? 'amend' : 'cancel',
    simulation: { time_scale: timeScale, parcel: fate.parcel },
  };
  return { request, fate, fraud };
}

/**
 * Invented orders: products by Zipf popularity in the order of the catalogue, the rest by the shares above. What order
 * n asks for depends on catalogue, seed, n and the plans alone; its key carries the run as well, so that each run
 * places new orders.
 */
export function createWorkload(options: WorkloadOptions): Workload {
  const { run, seed, life, timeScale } = options;
  const draft = drafter(options);
  const key = (n: number) => `sim-${run}-${n}`;
  const plain = (n: number): OrderRequest =>
    timeScale === undefined ? draft(n) : { ...draft(n), simulation: { time_scale: timeScale } };
  if (!life) return { size: undefined, order: (n) => planOrder(n, key(n), plain(n)), story: () => undefined };
  const story = (n: number) => tellStory(draft(n), seed, n, life);
  return {
    size: undefined,
    story,
    order(n) {
      const told = story(n);
      return planOrder(n, key(n), told.request, labelsOf(told));
    },
  };
}
