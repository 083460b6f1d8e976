import { isFinal, type OrderStatus } from '../domain/order-machine.ts';
import type { OrderState } from './order-state.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What the end of a waiting time means. */
type TimerKind = 'close' | 'alarm' | 'lost' | 'close_window';

interface Timer {
  after: number;
  /** The least real time of an order whose clocks run faster: people and machines that answer it do not run faster. */
  atLeast: number;
  kind: TimerKind;
}

/** How long an order may be in a status that is not final, in milliseconds, and what comes then. */
export const ORDER_TIMERS: Record<Exclude<OrderStatus, 'rejected' | 'cancelled' | 'returned' | 'completed'>, Timer> = {
  received: { after: MINUTE, atLeast: MINUTE, kind: 'alarm' },
  review: { after: 48 * HOUR, atLeast: 20 * SECOND, kind: 'close' },
  action_required: { after: 30 * MINUTE, atLeast: 20 * SECOND, kind: 'close' },
  reserved: { after: 15 * MINUTE, atLeast: MINUTE, kind: 'close' },
  confirmed: { after: DAY, atLeast: MINUTE, kind: 'alarm' },
  fulfilling: { after: 48 * HOUR, atLeast: MINUTE, kind: 'alarm' },
  partially_shipped: { after: 7 * DAY, atLeast: MINUTE, kind: 'alarm' },
  shipped: { after: 30 * DAY, atLeast: MINUTE, kind: 'lost' },
  delivered: { after: 30 * DAY, atLeast: 15 * SECOND, kind: 'close_window' },
  closing: { after: HOUR, atLeast: MINUTE, kind: 'alarm' },
};

/** A return window that could not be closed is tried again. */
export const WINDOW_RETRY = { after: DAY, atLeast: 5 * SECOND };
/** A return that was agreed to and never came. */
export const RETURN_TIMER = { after: 14 * DAY, atLeast: 15 * SECOND };
/** Waits between requests that were refused for the moment; the last one is repeated. */
export const SOFT_DECLINE_LADDER = [MINUTE, 5 * MINUTE];
export const CAPTURE_LADDER = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR];
export const LABEL_LADDER = [30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE];
const REQUEST_AT_LEAST = 200;

const scaled = (order: OrderState, after: number, atLeast: number): number =>
  Math.max(after / (order.simulation?.time_scale ?? 1), Math.min(after, atLeast));

/** When the order will have been in `status` for as long as it may; null for a final status. */
export function dueAfter(order: OrderState, status: OrderStatus, now: number): number | null {
  if (isFinal(status)) return null;
  const { after, atLeast } = ORDER_TIMERS[status as keyof typeof ORDER_TIMERS];
  return Math.round(now + scaled(order, after, atLeast));
}

/** A moment on the order's own clock. */
export const momentAfter = (order: OrderState, { after, atLeast }: { after: number; atLeast: number }, now: number) =>
  Math.round(now + scaled(order, after, atLeast));

/** When a request is sent that was refused `refusals` times before; at once when it never was. */
export function retryAt(order: OrderState, ladder: readonly number[], refusals: number, now: number): number {
  const after = ladder[Math.min(refusals, ladder.length) - 1] ?? 0;
  if (after === 0) return now;
  return Math.round(now + scaled(order, after, REQUEST_AT_LEAST));
}
