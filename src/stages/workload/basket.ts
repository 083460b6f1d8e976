import type { Taste } from './buyer.ts';
import { geometric, type Random } from './random.ts';

/** Products in one currency to choose from. */
export interface Shelf {
  size: number;
  /** Price of a product in minor units, by its position. */
  priceOf: (position: number) => number;
  /** Draws a position, popular products more often. */
  draw: (random: Random) => number;
}

/** Mean number of lines of an order. */
const MEAN_LINES = 2.2;
const MOST_LINES = 20;
const SHARE_OF_SINGLE_PIECES = 0.8;
const MOST_PIECES = 9;
/** Whoever wants dear (or cheap) goods looks at so many and takes the dearest (or cheapest). */
const LOOKED_AT = 10;

function drawByTaste(random: Random, { draw, priceOf }: Shelf, taste: Taste): number {
  let chosen = draw(random);
  if (taste === 'any') return chosen;
  for (let looked = 1; looked < LOOKED_AT; looked++) {
    const other = draw(random);
    if (priceOf(other) > priceOf(chosen) === (taste === 'dear')) chosen = other;
  }
  return chosen;
}

const drawQuantity = (random: Random): number =>
  random() < SHARE_OF_SINGLE_PIECES ? 1 : Math.min(1 + geometric(random, 2), MOST_PIECES);

/** Different products of one shelf and how many of each; a product drawn again is drawn anew, a few times. */
export function drawBasket(random: Random, shelf: Shelf, taste: Taste): { position: number; quantity: number }[] {
  if (taste === 'cheap') return [{ position: drawByTaste(random, shelf, taste), quantity: 1 }];
  const wanted = Math.min(geometric(random, MEAN_LINES), MOST_LINES, shelf.size);
  const positions = new Set<number>();
  for (let tries = 0; positions.size < wanted && tries < wanted * 10; tries++) {
    positions.add(drawByTaste(random, shelf, taste));
  }
  return [...positions].map((position) => ({ position, quantity: drawQuantity(random) }));
}
