import {
  fromStripeAmount,
  type StripePaymentIntent,
  stripeDecline,
} from '../../../../lib/integration/stripe-objects.ts';
import type { ExternalOp } from '../../../../lib/process/external-op.ts';
import { toCode } from '../answer-event.ts';
import { type Answer, type Outcome, type PaymentKind, PENDING } from '../performer.ts';

/** What Stripe's objects and refusals mean for a request of ours. */

/** The provider's name in events. */
export const STRIPE = 'stripe';

const MAX_URL = 300;

export type Op = ExternalOp<PaymentKind>;
type Failure = Parameters<typeof stripeDecline>[0];

/** What every payment event says; `amount` in our minor units. */
export const report = ({ request }: Op, key: string, ref: string, amount: number) => ({
  order_id: request.order_id,
  attempt: request.attempt,
  op_key: key,
  provider: STRIPE,
  provider_ref: ref,
  amount_minor: amount,
  currency: request.currency,
});

export function declined(op: Op, key: string, ref: string, failure: Failure): Answer {
  const { code, soft } = stripeDecline(failure);
  const data = report(op, key, ref, op.request.amount_minor);
  return { type: 'oms.payment.declined.v1', data: { ...data, code: toCode(code), soft } };
}

export function captureFailed(op: Op, key: string, ref: string, failure: Failure): Answer {
  const data = report(op, key, ref, op.request.amount_minor);
  return { type: 'oms.payment.capture_failed.v1', data: { ...data, code: toCode(stripeDecline(failure).code) } };
}

export function actionRequired(op: Op, key: string, intent: StripePaymentIntent): Answer {
  const url = intent.next_action?.redirect_to_url?.url;
  const data = report(op, key, intent.id, op.request.amount_minor);
  // A link that does not fit is left out: the shop finds the next step by the payment's reference.
  return {
    type: 'oms.payment.action_required.v1',
    data: { ...data, ...(url && url.length <= MAX_URL ? { action_url: url } : {}) },
  };
}

type Reading = (op: Op, key: string, intent: StripePaymentIntent) => Outcome;

const of = (op: Op, key: string, intent: StripePaymentIntent, amount: number) =>
  report(op, key, intent.id, fromStripeAmount(amount, intent.currency));

const captured: Reading = (op, key, intent) => ({
  type: 'oms.payment.captured.v1',
  data: of(op, key, intent, intent.amount_received),
});
const authorized: Reading = (op, key, intent) => ({
  type: 'oms.payment.authorized.v1',
  data: of(op, key, intent, intent.amount),
});
const voided: Reading = (op, key, intent) => ({
  type: 'oms.payment.voided.v1',
  data: of(op, key, intent, intent.amount),
});
const refused: Reading = (op, key, intent) => declined(op, key, intent.id, intent.last_payment_error ?? {});
/** The authorisation has run out, or was cancelled at Stripe. */
const notCaptured: Reading = (op, key, intent) => captureFailed(op, key, intent.id, { code: intent.status });
const pending: Reading = () => PENDING;

/** By what was asked and the status of the payment intent; a status that is not here leaves the outcome open. */
const READINGS: Record<'authorize' | 'capture' | 'void', Record<string, Reading>> = {
  authorize: {
    requires_capture: authorized,
    succeeded: captured,
    requires_action: actionRequired,
    requires_payment_method: refused,
    canceled: voided,
    processing: pending,
  },
  capture: {
    succeeded: captured,
    requires_payment_method: notCaptured,
    canceled: notCaptured,
    processing: pending,
  },
  void: { canceled: voided, succeeded: captured, requires_payment_method: refused, processing: pending },
};

/** @returns undefined when the payment's status is no answer to the request */
export function answerOf(op: Op, key: string, intent: StripePaymentIntent): Outcome | undefined {
  if (op.kind === 'refund') return undefined;
  return READINGS[op.kind][intent.status]?.(op, key, intent);
}
