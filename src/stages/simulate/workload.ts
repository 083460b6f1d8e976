import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import { geometric, pick, type Random, randomOf, STREAM, zipf } from '../workload/random.ts';
import { type OrderSource, planOrder } from './order-source.ts';

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

/**
 * Invented orders: products by Zipf popularity in the order of the catalogue, the rest by the shares above. What order
 * n asks for depends on catalogue, seed and n alone; its key carries the run as well, so that each run places new orders.
 * @param options.catalogue at least one product, the most popular first
 */
export function createWorkload(options: {
  catalogue: readonly CatalogueEntry[];
  run: string;
  seed: number;
  zipf: number;
}): OrderSource {
  const shelves = shelvesOf(options.catalogue, options.zipf);
  const weighted = shelves.map((shelf) => [shelf, shelf.skus.length] as const);
  const request = (n: number): OrderRequest => {
    const random = randomOf(options.seed, STREAM.simulatedOrder, n);
    const shelf = pick(random, weighted);
    const items = [...drawSkus(random, shelf)].map((sku) => ({ sku, quantity: drawQuantity(random) }));
    return {
      customer: drawCustomer(random, options.seed, n),
      channel: pick(random, CHANNELS),
      currency: shelf.currency,
      items,
      ship_to: pick(random, PLACES),
      payment: { method: pick(random, METHODS) },
      synthetic: true,
    };
  };
  return { size: undefined, order: (n) => planOrder(n, `sim-${options.run}-${n}`, request(n)) };
}
