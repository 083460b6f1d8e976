import { PAYMENT_MACHINE } from '../domain/payment-machine.ts';
import { PAYMENT_FLOWS } from '../domain/payment-methods.ts';
import { opKey } from './external-op.ts';
import type { OrderState, PaymentAttempt } from './order-state.ts';
import { ask, lastRequest, orderOf } from './requests.ts';
import { CAPTURE_LADDER, retryAt } from './timers.ts';
import type { Turn } from './turn.ts';

/** How often a customer may try to pay. */
export const MAX_ATTEMPTS = 3;

/** The attempt that decides about the order. */
export const currentAttempt = (order: OrderState): PaymentAttempt | undefined => order.payments.at(-1);

/** The key that the provider knows an attempt by. */
export function authorizeKey(order: OrderState, { attempt }: PaymentAttempt): string {
  const op = lastRequest(order, 'authorize', (request) => request.attempt === attempt);
  return opKey(order.orderId, 'authorize', op?.no ?? attempt);
}

/** Sends the attempt's authorisation, for the first time or again under a new number. */
export function askAuthorization(turn: Turn, attempt: PaymentAttempt, mfaCompleted: boolean, dueAt?: number): void {
  const { order } = turn;
  const token = order.paymentChoice?.token;
  ask(
    turn,
    'authorize',
    {
      ...orderOf(order),
      attempt: attempt.attempt,
      amount_minor: attempt.amount,
      method: attempt.method,
      capture: PAYMENT_FLOWS[attempt.method] !== 'deferred',
      ...(token !== undefined && { token }),
      customer_ref: order.customerRef,
      mfa_completed: mfaCompleted,
    },
    dueAt,
  );
}

/** A new attempt to pay what the order costs, by the customer's last choice. */
export function beginAttempt(turn: Turn): void {
  const { order, world, effects } = turn;
  const attempt: PaymentAttempt = {
    attempt: order.payments.length + 1,
    method: order.paymentMethod,
    state: PAYMENT_MACHINE.next(null, 'authorize'),
    amount: order.total,
    authorized: 0,
    captured: 0,
    refundWanted: 0,
    refunded: 0,
    failureCode: null,
    providerRef: null,
    createdAt: world.now,
  };
  order.payments.push(attempt);
  effects.changed.add('payments');
  askAuthorization(turn, attempt, false);
}

/** What a request says that is about an authorisation. */
export const followUp = (order: OrderState, attempt: PaymentAttempt, amount: number) => ({
  ...orderOf(order),
  attempt: attempt.attempt,
  amount_minor: amount,
  authorize_key: authorizeKey(order, attempt),
  provider_ref: attempt.providerRef,
});

/** Takes the money that is set aside; after failed tries with some delay, each time under a new number. */
export function askCapture(turn: Turn, attempt: PaymentAttempt): void {
  const { order, world } = turn;
  const failures = order.ops.reduce((count, { kind }) => count + (kind === 'capture' ? 1 : 0), 0);
  attempt.state = PAYMENT_MACHINE.next(attempt.state, 'capture');
  turn.effects.changed.add('payments');
  const dueAt = retryAt(order, CAPTURE_LADDER, failures, world.now);
  ask(turn, 'capture', followUp(order, attempt, attempt.authorized), dueAt);
}

/** Lets go what is set aside, or the question that the customer has not answered. */
export function askVoid(turn: Turn, attempt: PaymentAttempt): void {
  attempt.state = PAYMENT_MACHINE.next(attempt.state, 'void');
  turn.effects.changed.add('payments');
  ask(turn, 'void', followUp(turn.order, attempt, attempt.amount));
}
