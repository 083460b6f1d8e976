import type { DomainEvent } from '../domain/event-types.ts';
import { PAYMENT_MACHINE } from '../domain/payment-machine.ts';
import { whyNoAmend, whyNoCancel, whyNoMfa, whyNoPaymentMethod, whyNoRefund, whyNoReview } from './allowed-actions.ts';
import type { Handled } from './effects.ts';
import type { LineState, OrderState } from './order-state.ts';
import { askAuthorization, beginAttempt, currentAttempt } from './payment-requests.ts';
import { askRefund, paidAttempt } from './refunds.ts';
import { reserveStock } from './stock.ts';
import { close, type Turn, takeStep } from './turn.ts';
import { APPLIED, refused } from './verdicts.ts';

/** What customers and staff ask for is done or refused; it never waits. */

export function cancelRequested(turn: Turn): Handled {
  const why = whyNoCancel(turn.order);
  if (why) return refused(why);
  const when = turn.order.status === 'fulfilling' ? 'nothing_ready' : 'always';
  close(turn, 'order.cancel_requested', when, 'cancelled', 'customer');
  return APPLIED;
}

/** Discount and tax shrink with the units, rounded down. */
function takeLess(line: LineState, quantity: number): void {
  if (line.quantity === quantity) return;
  line.discount_minor = Math.floor((line.discount_minor * quantity) / line.quantity);
  line.tax_minor = Math.floor((line.tax_minor * quantity) / line.quantity);
  line.quantity = quantity;
}

function sumUp(order: OrderState): void {
  order.subtotal = order.lines.reduce((sum, { quantity, unit_minor }) => sum + quantity * unit_minor, 0);
  order.discount = order.lines.reduce((sum, { discount_minor }) => sum + discount_minor, 0);
  order.tax = order.lines.reduce((sum, { tax_minor }) => sum + tax_minor, 0);
  order.total = order.subtotal - order.discount + order.tax + order.shipping;
}

export function amended(turn: Turn, { data }: DomainEvent<'oms.order.amended.v1'>): Handled {
  const { order, effects } = turn;
  const why = whyNoAmend(order, data.lines);
  if (why) return refused(why);
  for (const bought of order.lines) {
    takeLess(bought, data.lines.find(({ line }) => line === bought.line)?.quantity ?? bought.quantity);
  }
  sumUp(order);
  effects.changed.add('lines').add('order');
  reserveStock(turn, 'order.amended');
  return APPLIED;
}

/** A new attempt with what the customer pays with now; one that still waits for a second factor is let go. */
export function methodReplaced(turn: Turn, { data }: DomainEvent<'oms.payment.method_replaced.v1'>): Handled {
  const { order, effects } = turn;
  const why = whyNoPaymentMethod(order);
  if (why) return refused(why);
  order.paymentMethod = data.payment.method;
  order.paymentChoice = data.payment;
  effects.changed.add('order');
  takeStep(turn, 'payment.method_replaced', order.reason === 'mfa' ? 'reason_mfa' : 'reason_payment');
  beginAttempt(turn);
  return APPLIED;
}

/** The same attempt goes on, asked for anew. */
export function mfaCompleted(turn: Turn): Handled {
  const { order, effects } = turn;
  const why = whyNoMfa(order);
  const attempt = currentAttempt(order);
  if (why || !attempt) return refused(why ?? 'the order has no payment');
  attempt.state = PAYMENT_MACHINE.next(attempt.state, 'payment.mfa_completed');
  effects.changed.add('payments');
  takeStep(turn, 'payment.mfa_completed', 'reason_mfa');
  askAuthorization(turn, attempt, true);
  return APPLIED;
}

export function reviewApproved(turn: Turn): Handled {
  const why = whyNoReview(turn.order);
  if (why) return refused(why);
  reserveStock(turn, 'review.approved');
  return APPLIED;
}

export function reviewRejected(turn: Turn): Handled {
  const why = whyNoReview(turn.order);
  if (why) return refused(why);
  close(turn, 'review.rejected', 'always', 'cancelled', 'fraud');
  return APPLIED;
}

export function refundRequested(turn: Turn, { data }: DomainEvent<'oms.refund.requested.v1'>): Handled {
  const why = whyNoRefund(turn.order, data.amount_minor);
  if (why) return refused(why);
  askRefund(turn, paidAttempt(turn.order), data.amount_minor, { reason: data.reason });
  return APPLIED;
}
