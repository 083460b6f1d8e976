import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { MAX_AMOUNT_MINOR, MAX_QUANTITY } from '../../../../lib/domain/fields.ts';
import { valueOfUnits } from '../../../../lib/process/refunds.ts';

const line = fc
  .record({
    quantity: fc.integer({ min: 1, max: MAX_QUANTITY }),
    unit_minor: fc.integer({ min: 0, max: Math.floor(MAX_AMOUNT_MINOR / MAX_QUANTITY) }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    tax_minor: fc.integer({ min: 0, max: 1_000_000 }),
  })
  .map(({ share, ...rest }) => ({
    ...rest,
    discount_minor: Math.floor(rest.quantity * rest.unit_minor * share),
    line: 1,
    productId: 1,
    sku: 'A',
    shipped: rest.quantity,
    lost: 0,
    returned: 0,
  }));

suite('what units are worth', () => {
  test('the units of a line are worth the line, in whatever portions they come', () => {
    fc.assert(
      fc.property(line, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 40 }), (bought, portions) => {
        let before = 0;
        let sum = 0;
        for (const portion of [...portions, bought.quantity]) {
          const units = Math.min(portion, bought.quantity - before);
          const value = valueOfUnits(bought, before, units);
          assert.ok(Number.isSafeInteger(value) && value >= 0);
          sum += value;
          before += units;
        }
        assert.equal(sum, bought.quantity * bought.unit_minor - bought.discount_minor + bought.tax_minor);
      }),
    );
  });

  test('three units for ten cents: three, three, four', () => {
    const ten = { line: 1, productId: 1, sku: 'A', quantity: 3, unit_minor: 3, discount_minor: 0, tax_minor: 1 };
    const bought = { ...ten, shipped: 3, lost: 0, returned: 0 };
    assert.deepEqual(
      [0, 1, 2].map((before) => valueOfUnits(bought, before, 1)),
      [3, 3, 4],
    );
  });
});
