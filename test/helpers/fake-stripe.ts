import type { TestContext } from 'node:test';
import type Stripe from 'stripe';
import { type FakePeer, type PeerCall, type PeerReply, startFakePeer } from './fake-peer.ts';

/** Bodies in the shapes that Stripe publishes: the types are those of its own library. */

type Pieces<Whole, Key extends keyof Whole> = Pick<Whole, Key>;
type IntentPieces = Pieces<
  Stripe.PaymentIntent,
  | 'id'
  | 'object'
  | 'status'
  | 'amount'
  | 'amount_capturable'
  | 'amount_received'
  | 'capture_method'
  | 'currency'
  | 'metadata'
  | 'last_payment_error'
  | 'next_action'
>;

export function paymentIntent(status: Stripe.PaymentIntent.Status, more: Partial<IntentPieces> = {}): IntentPieces {
  return {
    id: 'pi_1',
    object: 'payment_intent',
    status,
    amount: 5_990,
    amount_capturable: status === 'requires_capture' ? 5_990 : 0,
    amount_received: status === 'succeeded' ? 5_990 : 0,
    capture_method: 'manual',
    currency: 'usd',
    metadata: {},
    last_payment_error: null,
    next_action: null,
    ...more,
  } satisfies Partial<Stripe.PaymentIntent>;
}

type RefundPieces = Pieces<
  Stripe.Refund,
  'id' | 'object' | 'status' | 'amount' | 'currency' | 'metadata' | 'payment_intent'
>;

export function refund(status: string, more: Partial<RefundPieces> = {}): RefundPieces {
  return {
    id: 're_1',
    object: 'refund',
    status,
    amount: 5_990,
    currency: 'usd',
    metadata: {},
    payment_intent: 'pi_1',
    ...more,
  } satisfies Partial<Stripe.Refund>;
}

export const dispute = {
  id: 'dp_1',
  object: 'dispute',
  amount: 5_990,
  currency: 'usd',
  charge: 'ch_1',
  payment_intent: 'pi_1',
  reason: 'fraudulent',
} satisfies Partial<Stripe.Dispute>;

export const charge = (refunds: RefundPieces[] | null) =>
  ({
    id: 'ch_1',
    object: 'charge',
    payment_intent: 'pi_1',
    metadata: {},
    refunds: refunds && ({ object: 'list', data: refunds as Stripe.Refund[], has_more: false, url: '' } as const),
  }) satisfies Partial<Stripe.Charge>;

type ErrorPieces = Omit<Pieces<Stripe.StripeRawError, 'code' | 'decline_code' | 'param' | 'message'>, never> & {
  type: Stripe.RawErrorType;
  payment_intent?: IntentPieces;
};

/** An error as Stripe sends it: 402 for cards, 400 for wrong requests, 409 for a key in use. */
export const stripeError = (status: number, error: ErrorPieces): PeerReply => ({ status, json: { error } });

export const page = (data: unknown[]): PeerReply => ({ json: { object: 'list', data, has_more: false, url: '' } });

/** An event as Stripe sends it to a webhook. */
export const webhookEvent = (type: Stripe.Event['type'], object: unknown) => ({
  id: 'evt_1',
  object: 'event',
  type,
  created: 1_795_000_000,
  data: { object },
});

/** A Stripe that gives these answers by `METHOD /path`, and remembers an answer by its Idempotency-Key as Stripe does. */
export function startFakeStripe(t: TestContext, answers: Record<string, PeerReply | PeerReply[]>): Promise<FakePeer> {
  const byKey = new Map<string, PeerReply>();
  const fresh = ({ method, path }: PeerCall): PeerReply => {
    const answer = answers[`${method} ${path.split('?')[0]}`] ?? stripeError(404, { type: 'invalid_request_error' });
    return Array.isArray(answer) ? (answer.length > 1 ? answer.shift()! : answer[0]!) : answer;
  };
  return startFakePeer(t, (call) => {
    const key = call.headers['idempotency-key'];
    if (typeof key !== 'string') return fresh(call);
    const answer = byKey.get(key) ?? fresh(call);
    byKey.set(key, answer);
    return answer;
  });
}
