import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { findForbiddenText } from '../../../../../apps/producer/http/card-data.ts';
import { genericShop } from '../../../../../apps/producer/ingest/generic-shop.ts';
import { shopifyShop } from '../../../../../apps/producer/ingest/shopify-shop.ts';
import { OrderRequest } from '../../../../../lib/domain/order-request.ts';
import { signWebhook } from '../../../../../lib/integration/webhook-signature.ts';
import { ORDER } from '../../../../helpers/producer.ts';
import { SHOPIFY_ORDER } from '../../../../helpers/shopify.ts';

const order = Compile(OrderRequest);

test("Shopify's order becomes one of ours: what is bought, where to, how; nothing that names a person", () => {
  assert.ok(Compile(shopifyShop.body).Check(SHOPIFY_ORDER));
  const { key, request } = shopifyShop.map(SHOPIFY_ORDER);
  assert.ok(order.Check(request));
  assert.deepEqual(request, {
    customer: `shopify:${(6_940_095_564_123).toString(36)}`,
    channel: 'marketplace',
    currency: 'USD',
    items: [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 2 },
    ],
    ship_to: { country: 'US', region: 'Nevada', city: 'Reno', postcode_prefix: '895' },
    shipping: 'express',
    payment: { method: 'paypal' },
    note: 'ring twice',
  });
  assert.equal(key, `shopify:${(820_982_911_946_154).toString(36)}`);
});

test('a guest, an order without a note and a test order are orders as well', () => {
  const { customer: _none, ...guest } = { ...SHOPIFY_ORDER, note: null, test: true, shipping_lines: [] };
  const { request } = shopifyShop.map(guest);
  assert.ok(order.Check(request));
  assert.match(request.customer, /^shopify:guest-/);
  assert.deepEqual([request.synthetic, request.shipping, request.note], [true, 'standard', undefined]);
});

test("no number of Shopify's is taken for a card's", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1e12, max: Number.MAX_SAFE_INTEGER }), (id) => {
      const { key, request } = shopifyShop.map({ ...SHOPIFY_ORDER, id, customer: { id } });
      assert.equal(findForbiddenText([key, request.customer]), undefined);
    }),
    { seed: 8, numRuns: 500 },
  );
});

test('our own form needs a number, and no payment', () => {
  const { channel: _ours, payment: _later, ...fields } = ORDER;
  const body = { order_number: 'A-17', ...fields };
  assert.ok(Compile(genericShop.body).Check(body));
  assert.deepEqual(genericShop.map(body), {
    key: 'generic:A-17',
    request: { ...fields, channel: 'marketplace', payment: { method: 'card' } },
  });
  for (const wrong of [fields, { ...body, order_number: 'A 17' }, { ...body, price: 1 }]) {
    assert.ok(!Compile(genericShop.body).Check(wrong));
  }
});

test('each shop signs in its own way, over the bytes as they came', () => {
  const bytes = Buffer.from('{ }');
  const shopify = createHmac('sha256', 'secret').update(bytes).digest('base64');
  const ours = signWebhook('secret', bytes, 1_000_000);
  const isSigned = (shop: typeof genericShop, headers: Record<string, string>, secret = 'secret') =>
    shop.isSigned(headers, bytes, secret, 1_000_000);
  assert.equal(isSigned(shopifyShop, { 'x-shopify-hmac-sha256': shopify }), true);
  assert.equal(isSigned(genericShop, { 'oms-signature': ours }), true);
  assert.equal(isSigned(shopifyShop, { 'x-shopify-hmac-sha256': shopify }, 'other'), false);
  assert.equal(isSigned(genericShop, { 'oms-signature': ours }, 'other'), false);
  assert.equal(isSigned(shopifyShop, { 'x-shopify-hmac-sha256': 'abc' }), false);
  assert.equal(isSigned(shopifyShop, {}), false);
  assert.equal(isSigned(genericShop, {}), false);
});
