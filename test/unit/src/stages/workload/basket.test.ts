import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { drawBasket, type Shelf } from '../../../../../src/stages/workload/basket.ts';
import type { Taste } from '../../../../../src/stages/workload/buyer.ts';
import { randomOf, zipf } from '../../../../../src/stages/workload/random.ts';

const SIZE = 100;
const shelf: Shelf = { size: SIZE, priceOf: (position) => ((position * 37) % SIZE) + 1, draw: zipf(SIZE, 1) };
const baskets = (taste: Taste) => Array.from({ length: 500 }, (_, n) => drawBasket(randomOf(1, 1, n), shelf, taste));

function meanPrice(taste: Taste): number {
  const prices = baskets(taste).flatMap((basket) => basket.map(({ position }) => shelf.priceOf(position)));
  return prices.reduce((sum, price) => sum + price, 0) / prices.length;
}

suite('drawBasket', () => {
  test('different products, one piece or more of each', () => {
    for (const basket of baskets('any')) {
      assert.equal(new Set(basket.map(({ position }) => position)).size, basket.length);
      assert.ok(basket.length >= 1 && basket.every(({ quantity }) => quantity >= 1));
    }
  });

  test('prices follow the taste', () => {
    assert.ok(meanPrice('dear') > meanPrice('any') * 1.3);
    assert.ok(meanPrice('cheap') < meanPrice('any') * 0.7);
  });

  test('whoever wants cheap goods takes one piece of one thing', () => {
    assert.ok(baskets('cheap').every((basket) => basket.length === 1 && basket[0]!.quantity === 1));
  });

  test('a shelf of one product ends', () => {
    const single = { size: 1, priceOf: () => 100, draw: () => 0 };
    assert.equal(drawBasket(randomOf(1, 1), single, 'dear').length, 1);
  });
});
