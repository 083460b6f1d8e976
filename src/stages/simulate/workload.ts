import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import { drawBasket, type Shelf } from '../workload/basket.ts';
import type { Taste } from '../workload/buyer.ts';
import { buyerOf } from '../workload/buyers.ts';
import { PLACES } from '../workload/places.ts';
import { pick, type Random, randomOf, STREAM, zipf } from '../workload/random.ts';
import { asFraud, fateOf, NEEDS_CARD, tokenOf } from './fate.ts';
import { labelsOf } from './labels.ts';
import type { Mix } from './mix.ts';
import { type OrderSource, type OrderStory, planOrder } from './order-source.ts';

export interface CatalogueEntry {
  sku: string;
  currency: string;
  /** Only needed where buyers have a taste. */
  price_minor?: number;
}

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

/** The products sold in one currency, most popular first. */
interface CurrencyShelf extends Shelf {
  currency: string;
  skus: string[];
}

function shelvesOf(catalogue: readonly CatalogueEntry[], exponent: number): CurrencyShelf[] {
  const byCurrency = Map.groupBy(catalogue, (entry) => entry.currency);
  return [...byCurrency].map(([currency, entries]) => ({
    currency,
    size: entries.length,
    skus: entries.map((entry) => entry.sku),
    priceOf: (position) => entries[position]!.price_minor ?? 0,
    draw: zipf(entries.length, exponent),
  }));
}

const drawCustomer = (random: Random, seed: number, n: number): string =>
  random() < SHARE_OF_RETURNING ? `sim-customer-${Math.floor(random() * RETURNING_CUSTOMERS)}` : `sim-new-${seed}-${n}`;

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

type Drafter = (n: number, taste?: Taste) => OrderRequest;

function drafter({ catalogue, seed, zipf: exponent, flash }: WorkloadOptions): Drafter {
  const others = flash ? catalogue.filter(({ sku }) => sku !== flash.sku) : catalogue;
  const shelves = shelvesOf(others.length > 0 ? others : catalogue, exponent);
  const weighted = shelves.map((shelf) => [shelf, shelf.skus.length] as const);
  return (n, taste = 'any') => {
    const random = randomOf(seed, STREAM.simulatedOrder, n);
    const shelf = pick(random, weighted);
    const basket = drawBasket(random, shelf, taste);
    const items = basket.map(({ position, quantity }) => ({ sku: shelf.skus[position]!, quantity }));
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

/** Gives a draft its buyer, a token that tells the provider what to do, and the fate of its parcels. */
function tellStory(draft: Drafter, seed: number, n: number, { mix, timeScale }: LifePlan): OrderStory {
  const { fraud, taste, payment, ...buyer } = buyerOf(seed, n, (mix.fraud ?? 0) / 100);
  const fate = fraud === null ? fateOf(seed, n, mix) : asFraud(fateOf(seed, n, mix));
  const method = NEEDS_CARD.has(fate.payment) ? 'card' : payment.method;
  const request: OrderRequest = {
    ...draft(n, taste),
    ...buyer,
    payment: { ...payment, method, token: tokenOf(payment.token, seed, n, fate.payment) },
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
  const story = (n: number) => tellStory(draft, seed, n, life);
  return {
    size: undefined,
    story,
    order(n) {
      const told = story(n);
      return planOrder(n, key(n), told.request, labelsOf(told));
    },
  };
}
