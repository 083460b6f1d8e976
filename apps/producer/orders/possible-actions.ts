import type { Static } from 'typebox';
import type { OrderState } from '../../../lib/process/order-state.ts';
import type { PossibleActions } from './order-view-schema.ts';

export function possibleActions(order: OrderState): Static<typeof PossibleActions> {
  const waitsFor = order.status === 'action_required' ? order.reason : null;
  const lines = returnable(order);
  return {
    cancel:
      ['received', 'review', 'action_required', 'reserved', 'confirmed'].includes(order.status) ||
      (order.status === 'fulfilling' && !order.parcels.some(({ state }) => state === 'ready')),
    amend: waitsFor === 'stock',
    payment_method: waitsFor === 'payment' || waitsFor === 'mfa',
    mfa: waitsFor === 'mfa',
    returns: { possible: order.status === 'delivered' && lines.length > 0, lines },
  };
}

function returnable(order: OrderState): { line: number; quantity: number }[] {
  if (order.status !== 'delivered') return [];
  const claimed = (line: number): number =>
    order.returns
      .filter(({ state }) => !['denied', 'expired', 'rejected'].includes(state))
      .flatMap(({ lines }) => lines.filter((each) => each.line === line))
      .reduce((sum, { quantity }) => sum + quantity, 0);
  return order.lines
    .map(({ line, quantity, lost }) => ({ line, quantity: quantity - lost - claimed(line) }))
    .filter(({ quantity }) => quantity > 0);
}
