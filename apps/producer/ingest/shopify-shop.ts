import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { OrderRequest } from '../../../lib/domain/order-request.ts';
import { shopMapper } from './shop-mapper.ts';

const orNull = <Schema extends Parameters<typeof Type.Optional>[0]>(schema: Schema) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

/**
 * What is read of Shopify's webhook orders/create. Names, addresses, e-mails and prices are in it as well and are
 * left where they are: prices come from our catalogue.
 */
const ShopifyOrder = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  currency: Type.String(),
  customer: orNull(Type.Object({ id: Type.Integer({ minimum: 1 }) })),
  line_items: Type.Array(Type.Object({ sku: Type.String(), quantity: Type.Integer() })),
  shipping_address: Type.Object({
    country_code: Type.String(),
    province: orNull(Type.String()),
    city: orNull(Type.String()),
    zip: orNull(Type.String()),
  }),
  shipping_lines: Type.Optional(Type.Array(Type.Object({ code: orNull(Type.String()) }))),
  payment_gateway_names: Type.Optional(Type.Array(Type.String())),
  note: orNull(Type.String()),
  test: Type.Optional(Type.Boolean()),
});
type ShopifyOrder = Static<typeof ShopifyOrder>;

/** Shopify's numbers have as many digits as a card's, and one in ten of those would pass for one. */
const reference = (id: number): string => id.toString(36);

/** An area, not an address. */
const POSTCODE_LENGTH = 3;

function shipTo({ country_code, province, city, zip }: ShopifyOrder['shipping_address']): OrderRequest['ship_to'] {
  return {
    country: country_code,
    ...(province && { region: province }),
    ...(city && { city }),
    ...(zip && { postcode_prefix: zip.slice(0, POSTCODE_LENGTH) }),
  };
}

function isSigned(signature: string | string[] | undefined, bytes: Buffer, secret: string): boolean {
  const given = Buffer.from(String(signature ?? ''), 'base64');
  const expected = createHmac('sha256', secret).update(bytes).digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Takes Shopify's own webhook as it is. */
export const shopifyShop = shopMapper(ShopifyOrder, {
  name: 'shopify',
  summary: "Shopify's webhook orders/create.",
  isSigned: (headers, bytes, secret) => isSigned(headers['x-shopify-hmac-sha256'], bytes, secret),
  map: (order) => ({
    key: `shopify:${reference(order.id)}`,
    request: {
      customer: `shopify:${order.customer ? reference(order.customer.id) : `guest-${reference(order.id)}`}`,
      channel: 'marketplace',
      currency: order.currency,
      items: order.line_items.map(({ sku, quantity }) => ({ sku, quantity })),
      ship_to: shipTo(order.shipping_address),
      shipping: order.shipping_lines?.some(({ code }) => /express/i.test(code ?? '')) ? 'express' : 'standard',
      payment: { method: order.payment_gateway_names?.includes('paypal') ? 'paypal' : 'card' },
      ...(order.note && { note: order.note }),
      ...(order.test && { synthetic: true }),
    },
  }),
});
