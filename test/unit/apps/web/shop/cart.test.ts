import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addToCart,
  changeCart,
  MAX_CART_LINES,
  piecesOf,
  readCart,
  writeCart,
} from '../../../../../apps/web/shop/cart/cart.ts';

const sku = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const lines = fc.uniqueArray(
  fc.record({ sku, quantity: fc.integer({ min: 1, max: 999 }) }, { noNullPrototype: true }),
  {
    selector: (line) => line.sku,
    maxLength: MAX_CART_LINES,
  },
);

test('a cart is read as it was written, and fits into a cookie', () => {
  fc.assert(
    fc.property(lines, (cart) => {
      assert.deepEqual(readCart(writeCart(cart)), cart);
      assert.ok(writeCart(cart).length < 3_000);
    }),
  );
});

test('whatever a cookie says, what is read from it is a cart', () => {
  const hostile = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'A1:|-. ') }));
  fc.assert(
    fc.property(hostile, (text) => {
      const cart = readCart(text);
      assert.ok(cart.length <= MAX_CART_LINES);
      assert.deepEqual(readCart(writeCart(cart)), cart);
    }),
  );
  assert.deepEqual(readCart('A:2|A:3|B:0|C:1000|D:1.5|E:-1|:1|F'), [{ sku: 'A', quantity: 2 }]);
  assert.deepEqual(readCart(undefined), []);
});

test('more of the same adds up to what a line may have; a full cart takes nothing new', () => {
  const one = [{ sku: 'A', quantity: 998 }];
  assert.deepEqual(addToCart(one, { sku: 'A', quantity: 5 }), { lines: [{ sku: 'A', quantity: 999 }] });
  assert.equal(addToCart([], { sku: 'A b', quantity: 1 }).refused, 'not_a_line');
  assert.equal(addToCart([], { sku: 'A', quantity: 0 }).refused, 'not_a_line');
  const full = Array.from({ length: MAX_CART_LINES }, (_, index) => ({ sku: `S${index}`, quantity: 1 }));
  assert.equal(addToCart(full, { sku: 'NEW', quantity: 1 }).refused, 'cart_full');
  assert.equal(addToCart(full, { sku: 'S0', quantity: 1 }).refused, undefined);
});

test('quantities are changed, 0 takes a line out, strangers change nothing', () => {
  const cart = [
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: 2 },
  ];
  const wanted = new Map([
    ['A', 0],
    ['B', 5_000],
    ['C', 1],
  ]);
  assert.deepEqual(changeCart(cart, wanted), [{ sku: 'B', quantity: 999 }]);
  assert.equal(piecesOf(cart), 3);
});
