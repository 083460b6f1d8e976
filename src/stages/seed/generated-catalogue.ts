import { minorDigits, shareOf } from '../../../lib/domain/money.ts';
import { between, logNormal, type Random, randomOf, STREAM, wholeBetween } from '../workload/random.ts';
import { type CatalogueProduct, REORDER_SHARE, type StockLevel } from './catalogue.ts';
import { CATEGORIES, type Category, WAREHOUSE_SHARES } from './vocabulary.ts';

/** How far prices of one category lie apart. */
const PRICE_SPREAD = 0.55;

/** The least popular products include some that are low on stock (2 in 100) and some that are out of it (1 in 100). */
const LOW_SHARE = 0.02;
const OUT_SHARE = 0.01;
/** Catalogues smaller than this have neither. */
const SMALLEST_WITH_GAPS = 20;

/** Fits nothing but food. */
const FOOD_WORD = 'Tasty';
const FOOD_PREFIX = 'CT';

type Faker = typeof import('@faker-js/faker/locale/en').faker;

function shuffle<Value>(random: Random, values: readonly Value[]): Value[] {
  const shuffled = [...values];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = wholeBetween(random, 0, last);
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}

/** Just below a round amount, as shops like it: 48.99. Currencies without cents are sold in hundreds. */
function priceOf(random: Random, { medianPrice }: Category, currency: string): number {
  const unit = 10 ** Math.max(2, minorDigits(currency));
  return Math.max(2, Math.round(logNormal(random, medianPrice, PRICE_SPREAD))) * unit - unit / 100;
}

/** A name no other product has: after some tries with other words, a number makes it so. */
function nameOf(faker: Faker, random: Random, { nouns, prefix }: Category, taken: Set<string>): string {
  const draw = () => `${faker.commerce.productAdjective()} ${nouns[wholeBetween(random, 0, nouns.length - 1)]}`;
  const isUnfit = (name: string) => taken.has(name) || (name.startsWith(FOOD_WORD) && prefix !== FOOD_PREFIX);
  let name = draw();
  for (let tries = 0; isUnfit(name) && tries < 5; tries++) name = draw();
  for (let version = 2; taken.has(name); version++) name = `${name.replace(/ \d+$/, '')} ${version}`;
  taken.add(name);
  return name;
}

function levelsOf(random: Random, rank: number, products: number, units: number): StockLevel[] {
  const fromTail = products - 1 - rank;
  const hasGaps = products >= SMALLEST_WITH_GAPS;
  const isOut = hasGaps && fromTail < Math.ceil(products * OUT_SHARE);
  const isLow = hasGaps && !isOut && fromTail < Math.ceil(products * (OUT_SHARE + LOW_SHARE));
  let left = units;
  return WAREHOUSE_SHARES.map(([warehouse, share], index) => {
    const full = index === WAREHOUSE_SHARES.length - 1 ? left : Math.ceil((units * share) / 100);
    const here = Math.min(full, left);
    left -= here;
    const reorderPoint = Math.ceil(here * REORDER_SHARE);
    const available = isOut ? 0 : isLow ? Math.floor(reorderPoint * between(random, 0.3, 0.9)) : here;
    return { warehouse, available, reorderPoint };
  });
}

/**
 * An invented catalogue, the most popular product first. Costs are 55 to 70 % of the price.
 * @param options.units of each product, over all warehouses
 */
export async function generateCatalogue(options: {
  products: number;
  units: number;
  currency: string;
  seed: number;
}): Promise<CatalogueProduct[]> {
  const { faker } = await import('@faker-js/faker/locale/en');
  faker.seed(options.seed);
  const random = randomOf(options.seed, STREAM.catalogue);
  const taken = new Set<string>();
  let group: Category[] = [];
  return Array.from({ length: options.products }, (_, rank) => {
    // Every category has products of every popularity.
    if (group.length === 0) group = shuffle(random, CATEGORIES);
    const category = group.pop()!;
    const price = priceOf(random, category, options.currency);
    return {
      sku: `${category.prefix}-${String(rank + 1).padStart(5, '0')}`,
      name: nameOf(faker, random, category, taken),
      category: category.name,
      brand: category.brands[wholeBetween(random, 0, category.brands.length - 1)]!,
      price_minor: price,
      cost_minor: shareOf(price, wholeBetween(random, 5_500, 7_000)),
      currency: options.currency,
      stock: levelsOf(random, rank, options.products, options.units),
    };
  });
}
