import { type Static, Type } from 'typebox';
import {
  Channel,
  Country,
  CouponCode,
  CurrencyCode,
  CustomerRef,
  MAX_LINES,
  PaymentChoice,
  plainText,
  Quantity,
  RiskSignals,
  ShippingMethod,
  SimulationHints,
  Sku,
  StockPolicy,
} from './fields.ts';

const closed = { additionalProperties: false };

/**
 * What a shop posts to place an order. There are no prices in it: they come from the catalogue.
 * The Idempotency-Key travels as a header.
 */
export const OrderRequest = Type.Object(
  {
    customer: CustomerRef,
    channel: Channel,
    currency: CurrencyCode,
    items: Type.Array(Type.Object({ sku: Sku, quantity: Quantity }, closed), { minItems: 1, maxItems: MAX_LINES }),
    ship_to: Type.Object(
      {
        country: Country,
        region: Type.Optional(plainText(80)),
        city: Type.Optional(plainText(80)),
        postcode_prefix: Type.Optional(plainText(16)),
      },
      closed,
    ),
    shipping: Type.Optional(ShippingMethod),
    payment: PaymentChoice,
    coupon: Type.Optional(CouponCode),
    stock_policy: Type.Optional(StockPolicy),
    note: Type.Optional(plainText(500)),
    risk_signals: Type.Optional(RiskSignals),
    synthetic: Type.Optional(Type.Boolean()),
    simulation: Type.Optional(SimulationHints),
  },
  closed,
);
export type OrderRequest = Static<typeof OrderRequest>;
