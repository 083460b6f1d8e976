import type { LineState, OrderState, PaymentAttempt } from './order-state.ts';
import { followUp } from './payment-requests.ts';
import { ask } from './requests.ts';
import { CAPTURE_LADDER, retryAt } from './timers.ts';
import type { Turn } from './turn.ts';

/** What the customer pays for a whole line. */
const valueOfLine = ({ quantity, unit_minor, discount_minor, tax_minor }: LineState): number =>
  unit_minor * quantity - discount_minor + tax_minor;

/**
 * What `units` more of a line are worth after `before` of them: the difference of two floors, so that the units of a
 * line together are worth exactly the line, in whatever portions they come.
 */
export function valueOfUnits(line: LineState, before: number, units: number): number {
  if (line.quantity === 0) return 0;
  const value = valueOfLine(line);
  return Math.floor((value * (before + units)) / line.quantity) - Math.floor((value * before) / line.quantity);
}

/** What can still go back of an attempt to pay. */
export const refundable = ({ state, captured, refundWanted }: PaymentAttempt): number =>
  state === 'captured' || state === 'partially_refunded' ? captured - refundWanted : 0;

/** The attempt that money was taken by and can go back. */
export const paidAttempt = (order: OrderState): PaymentAttempt | undefined =>
  order.payments.findLast((attempt) => refundable(attempt) > 0);

/** Everything that was ordered has come back or is lost. */
export const isEverythingBack = (order: OrderState): boolean =>
  order.lines.every(({ quantity, returned, lost }) => returned + lost >= quantity);

/** Asks for money to go back; less than `amount` when less is left, and nothing when nothing is. Returns how much. */
export function askRefund(
  turn: Turn,
  attempt: PaymentAttempt | undefined,
  amount: number,
  why: { reason: string; returnNo?: number; lineNo?: number | null },
): number {
  const { order, world, effects } = turn;
  const granted = attempt ? Math.min(amount, refundable(attempt)) : 0;
  if (!attempt || granted === 0) return 0;
  attempt.refundWanted += granted;
  const refusals = order.refunds.reduce((count, { state }) => count + (state === 'refused' ? 1 : 0), 0);
  const request = followUp(order, attempt, granted);
  const { no } = ask(turn, 'refund', request, retryAt(order, CAPTURE_LADDER, refusals, world.now));
  order.refunds.push({
    refundNo: no,
    lineNo: why.lineNo ?? null,
    returnNo: why.returnNo ?? null,
    attempt: attempt.attempt,
    amount: granted,
    reason: why.reason,
    state: 'requested',
    createdAt: world.now,
  });
  effects.changed.add('refunds').add('payments');
  return granted;
}
