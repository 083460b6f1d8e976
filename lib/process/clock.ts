import type { DomainEvent } from '../domain/event-types.ts';
import { isFinal } from '../domain/order-machine.ts';
import type { Handled } from './effects.ts';
import { giveUpParcels } from './fulfilment.ts';
import type { OrderState } from './order-state.ts';
import { dueAfter, momentAfter, ORDER_TIMERS, WINDOW_RETRY } from './timers.ts';
import { close, type Turn, takeStep } from './turn.ts';
import { APPLIED, DUPLICATE, late } from './verdicts.ts';

/** What an order that waited too long ends for. */
function reasonOf({ status, reason }: OrderState): string {
  if (status !== 'action_required' || reason === 'stock') return 'timeout';
  return reason === 'mfa' ? 'mfa_timeout' : 'payment_declined';
}

/** Operations are told, and told again for as long as it lasts; what was set anew a moment ago is told already. */
function alarm({ order, world, effects }: Turn): Handled {
  const next = dueAfter(order, order.status, world.now);
  if (next !== null && order.dueAt !== null && order.dueAt - world.now > (next - world.now) / 2) return DUPLICATE;
  effects.notifications.push({
    key: `alarm-${order.version}-${world.now}`,
    template: 'operations_alarm',
  });
  order.dueAt = next;
  effects.changed.add('order');
  return APPLIED;
}

/**
 * Whether the moment has come is for the clock that says so: only the status and the version that it saw are compared,
 * so that clocks of two hosts need not agree.
 */
export function timedOut(turn: Turn, { data }: DomainEvent<'oms.order.timed_out.v1'>): Handled {
  const { order } = turn;
  if (isFinal(order.status) || data.from !== order.status || data.version !== order.version) {
    return late(`the order is ${order.status} since, at version ${order.version}`);
  }
  const { kind } = ORDER_TIMERS[order.status as keyof typeof ORDER_TIMERS];
  if (kind === 'close') close(turn, 'order.timed_out', 'timer_current', 'cancelled', reasonOf(order));
  else if (kind === 'lost') giveUpParcels(turn);
  else if (kind === 'alarm') return alarm(turn);
  else return late('the return window has a clock of its own');
  return APPLIED;
}

const OPEN_RETURN = new Set(['requested', 'approved', 'in_transit', 'received', 'refunding']);

const hasOpenBusiness = ({ returns, refunds }: OrderState): boolean =>
  returns.some(({ state }) => OPEN_RETURN.has(state)) || refunds.some(({ state }) => state === 'requested');

/** Nothing can be returned any more; while something is on its way the window is closed later. */
export function windowClosed(turn: Turn, { data }: DomainEvent<'oms.return_window.closed.v1'>): Handled {
  const { order, world, effects } = turn;
  if (order.status !== 'delivered' || data.version !== order.version) {
    return late(`the order is ${order.status} since, at version ${order.version}`);
  }
  if (!hasOpenBusiness(order)) {
    takeStep(turn, 'return_window.closed', 'nothing_open');
    return APPLIED;
  }
  order.dueAt = momentAfter(order, WINDOW_RETRY, world.now);
  effects.changed.add('order');
  return { ...APPLIED, detail: 'a return or a refund is open: tried again later' };
}
