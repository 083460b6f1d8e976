import { ORDER_MACHINE } from '../domain/order-machine.ts';
import type { Effects } from './effects.ts';
import { noticeOf } from './notices.ts';
import type { OrderState } from './order-state.ts';
import { dueAfter } from './timers.ts';
import type { World } from './world.ts';

/** One event being applied to one order. */
export interface Turn {
  readonly order: OrderState;
  readonly world: World;
  readonly effects: Effects;
  readonly eventId: string;
}

/**
 * Moves the order, in the new status or the same, and notes the step.
 * @param trigger name of the step in the order machine, with the condition that chooses its target
 * @throws {RangeError} when the machine has no such step
 */
export function takeStep(turn: Turn, trigger: string, when: string, reason: string | null = null): void {
  const { order, world, effects, eventId } = turn;
  const from = order.version === 0 ? null : order.status;
  const to = ORDER_MACHINE.next(from, trigger, when);
  order.status = to;
  order.reason = reason;
  order.version += 1;
  order.statusSince = world.now;
  order.dueAt = dueAfter(order, to, world.now);
  effects.steps.push({ trigger, from, to, reason, eventId, at: world.now });
  effects.changed.add('order');
  const template = noticeOf(from, to, reason);
  if (template) effects.notifications.push({ key: `status-${order.version}`, template });
}

/** Begins to wind the order up: `closing` lasts until nothing is owed any more, then it ends as `closeAs`. */
export function close(
  turn: Turn,
  trigger: string,
  when: string,
  closeAs: 'cancelled' | 'returned',
  reason: string,
): void {
  takeStep(turn, trigger, when, reason);
  turn.order.closeAs = closeAs;
}
