import { hash } from 'node:crypto';
import { PAYMENT_FLOWS } from '../../../lib/domain/payment-methods.ts';
import type { BookEntry, PaymentAnswer } from '../../../lib/integration/sandbox-api.ts';
import type { OpRequest } from '../../../lib/process/external-op.ts';
import { DEFAULT_COLLECT_MS, SCENARIOS, type Scenario, scenarioNameOf } from './scenarios.ts';

/** One payment as the stand-in provider knows it: an authorisation and what followed. Amounts in minor units. */
export interface Payment {
  orderId: string;
  /** The key of the request that made it, which is also its name in requests that follow. */
  authorizeKey: string;
  attempt: number;
  currency: string;
  amount: number;
  state: 'pending' | 'requires_action' | 'authorized' | 'captured' | 'declined' | 'voided';
  scenario: string;
  failure: string | null;
  soft: boolean;
  captured: number;
  refunded: number;
  captureTries: number;
  timeScale: number;
}

/** What the provider does by itself some time later. */
export interface Later {
  event: 'collect' | 'chargeback';
  afterMs: number;
}

/** What a request comes to: the answer, what goes into the book, what happens later. */
export interface Decision {
  answer: PaymentAnswer;
  entry?: { kind: BookEntry['kind']; amount: number };
  later?: Later;
  delivery?: 'slow' | 'never';
}

const scenarioOf = (payment: Payment): Scenario => SCENARIOS[payment.scenario] ?? {};

/** The provider's own name for a payment. */
export const providerRefOf = (authorizeKey: string): string =>
  `pay_${hash('sha256', authorizeKey, 'hex').slice(0, 24)}`;

function answerOf(
  payment: Payment,
  status: PaymentAnswer['status'],
  amount = payment.amount,
  code: string | null = null,
): PaymentAnswer {
  return {
    status,
    provider_ref: providerRefOf(payment.authorizeKey),
    amount_minor: amount,
    ...(code !== null && { code }),
    ...(status === 'declined' && { soft: payment.soft }),
  };
}

/** How a payment stands, as the answer to the request that made it. */
export const standingOf = (payment: Payment): PaymentAnswer =>
  answerOf(payment, payment.state, payment.amount, payment.failure);

function chargebackOf(payment: Payment): { later?: Later } {
  const afterMs = scenarioOf(payment).chargebackAfterMs;
  return afterMs === undefined ? {} : { later: { event: 'chargeback', afterMs } };
}

/** The money is the shop's. */
function take(payment: Payment, amount: number): Decision {
  payment.state = 'captured';
  payment.captured = amount;
  return {
    answer: answerOf(payment, 'captured', amount),
    entry: { kind: 'capture', amount },
    ...chargebackOf(payment),
  };
}

function refusalOf(scenario: Scenario, requestNo: number) {
  return scenario.refusal && requestNo <= scenario.refusal.times ? scenario.refusal : undefined;
}

function decline(payment: Payment, refusal: { code: string; soft: boolean }): Decision {
  Object.assign(payment, { state: 'declined', failure: refusal.code, soft: refusal.soft });
  return { answer: standingOf(payment) };
}

export function newPayment(request: OpRequest<'authorize'>, authorizeKey: string): Payment {
  return {
    orderId: request.order_id,
    authorizeKey,
    attempt: request.attempt,
    currency: request.currency,
    amount: request.amount_minor,
    state: 'pending',
    scenario: scenarioNameOf(request.token),
    failure: null,
    soft: false,
    captured: 0,
    refunded: 0,
    captureTries: 0,
    timeScale: request.simulation?.time_scale ?? 1,
  };
}

function decideAuthorisation(payment: Payment, request: OpRequest<'authorize'>, requestNo: number): Decision {
  const scenario = scenarioOf(payment);
  const refusal = refusalOf(scenario, requestNo);
  if (PAYMENT_FLOWS[request.method] === 'collect') {
    if (refusal) Object.assign(payment, { failure: refusal.code, soft: refusal.soft });
    const afterMs = scenario.collectAfterMs === undefined ? DEFAULT_COLLECT_MS : scenario.collectAfterMs;
    return {
      answer: answerOf(payment, 'pending'),
      ...(afterMs !== null && { later: { event: 'collect', afterMs } }),
    };
  }
  if (refusal) return decline(payment, refusal);
  if (scenario.secondFactor && !request.mfa_completed) {
    payment.state = 'requires_action';
    return { answer: standingOf(payment) };
  }
  if (request.capture) return take(payment, payment.amount);
  payment.state = 'authorized';
  return { answer: standingOf(payment), entry: { kind: 'authorize', amount: payment.amount } };
}

/**
 * Decides a new payment.
 * @param requestNo how many times this attempt to pay was asked for, this time included
 */
export function authorize(payment: Payment, request: OpRequest<'authorize'>, requestNo: number): Decision {
  const { delivery } = scenarioOf(payment);
  return { ...decideAuthorisation(payment, request, requestNo), ...(delivery && { delivery }) };
}

export function capture(payment: Payment, amount: number): Decision {
  const failed = (code: string): Decision => ({ answer: answerOf(payment, 'capture_failed', amount, code) });
  // Money is taken once, whatever is asked for.
  if (payment.state === 'captured') return { answer: answerOf(payment, 'captured', payment.captured) };
  if (payment.state !== 'authorized') return failed('not_authorized');
  if (amount > payment.amount) return failed('exceeds_authorized');
  payment.captureTries += 1;
  if (payment.captureTries <= (scenarioOf(payment).captureFailures ?? 0)) return failed('processor_unavailable');
  return take(payment, amount);
}

/** Lets go of what is not captured yet; what has gone another way says so. */
export function release(payment: Payment): Decision {
  if (payment.state === 'captured') return { answer: answerOf(payment, 'captured', payment.captured) };
  if (payment.state === 'declined' || payment.state === 'voided') return { answer: standingOf(payment) };
  const amount = payment.state === 'authorized' ? payment.amount : 0;
  payment.state = 'voided';
  payment.failure = null;
  return { answer: answerOf(payment, 'voided'), entry: { kind: 'void', amount } };
}

export function refund(payment: Payment, amount: number): Decision {
  if (amount > payment.captured - payment.refunded) {
    return { answer: { ...answerOf(payment, 'declined', amount, 'exceeds_captured'), soft: false } };
  }
  payment.refunded += amount;
  return { answer: answerOf(payment, 'refunded', amount), entry: { kind: 'refund', amount } };
}

/** What the provider does when the time of a `Later` has come; undefined when it no longer applies. */
export function settle(payment: Payment, event: Later['event']): Decision | undefined {
  if (event === 'collect') {
    if (payment.state !== 'pending') return undefined;
    if (payment.failure === null) return take(payment, payment.amount);
    return decline(payment, { code: payment.failure, soft: payment.soft });
  }
  const amount = payment.captured - payment.refunded;
  if (amount === 0) return undefined;
  payment.refunded = payment.captured;
  return { answer: answerOf(payment, 'captured', amount), entry: { kind: 'chargeback', amount } };
}
