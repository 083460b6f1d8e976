import type { DomainEvent } from '../domain/event-types.ts';
import { ORDER_MACHINE } from '../domain/order-machine.ts';
import { PAYMENT_MACHINE } from '../domain/payment-machine.ts';
import { aboutPayment, move } from './about-payment.ts';
import { areParcelsHere } from './allowed-actions.ts';
import type { Handled } from './effects.ts';
import { opKey } from './external-op.ts';
import { book } from './ledger.ts';
import type { OrderState, PaymentAttempt } from './order-state.ts';
import { askAuthorization, authorizeKey, currentAttempt, MAX_ATTEMPTS } from './payment-requests.ts';
import { refundRefused } from './refund-answers.ts';
import { lastRequest, requestOf, settleAll } from './requests.ts';
import { retryAt, SOFT_DECLINE_LADDER } from './timers.ts';
import { close, type Turn, takeStep } from './turn.ts';
import { APPLIED, DUPLICATE, misplaced } from './verdicts.ts';

/** An attempt whose outcome is known has no authorisation to wait for. */
const outcomeKnown = (turn: Turn, { attempt }: PaymentAttempt): void =>
  settleAll(turn, 'authorize', (request) => request.attempt === attempt);

/** The order goes on once the whole of it is covered; the provider's word is proof of any second factor. */
function confirm(turn: Turn, attempt: PaymentAttempt, trigger: string, when: string): void {
  const { order, effects } = turn;
  if (attempt !== currentAttempt(order) || attempt.authorized < order.total) return;
  if (order.status === 'action_required' && order.reason === 'mfa') {
    takeStep(turn, 'payment.mfa_completed', 'reason_mfa');
  }
  if (order.status !== 'reserved') return;
  takeStep(turn, trigger, when);
  effects.documents.push({ kind: 'invoice', no: 1 });
}

export const authorized = aboutPayment<DomainEvent<'oms.payment.authorized.v1'>>((turn, attempt, data) => {
  if (!move(turn, attempt, 'payment.authorized')) {
    return misplaced(PAYMENT_MACHINE, attempt.state, 'payment.authorized');
  }
  attempt.authorized = data.amount_minor;
  attempt.providerRef = data.provider_ref;
  attempt.failureCode = null;
  outcomeKnown(turn, attempt);
  confirm(turn, attempt, 'payment.authorized', 'current_attempt');
  return APPLIED;
});

/**
 * The key that the provider booked a capture under: that of the request to capture, or of the request that did
 * everything at once. A request to void that came too late is answered by the capture, but did not make it.
 */
function captureKey(order: OrderState, attempt: PaymentAttempt, answered: string | undefined): string {
  const kind = requestOf(order, answered)?.kind;
  if (answered !== undefined && (kind === 'capture' || kind === 'authorize')) return answered;
  const capture = lastRequest(order, 'capture', (request) => request.attempt === attempt.attempt);
  return capture ? opKey(order.orderId, 'capture', capture.no) : authorizeKey(order, attempt);
}

export const captured = aboutPayment<DomainEvent<'oms.payment.captured.v1'>>((turn, attempt, data) => {
  if (!move(turn, attempt, 'payment.captured')) return misplaced(PAYMENT_MACHINE, attempt.state, 'payment.captured');
  attempt.captured = data.amount_minor;
  attempt.authorized = Math.max(attempt.authorized, data.amount_minor);
  attempt.providerRef = data.provider_ref;
  attempt.failureCode = null;
  outcomeKnown(turn, attempt);
  book(turn, captureKey(turn.order, attempt, data.op_key), 'provider', 'sales', data.amount_minor);
  confirm(turn, attempt, 'payment.captured', 'immediate_capture');
  return APPLIED;
});

