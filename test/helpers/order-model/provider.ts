import { PAYMENT_FLOWS } from '../../../lib/domain/payment-methods.ts';
import type { OpRequest } from '../../../lib/process/external-op.ts';

type Said = {
  status:
    | 'authorized'
    | 'captured'
    | 'declined'
    | 'action_required'
    | 'pending'
    | 'voided'
    | 'capture_failed'
    | 'refunded';
  amount: number;
  code?: string;
  soft?: boolean;
};

/** One line of the provider's own book: money that moved, by the key of the request that moved it. */
export interface BookLine {
  orderId: string;
  key: string;
  kind: 'capture' | 'refund' | 'chargeback';
  amount: number;
}

interface Payment {
  orderId: string;
  attempt: number;
  state: 'pending' | 'action_required' | 'authorized' | 'captured' | 'declined' | 'voided';
  amount: number;
  captured: number;
  refunded: number;
  captureTries: number;
  captureFailures: number;
}

export type PaymentKind = 'authorize' | 'capture' | 'void' | 'refund';

/**
 * A payment provider with a book of its own. The same key gets the same answer for ever; outcomes follow the token's
 * ending, as in the sandbox.
 */
export class Provider {
  readonly book: BookLine[] = [];
  readonly payments = new Map<string, Payment>();
  readonly #answers = new Map<string, Said>();
  readonly #requests = new Map<string, number>();

  perform(kind: PaymentKind, key: string, request: OpRequest<'authorize'> | OpRequest<'capture'>): Said {
    const before = this.#answers.get(key);
    if (before && before.status !== 'pending') return before;
    if (before) return this.#standing(key);
    const answer =
      kind === 'authorize'
        ? this.#authorize(key, request as OpRequest<'authorize'>)
        : this.#followUp(kind, key, request as OpRequest<'capture'>);
    this.#answers.set(key, answer);
    return answer;
  }

  /** The customer answers a collect request, or does not any more. Undefined when it no longer applies. */
  collected(key: string, accepts: boolean): Said | undefined {
    const payment = this.payments.get(key);
    if (payment?.state !== 'pending') return undefined;
    if (accepts) return this.#take(key, payment, payment.amount);
    payment.state = 'declined';
    return { status: 'declined', amount: payment.amount, code: 'expired', soft: false };
  }

  /** The bank takes back what is left of a captured payment. */
  chargeBack(authorizeKey: string, eventId: string): number | undefined {
    const payment = this.payments.get(authorizeKey);
    if (payment?.state !== 'captured' || payment.captured === payment.refunded) return undefined;
    const amount = payment.captured - payment.refunded;
    payment.refunded = payment.captured;
    this.book.push({ orderId: payment.orderId, key: eventId, kind: 'chargeback', amount });
    return amount;
  }

  /** What was taken for an order, whatever went back since. */
  capturedFor(orderId: string): number {
    let sum = 0;
    for (const payment of this.payments.values()) if (payment.orderId === orderId) sum += payment.captured;
    return sum;
  }

  #standing(key: string): Said {
    const { state, amount } = this.payments.get(key)!;
    if (state === 'declined') return { status: 'declined', amount, code: 'expired', soft: false };
    return { status: state, amount };
  }

  #authorize(key: string, request: OpRequest<'authorize'>): Said {
    const attemptKey = `${request.order_id}|${request.attempt}`;
    const requestNo = (this.#requests.get(attemptKey) ?? 0) + 1;
    this.#requests.set(attemptKey, requestNo);
    const before = this.payments.get(key);
    // Voided before it was ever heard of.
    if (before) return { status: 'voided', amount: 0 };
    const payment: Payment = { ...emptyPayment(request), state: 'pending' };
    payment.captureFailures = request.token?.endsWith('_capture_fails') ? 2 : 0;
    this.payments.set(key, payment);
    if (PAYMENT_FLOWS[request.method] === 'collect') return { status: 'pending', amount: payment.amount };
    const refusal = refusalOf(request, requestNo);
    if (refusal) {
      payment.state = refusal.status === 'declined' ? 'declined' : 'action_required';
      return { ...refusal, amount: payment.amount };
    }
    if (request.capture) return this.#take(key, payment, payment.amount);
    payment.state = 'authorized';
    return { status: 'authorized', amount: payment.amount };
  }

  #followUp(kind: Exclude<PaymentKind, 'authorize'>, key: string, request: OpRequest<'capture'>): Said {
    const amount = request.amount_minor;
    let payment = this.payments.get(request.authorize_key);
    if (!payment) {
      if (kind !== 'void') throw new Error(`${kind} of a payment that the provider never saw`);
      payment = { ...emptyPayment(request), state: 'voided' };
      this.payments.set(request.authorize_key, payment);
    }
    if (kind === 'void') return this.#release(payment);
    if (kind === 'refund') return this.#refund(key, payment, amount);
    if (payment.state === 'captured') return { status: 'captured', amount: payment.captured };
    payment.captureTries += 1;
    if (payment.state !== 'authorized' || payment.captureTries <= payment.captureFailures) {
      return { status: 'capture_failed', amount, code: 'processor_unavailable' };
    }
    return this.#take(key, payment, amount);
  }

  #take(key: string, payment: Payment, amount: number): Said {
    payment.state = 'captured';
    payment.captured = amount;
    this.book.push({ orderId: payment.orderId, key, kind: 'capture', amount });
    return { status: 'captured', amount };
  }

  #release(payment: Payment): Said {
    if (payment.state === 'captured') return { status: 'captured', amount: payment.captured };
    if (payment.state === 'declined') return { status: 'declined', amount: payment.amount, code: 'funds', soft: false };
    payment.state = 'voided';
    return { status: 'voided', amount: payment.amount };
  }

  #refund(key: string, payment: Payment, amount: number): Said {
    if (amount > payment.captured - payment.refunded) {
      return { status: 'declined', amount, code: 'exceeds_captured', soft: false };
    }
    payment.refunded += amount;
    this.book.push({ orderId: payment.orderId, key, kind: 'refund', amount });
    return { status: 'refunded', amount };
  }
}

const emptyPayment = (request: { order_id: string; attempt: number; amount_minor: number }) => ({
  orderId: request.order_id,
  attempt: request.attempt,
  amount: request.amount_minor,
  captured: 0,
  refunded: 0,
  captureTries: 0,
  captureFailures: 0,
});

/** How often a token is refused softly before it works. */
const SOFT_REFUSALS: Record<string, number> = { _soft: 1, _softer: 3 };

function refusalOf({ token = '', mfa_completed }: OpRequest<'authorize'>, requestNo: number): Said | undefined {
  const refused = (code: string, soft: boolean): Said => ({ status: 'declined', amount: 0, code, soft });
  if (token.endsWith('_decline_funds')) return refused('insufficient_funds', false);
  for (const [ending, times] of Object.entries(SOFT_REFUSALS)) {
    if (token.endsWith(ending) && requestNo <= times) return refused('try_again', true);
  }
  return token.endsWith('_mfa') && !mfa_completed ? { status: 'action_required', amount: 0 } : undefined;
}
