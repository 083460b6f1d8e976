import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { quote } from '../../../../lib/domain/pricing.ts';

const product = (price_minor: number) => ({ sku: 'A', name: 'Product A', price_minor });

suite('pricing', () => {
  test('lines, discount, tax and shipping add up as on paper', () => {
    const items = [
      { product: product(1_999), quantity: 2 },
      { product: product(500), quantity: 1 },
    ];
    const coupon = { code: 'SUMMER20', percent_off: 20, free_shipping: false };
    const priced = quote(items, { country: 'DE', shipping: 'standard', coupon });
    assert.deepEqual(
      priced.lines.map(({ line, discount_minor, tax_minor }) => ({ line, discount_minor, tax_minor })),
      [
        { line: 1, discount_minor: 800, tax_minor: 608 },
        { line: 2, discount_minor: 100, tax_minor: 76 },
      ],
    );
    assert.equal(priced.total_minor, 4_498 - 900 + 684 + 499);
  });

  test('free shipping costs nothing, a country without tax has none', () => {
    const coupon = { code: 'FREESHIP', percent_off: 0, free_shipping: true };
    const priced = quote([{ product: product(100), quantity: 1 }], { country: 'BR', shipping: 'express', coupon });
    assert.equal(priced.total_minor, 100);
  });

  test('every quote is whole, never negative, and its sums agree', () => {
    const item = fc.record({ price: fc.nat({ max: 1e7 }), quantity: fc.integer({ min: 1, max: 999 }) });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1 }), fc.nat({ max: 100 }), (items, percent_off) => {
        const priced = quote(
          items.map(({ price, quantity }) => ({ product: product(price), quantity })),
          { country: 'US', shipping: 'standard', coupon: { code: 'ANY', percent_off, free_shipping: false } },
        );
        const { subtotal_minor, discount_minor, tax_minor, shipping_minor, total_minor } = priced;
        assert.ok(
          [subtotal_minor, discount_minor, tax_minor, total_minor].every((n) => Number.isSafeInteger(n) && n >= 0),
        );
        assert.equal(total_minor, subtotal_minor - discount_minor + tax_minor + shipping_minor);
      }),
    );
  });
});
