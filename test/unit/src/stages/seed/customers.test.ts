import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { seedHistory } from '../../../../helpers/seed-history.ts';

const buyersOf = (orders: number, customers: number) => {
  const { crowd } = seedHistory({ orders, customers });
  return Array.from({ length: orders }, (_, order) => crowd.buyer(order));
};

suite('customers', () => {
  test('whoever is new has not bought before, whoever is not has, whatever the numbers', () => {
    const numbers = fc.record({
      orders: fc.integer({ min: 1, max: 300 }),
      customers: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(numbers, ({ orders, customers }) => {
        const seen = new Set<number>();
        for (const { index, isNew } of buyersOf(orders, customers)) {
          assert.ok(index >= 0 && index < customers);
          assert.equal(isNew, !seen.has(index));
          seen.add(index);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('3 of 10 orders are a first one, by default', () => {
    const history = seedHistory({ orders: 5_000 });
    const fresh = Array.from({ length: 5_000 }, (_, order) => history.crowd.buyer(order)).filter(({ isNew }) => isNew);
    assert.ok(Math.abs(fresh.length / 5_000 - 0.3) < 0.01, String(fresh.length));
  });

  test('nobody buys before signing up, and some never buy', () => {
    const { crowd, timeOf, settings } = seedHistory({ orders: 2_000 });
    const bought = new Set<number>();
    for (let order = 0; order < settings.orders; order++) {
      const { index } = crowd.buyer(order);
      assert.ok(crowd.signedUpAt(index) < timeOf(order));
      bought.add(index);
    }
    assert.ok(bought.size > crowd.size * 0.8 && bought.size < crowd.size * 0.9);
    for (let index = 0; index < crowd.size; index++) assert.ok(crowd.signedUpAt(index) < settings.until);
  });

  test('no customer has an unlikely share of the orders', () => {
    const counts = Map.groupBy(buyersOf(5_000, 1_765), ({ index }) => index);
    assert.ok(Math.max(...[...counts.values()].map((orders) => orders.length)) < 50);
  });

  test('a customer is known by a reference, a segment and a place only', () => {
    const { crowd } = seedHistory();
    const customer = crowd.customer(122);
    assert.equal(customer.ref, 'c-000123');
    assert.deepEqual(Object.keys(customer), ['ref', 'segment', 'place']);
    assert.deepEqual(crowd.customer(122), customer);
  });
});