/** Soft declines that the ladder still has an answer to; tries before and after a second factor count apart. */
function retryAfterSoftDecline(turn: Turn, attempt: PaymentAttempt): boolean {
  const { order, world } = turn;
  if (order.status !== 'reserved' || attempt !== currentAttempt(order)) return false;
  const last = lastRequest(order, 'authorize', (request) => request.attempt === attempt.attempt);
  const mfaCompleted = last?.request.mfa_completed ?? false;
  const refusals = order.ops.filter(
    ({ kind, request }) =>
      kind === 'authorize' && request.attempt === attempt.attempt && request.mfa_completed === mfaCompleted,
  ).length;
  if (refusals > SOFT_DECLINE_LADDER.length) return false;
  if (!move(turn, attempt, 'payment.declined', 'retry')) return false;
  outcomeKnown(turn, attempt);
  askAuthorization(turn, attempt, mfaCompleted, retryAt(order, SOFT_DECLINE_LADDER, refusals, world.now));
  return true;
}

export const declined = aboutPayment<DomainEvent<'oms.payment.declined.v1'>>((turn, attempt, data) => {
  const { order } = turn;
  const answered = requestOf(order, data.op_key);
  if (answered?.state === 'done') return DUPLICATE;
  if (answered?.kind === 'refund') return refundRefused(turn, attempt, answered.no);
  if (data.soft && retryAfterSoftDecline(turn, attempt)) {
    attempt.failureCode = data.code;
    return APPLIED;
  }
  if (!move(turn, attempt, 'payment.declined', 'final')) {
    return misplaced(PAYMENT_MACHINE, attempt.state, 'payment.declined');
  }
  attempt.failureCode = data.code;
  outcomeKnown(turn, attempt);
  if (order.status !== 'reserved' || attempt !== currentAttempt(order)) return APPLIED;
  if (order.payments.length < MAX_ATTEMPTS) takeStep(turn, 'payment.declined', 'attempts_left', 'payment');
  else close(turn, 'payment.declined', 'no_attempts_left', 'cancelled', 'payment_declined');
  return APPLIED;
});

export const actionRequired = aboutPayment<DomainEvent<'oms.payment.action_required.v1'>>((turn, attempt, data) => {
  const { order } = turn;
  if (requestOf(order, data.op_key)?.state === 'done') return DUPLICATE;
  if (!move(turn, attempt, 'payment.action_required')) {
    return misplaced(PAYMENT_MACHINE, attempt.state, 'payment.action_required');
  }
  attempt.providerRef = data.provider_ref;
  outcomeKnown(turn, attempt);
  if (order.status === 'reserved' && attempt === currentAttempt(order)) {
    takeStep(turn, 'payment.action_required', 'always', 'mfa');
  }
  return APPLIED;
});

export const voided = aboutPayment<DomainEvent<'oms.payment.voided.v1'>>((turn, attempt) => {
  if (!move(turn, attempt, 'payment.voided')) return misplaced(PAYMENT_MACHINE, attempt.state, 'payment.voided');
  outcomeKnown(turn, attempt);
  return APPLIED;
});

/** The amount stays set aside; the next request to capture is an obligation like any other. */
export const captureFailed = aboutPayment<DomainEvent<'oms.payment.capture_failed.v1'>>((turn, attempt, data) => {
  if (requestOf(turn.order, data.op_key)?.state === 'done') return DUPLICATE;
  if (!move(turn, attempt, 'payment.capture_failed')) {
    return misplaced(PAYMENT_MACHINE, attempt.state, 'payment.capture_failed');
  }
  attempt.failureCode = data.code;
  return APPLIED;
});

/** The bank has taken back what was not refunded yet: what has not left the house stays there. */
export function chargedBack(turn: Turn, event: DomainEvent<'oms.payment.charged_back.v1'>): Handled {
  return aboutPayment<DomainEvent<'oms.payment.charged_back.v1'>>((_, attempt, { amount_minor }) => {
    if (!move(turn, attempt, 'payment.charged_back')) {
      return misplaced(PAYMENT_MACHINE, attempt.state, 'payment.charged_back');
    }
    book(turn, event.id, 'chargebacks', 'provider', amount_minor);
    const { order } = turn;
    const isKept = ORDER_MACHINE.accepts(order.status, 'payment.charged_back') && areParcelsHere(order);
    if (isKept && attempt === currentAttempt(order)) {
      close(turn, 'payment.charged_back', 'nothing_ready', 'cancelled', 'payment_declined');
    }
    return APPLIED;
  })(turn, event);
}
