import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeLines, priceableLines } from '../../../../../apps/producer/orders/order-lines.ts';

const product = (sku: string, currency = 'USD') => ({
  ...{ productId: 1, sku, name: sku, category: '', brand: '' },
  ...{ price_minor: 100, currency },
});

const line = (sku: string, quantity: number) => ({ sku, quantity });

test('lines of the same SKU become one, in the order of their first appearance', () => {
  assert.deepEqual(mergeLines([line('B', 1), line('A', 2), line('B', 3)]), [
    { sku: 'B', quantity: 4, index: 0 },
    { sku: 'A', quantity: 2, index: 1 },
  ]);
  assert.throws(() => mergeLines([line('A', 1), line('B', 500), line('B', 500)]), {
    code: 'validation_failed',
    errors: [
      { pointer: '/items/1/quantity', code: 'validation_failed', message: 'adds up to 1000 pieces; 999 is the most' },
    ],
  });
});

test('every unknown SKU is pointed at where it stood', () => {
  const lines = mergeLines([line('A', 1), line('X', 1), line('X', 1), line('Y', 1)]);
  const lookup = (sku: string) => (sku === 'A' ? product('A') : undefined);
  assert.throws(
    () => priceableLines(lines, 'USD', lookup),
    (problem: { code: string; errors: { pointer: string }[] }) => {
      assert.equal(problem.code, 'unknown_sku');
      assert.deepEqual(
        problem.errors.map(({ pointer }) => pointer),
        ['/items/1/sku', '/items/3/sku'],
      );
      return true;
    },
  );
});

test('an order in another currency than one of its products is refused', () => {
  const lines = mergeLines([line('A', 1), line('B', 1)]);
  const lookup = (sku: string) => product(sku, sku === 'A' ? 'USD' : 'EUR');
  assert.throws(() => priceableLines(lines, 'USD', lookup), { code: 'currency_mismatch' });
  assert.equal(priceableLines(lines.slice(0, 1), 'USD', lookup)[0]!.product.sku, 'A');
});
