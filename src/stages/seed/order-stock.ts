import { isFinal, type OrderStatus } from '../../../lib/domain/order-machine.ts';
import type { SoldProduct } from './catalogue.ts';
import type { SeededOrder } from './order.ts';

/** What a line does to the stock: held for the order, gone with a parcel, and perhaps back on the shelf. */
export interface LineStock {
  productId: number;
  warehouse: string;
  quantity: number;
  state: 'untouched' | 'held' | 'shipped';
  restocked: boolean;
}

/** The warehouse of the customer's region, where the product lies there. */
function warehouseFor(product: SoldProduct, preferred: string): string {
  return product.warehouses.includes(preferred) ? preferred : product.warehouses[0]!;
}

function stateOf(order: SeededOrder, index: number): LineStock['state'] {
  const { journey, parcels } = order.story;
  const parcel = parcels[index % Math.max(1, parcels.length)];
  if (parcel?.shippedAt) return 'shipped';
  const isOpen = !isFinal(journey.status as OrderStatus);
  return isOpen && journey.hasBeen('reserved') ? 'held' : 'untouched';
}

/** One entry a line, in the order of the lines; lines are spread over the parcels in turn. */
export function stockOf(order: SeededOrder): LineStock[] {
  return order.quote.lines.map((line, index) => {
    const product = order.products[index]!;
    return {
      productId: product.productId,
      warehouse: warehouseFor(product, order.place.warehouse),
      quantity: line.quantity,
      state: stateOf(order, index),
      restocked: order.story.refunds.some((refund) => refund.line?.line === line.line && refund.restocked),
    };
  });
}
