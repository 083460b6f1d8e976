import { requestHash } from '../../../../lib/domain/canonical.ts';
import { orderIdFor, placedEventId } from '../../../../lib/domain/ids.ts';
import {
  ORDER_PLACED,
  type OrderPlacedData,
  type OrderPlacedEvent,
  orderEvent,
} from '../../../../lib/domain/order-events.ts';
import type { OrderRequest } from '../../../../lib/domain/order-request.ts';
import { type PricedProduct, quote } from '../../../../lib/domain/pricing.ts';

/** Prices a request as the order API does. */
function placedData(request: OrderRequest, key: string, productOf: (sku: string) => PricedProduct): OrderPlacedData {
  const { ship_to, customer, channel, currency, payment, risk_signals, simulation } = request;
  const shipping = request.shipping ?? 'standard';
  const items = request.items.map(({ sku, quantity }) => ({ product: productOf(sku), quantity }));
  const { shipping_minor, ...price } = quote(items, { country: ship_to.country, shipping });
  return {
    order_id: orderIdFor(customer, key),
    idempotency_key: key,
    request_hash: requestHash(request),
    channel,
    customer_ref: customer,
    currency,
    shipping: {
      method: shipping,
      amount_minor: shipping_minor,
      country: ship_to.country,
      city: ship_to.city ?? '',
      postcode_prefix: ship_to.postcode_prefix ?? '',
    },
    ...price,
    payment,
    stock_policy: request.stock_policy ?? 'cancel',
    ...(risk_signals && { risk_signals }),
    ...(simulation && { simulation }),
  };
}

/** The event that the order API makes of a request, for whoever sends events past it. */
export function placedEvent(
  request: OrderRequest,
  key: string,
  productOf: (sku: string) => PricedProduct,
): OrderPlacedEvent {
  const data = placedData(request, key, productOf);
  return orderEvent(ORDER_PLACED, data, {
    id: placedEventId(data.order_id, data.request_hash),
    source: `/shop/${request.channel}`,
    time: new Date().toISOString(),
    synthetic: true,
  });
}
