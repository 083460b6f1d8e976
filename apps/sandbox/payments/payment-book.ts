import type { Connection } from '../../../lib/database/connect.ts';
import type { OpRequest } from '../../../lib/process/external-op.ts';
import type { Book, KeyedRequest, Reply } from '../book/desk.ts';
import { authorize, capture, type Decision, newPayment, type Payment, refund, release, standingOf } from './payment.ts';
import { addPayment, loadPayments, note, type PaymentDesk, savePayments } from './payment-rows.ts';

interface Authorisation extends KeyedRequest {
  kind: 'authorize';
  body: OpRequest<'authorize'>;
}
interface FollowUp extends KeyedRequest {
  kind: 'capture' | 'void' | 'refund';
  authorizeKey: string;
  body: OpRequest<'capture'>;
}
export type PaymentRequest = Authorisation | FollowUp;

const UNKNOWN_PAYMENT: Reply = {
  status: 404,
  body: { code: 'unknown_payment', detail: 'no authorisation of this order has that key' },
};

function countOfAttempt(payments: ReadonlyMap<string, Payment> | undefined, attempt: number): number {
  let count = 0;
  for (const payment of payments?.values() ?? []) if (payment.attempt === attempt) count += 1;
  return count;
}

function decideAuthorisation({ key, body }: Authorisation, desk: PaymentDesk, now: number): Reply {
  const ofOrder = desk.payments.get(body.order_id);
  // Voided before it was ever heard of.
  const before = ofOrder?.get(key);
  if (before) return { status: 200, body: standingOf(before) };
  const payment = newPayment(body, key);
  const decision = authorize(payment, body, countOfAttempt(ofOrder, body.attempt) + 1);
  addPayment(desk, payment);
  note(desk, payment, key, decision, now);
  return { status: 200, body: decision.answer, ...(decision.delivery && { delivery: decision.delivery }) };
}

/** A void may overtake the authorisation that it means: that one finds itself voided when it comes. */
function voidedUnseen({ authorizeKey, body }: FollowUp): Payment {
  const method = { method: 'card', capture: false, mfa_completed: false, customer_ref: '' } as const;
  return newPayment({ ...body, ...method }, authorizeKey);
}

function followUp(request: FollowUp, payment: Payment): Decision {
  const { amount_minor } = request.body;
  if (request.kind === 'capture') return capture(payment, amount_minor);
  return request.kind === 'void' ? release(payment) : refund(payment, amount_minor);
}

function decideFollowUp(request: FollowUp, desk: PaymentDesk, now: number): Reply {
  let payment = desk.payments.get(request.body.order_id)?.get(request.authorizeKey);
  if (!payment && request.kind === 'void') {
    payment = voidedUnseen(request);
    addPayment(desk, payment);
  }
  if (!payment) return UNKNOWN_PAYMENT;
  const decision = followUp(request, payment);
  note(desk, payment, request.key, decision, now);
  return { status: 200, body: decision.answer };
}

/** The stand-in provider's book. @param wake told when something that was put off is due, after the commit */
export function paymentBook(wake: (dueAt: number) => void): Book<PaymentRequest, PaymentDesk> {
  return {
    requestTable: 'psp_requests',
    load: (connection: Connection, requests) =>
      loadPayments(connection, [...new Set(requests.map(({ body }) => body.order_id))]),
    decide: (request, desk, now) =>
      request.kind === 'authorize' ? decideAuthorisation(request, desk, now) : decideFollowUp(request, desk, now),
    replay(request, answer, desk) {
      const payment = desk.payments.get(request.body.order_id)?.get(request.key);
      // The customer may have answered since.
      return payment && (answer as { status: string }).status === 'pending' ? standingOf(payment) : answer;
    },
    save: savePayments,
    committed: ({ nextDue }) => wake(nextDue),
  };
}
