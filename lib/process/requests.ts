import { type ExternalOp, type OpKind, type OpRequest, opKey } from './external-op.ts';
import type { OrderState } from './order-state.ts';
import type { Turn } from './turn.ts';

/** What every request says of its order. */
export const orderOf = ({ orderId, currency, simulation }: OrderState) => ({
  order_id: orderId,
  currency,
  ...(simulation && { simulation }),
});

/** The number of the next request of a kind. */
export function nextNo(order: OrderState, kind: OpKind): number {
  let last = 0;
  for (const op of order.ops) if (op.kind === kind && op.no > last) last = op.no;
  return last + 1;
}

/** Asks the world outside for something, once the transaction of this turn is committed. */
export function ask<Kind extends OpKind>(
  { order, world, effects }: Turn,
  kind: Kind,
  request: OpRequest<Kind>,
  dueAt: number = world.now,
): ExternalOp<Kind> {
  const op = { kind, no: nextNo(order, kind), state: 'waiting', request, dueAt } as unknown as ExternalOp<Kind>;
  order.ops.push(op as ExternalOp);
  effects.newOps.push(op as ExternalOp);
  return op;
}

/** The order's request with this idempotency key. */
export function requestOf(order: OrderState, key: string | undefined): ExternalOp | undefined {
  if (key === undefined || !key.startsWith(order.orderId)) return undefined;
  return order.ops.find((op) => opKey(order.orderId, op.kind, op.no) === key);
}

/** Notes that a request needs no answer any more. */
export function settle({ effects }: Turn, op: ExternalOp | undefined): void {
  if (op?.state !== 'waiting') return;
  op.state = 'done';
  effects.answeredOps.push({ kind: op.kind, no: op.no });
}

/** Settles every waiting request of a kind that is about the same thing. */
export function settleAll<Kind extends OpKind>(
  turn: Turn,
  kind: Kind,
  isMeant: (request: OpRequest<Kind>) => boolean,
): void {
  for (const op of turn.order.ops) if (op.kind === kind && isMeant(op.request as OpRequest<Kind>)) settle(turn, op);
}

/** The latest request of a kind about the same thing. */
export function lastRequest<Kind extends OpKind>(
  order: OrderState,
  kind: Kind,
  isMeant: (request: OpRequest<Kind>) => boolean,
): ExternalOp<Kind> | undefined {
  return order.ops.findLast((op) => op.kind === kind && isMeant(op.request as OpRequest<Kind>)) as
    | ExternalOp<Kind>
    | undefined;
}
