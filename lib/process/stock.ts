import type { OrderState } from './order-state.ts';
import { close, type Turn, takeStep } from './turn.ts';

/** Units by product, so that several lines of one product are asked for at once. */
function unitsWanted(order: OrderState): { productId: number; quantity: number }[] {
  const wanted: { productId: number; quantity: number }[] = [];
  for (const { productId, quantity } of order.lines) {
    if (quantity === 0) continue;
    const same = wanted.find((one) => one.productId === productId);
    if (same) same.quantity += quantity;
    else wanted.push({ productId, quantity });
  }
  return wanted;
}

/**
 * Holds stock for the whole order, or goes the way that its policy says: back to the customer, or to its end.
 * @param trigger `decide`, `review.approved` or `order.amended`
 */
export function reserveStock(turn: Turn, trigger: string): void {
  const { order, world, effects } = turn;
  const held = world.stock.reserve(unitsWanted(order));
  if (held) {
    order.reservations.push(...held);
    effects.changed.add('reservations');
    takeStep(turn, trigger, 'stock_ok');
  } else if (trigger === 'order.amended') takeStep(turn, trigger, 'stock_short', 'stock');
  else if (order.stockPolicy === 'amend') takeStep(turn, trigger, 'stock_short_amend', 'stock');
  else close(turn, trigger, 'stock_short_cancel', 'cancelled', 'out_of_stock');
}

/** Gives back what is still held. */
export function releaseStock({ order, effects }: Turn): void {
  for (const reservation of order.reservations) {
    if (reservation.state !== 'held') continue;
    const { productId, warehouse, quantity } = reservation;
    reservation.state = 'released';
    effects.changed.add('reservations');
    effects.stock.push({ productId, warehouse, reserved: -quantity, onHand: 0, reason: null });
  }
}

/** What was held in a warehouse has left it. */
export function commitStock({ order, effects }: Turn, from: string): void {
  for (const reservation of order.reservations) {
    if (reservation.state !== 'held' || reservation.warehouse !== from) continue;
    const { productId, warehouse, quantity } = reservation;
    reservation.state = 'committed';
    effects.changed.add('reservations');
    effects.stock.push({ productId, warehouse, reserved: -quantity, onHand: -quantity, reason: 'sold' });
  }
}

/** Puts units back where their product was sent from. */
export function restock(
  { order, effects }: Turn,
  productId: number,
  units: number,
  reason: 'returned' | 'undeliverable',
): void {
  const from = order.reservations.find((one) => one.productId === productId && one.state === 'committed');
  if (!from || units === 0) return;
  effects.stock.push({ productId, warehouse: from.warehouse, reserved: 0, onHand: units, reason });
}
