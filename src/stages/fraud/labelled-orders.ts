import { orderIdFor } from '../../../lib/domain/ids.ts';
import type { OrderPlacedData } from '../../../lib/domain/order-events.ts';
import { type PricedProduct, quote } from '../../../lib/domain/pricing.ts';
import type { LabelledOrder } from '../../../lib/risk/train.ts';
import { generateCatalogue } from '../seed/generated-catalogue.ts';
import { drawBasket, type Shelf } from '../workload/basket.ts';
import type { Buyer } from '../workload/buyer.ts';
import { buyerOf } from '../workload/buyers.ts';
import { randomOf, STREAM, zipf } from '../workload/random.ts';
import { USUAL_TRAFFIC, VelocityWindow } from './velocity-window.ts';

/** What the shop of the labelled orders sells: the catalogue that `oms seed` invents. */
const CATALOGUE = { products: 1_000, units: 1, currency: 'USD', seed: 42 };
const POPULARITY = 1;
const REQUEST_HASH = '0'.repeat(32);

const shelfOf = (products: readonly PricedProduct[]): Shelf => ({
  size: products.length,
  priceOf: (position) => products[position]!.price_minor,
  draw: zipf(products.length, POPULARITY),
});

function placedBy(buyer: Buyer, items: { product: PricedProduct; quantity: number }[], key: string): OrderPlacedData {
  const { customer, channel, ship_to, shipping, payment, risk_signals } = buyer;
  const { shipping_minor, ...price } = quote(items, { country: ship_to.country, shipping });
  return {
    order_id: orderIdFor(customer, key),
    idempotency_key: key,
    request_hash: REQUEST_HASH,
    channel,
    customer_ref: customer,
    currency: CATALOGUE.currency,
    ...price,
    shipping: {
      method: shipping,
      amount_minor: shipping_minor,
      country: ship_to.country,
      city: ship_to.city ?? '',
      postcode_prefix: ship_to.postcode_prefix ?? '',
    },
    payment,
    stock_policy: 'cancel',
    risk_signals,
  };
}

/** Orders as the risk step sees them, by seed, with the truth about each; `count` for each seed. */
export async function* labelledOrders(
  seeds: readonly number[],
  count: number,
  traffic = USUAL_TRAFFIC,
): AsyncGenerator<LabelledOrder> {
  const products = await generateCatalogue(CATALOGUE);
  const shelf = shelfOf(products);
  for (const seed of seeds) {
    const window = new VelocityWindow(traffic);
    for (let n = 0; n < count; n++) {
      const buyer = buyerOf(seed, n);
      const basket = drawBasket(randomOf(seed, STREAM.baskets, n), shelf, buyer.taste);
      const items = basket.map(({ position, quantity }) => ({ product: products[position]!, quantity }));
      const data = placedBy(buyer, items, `${seed}-${n}`);
      yield { data, velocity: window.next(data), fraud: buyer.fraud };
    }
  }
}
