import type { OrderPlacedEvent } from '../../lib/domain/order-events.ts';
import { placedEvent } from '../../test/helpers/orders.ts';

const PRODUCTS = 200;
const CUSTOMERS = 5_000;

export const skus: readonly string[] = Array.from({ length: PRODUCTS }, (_, index) => `SKU-${index}`);

/** A small generator of its own (Lehmer), so that every run sends the same orders. */
let state = 42;
const random = () => {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
};

/** 1 to 4 lines; product n is asked for about as often as 1/n (Zipf). */
export function randomOrder(n: number): OrderPlacedEvent {
  const lines = 1 + Math.floor(random() * 3.4);
  const wanted = new Set(Array.from({ length: lines }, () => skus[Math.floor(PRODUCTS ** random()) - 1]!));
  return placedEvent({
    key: `k${n}`,
    customer: `c-${n % CUSTOMERS}`,
    items: [...wanted].map((sku) => ({ sku, quantity: 1 })),
  });
}
