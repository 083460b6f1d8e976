import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { BatchStock } from '../../../../apps/consumer/stock-desk.ts';

const row = (productId: number, warehouse: string, onHand: number, reserved = 0) => ({
  productId,
  warehouse,
  onHand,
  reserved,
});

suite('the stock of a batch', () => {
  test('the first warehouse that can serve all of a line is taken', () => {
    const stock = new BatchStock([row(1, 'East', 5, 3), row(1, 'West', 9)]);
    const held = { state: 'held' as const, productId: 1 };
    assert.deepEqual(stock.reserve([{ productId: 1, quantity: 2 }]), [{ ...held, warehouse: 'East', quantity: 2 }]);
    assert.deepEqual(stock.reserve([{ productId: 1, quantity: 1 }]), [{ ...held, warehouse: 'West', quantity: 1 }]);
  });

  test('all that is wanted, or nothing', () => {
    const stock = new BatchStock([row(1, 'East', 5), row(2, 'East', 1)]);
    const wanted = [
      { productId: 1, quantity: 5 },
      { productId: 2, quantity: 2 },
    ];
    assert.equal(stock.reserve(wanted), undefined);
    assert.deepEqual(stock.deltas, []);
    assert.ok(stock.reserve([{ productId: 1, quantity: 5 }]));
  });

  test('units that were given back can be promised again, and cancel out', () => {
    const stock = new BatchStock([row(1, 'East', 1, 1)]);
    stock.book({ productId: 1, warehouse: 'East', reserved: -1, onHand: 0, reason: null });
    assert.ok(stock.reserve([{ productId: 1, quantity: 1 }]));
    assert.deepEqual(stock.deltas, []);
  });

  test('only what changes the count is a move', () => {
    const stock = new BatchStock([row(1, 'East', 9, 3)]);
    stock.book({ productId: 1, warehouse: 'East', reserved: -1, onHand: 0, reason: null });
    stock.book({ productId: 1, warehouse: 'East', reserved: -2, onHand: -2, reason: 'sold' });
    assert.deepEqual(stock.moves, [{ productId: 1, warehouse: 'East', quantity: -2, reason: 'sold' }]);
    assert.deepEqual(stock.deltas, [{ productId: 1, warehouse: 'East', reserved: -3, onHand: -2 }]);
  });

  test('whatever is asked for, no more is promised than there is, and rows come in key order', () => {
    const wish = fc.record({ productId: fc.integer({ min: 1, max: 3 }), quantity: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 30 }), (wishes) => {
        const rows = [3, 1, 2].flatMap((productId) => [row(productId, 'East', 10), row(productId, 'West', 7)]);
        const stock = new BatchStock(rows);
        for (const one of wishes) stock.reserve([one]);
        const { deltas } = stock;
        for (const { warehouse, reserved } of deltas) assert.ok(reserved <= (warehouse === 'East' ? 10 : 7));
        const keys = deltas.map(({ productId, warehouse }) => `${productId}${warehouse}`);
        assert.deepEqual(keys, [...keys].sort());
      }),
    );
  });
});
