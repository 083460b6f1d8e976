import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { makeChunk, ordersOfChunk } from '../../../../../src/stages/seed/chunk.ts';
import { drawByPopularity } from '../../../../../src/stages/seed/order.ts';
import { sqlTime } from '../../../../../src/stages/seed/tables.ts';
import { SEED_NOW, SEED_PRODUCTS, seedHistory } from '../../../../helpers/seed-history.ts';

const draw = drawByPopularity(SEED_PRODUCTS);

suite('a chunk', () => {
  test('is the same whenever it is made, alone or after others', () => {
    const [one, other] = [seedHistory({ orders: 5_000 }), seedHistory({ orders: 5_000 })];
    makeChunk(one, draw, 0);
    assert.deepEqual(makeChunk(one, draw, 1), makeChunk(other, draw, 1));
    assert.notDeepEqual(makeChunk(seedHistory({ orders: 5_000, seed: 8 }), draw, 1), makeChunk(other, draw, 1));
  });

  test('all chunks together hold every order and every customer once', () => {
    const history = seedHistory({ orders: 4_321, customers: 5_432 });
    const chunks = Array.from({ length: history.chunks }, (_, number) => makeChunk(history, draw, number));
    const first = (rows: string[]) => rows.map((row) => row.slice(0, row.indexOf('\t')));
    assert.equal(new Set(chunks.flatMap(({ rows }) => first(rows.orders))).size, 4_321);
    assert.equal(new Set(chunks.flatMap(({ rows }) => first(rows.customers))).size, 5_432);
    assert.deepEqual(
      chunks.map(({ orders }) => orders),
      chunks.map(({ number }) => ordersOfChunk(history, number)),
    );
  });

  test('its moves bring in what it sends out and holds, and no more', () => {
    const history = seedHistory({ orders: 1_500, days: 5 });
    const { rows, holdings } = makeChunk(history, draw, 0);
    const sums = new Map<string, number>();
    for (const row of rows.stock_moves) {
      const [product, warehouse, quantity] = row.split('\t');
      const key = `${product}|${warehouse}`;
      sums.set(key, (sums.get(key) ?? 0) + Number(quantity));
    }
    const held = new Map(holdings.map((holding) => [`${holding.productId}|${holding.warehouse}`, holding.held]));
    assert.ok(held.size > 0);
    for (const [key, sum] of sums) assert.equal(sum, held.get(key) ?? 0, key);
    const reserved = rows.reservations.reduce((sum, row) => sum + Number(row.split('\t')[3]), 0);
    assert.equal(
      reserved,
      holdings.reduce((sum, holding) => sum + holding.held, 0),
    );
  });

  test('customers without orders are written too', () => {
    const history = seedHistory({ orders: 0, customers: 10 });
    const { rows, orders } = makeChunk(history, draw, 0);
    assert.deepEqual([rows.customers.length, rows.orders.length, rows.stock_moves.length, orders], [10, 0, 0, 0]);
  });
});

test('times are written as the server reads them', () => {
  assert.equal(sqlTime(SEED_NOW + 61_007.9), '2026-11-21 12:01:01.007');
  assert.equal(sqlTime(Date.parse('2026-12-31T23:59:59.999Z')), '2026-12-31 23:59:59.999');
});
