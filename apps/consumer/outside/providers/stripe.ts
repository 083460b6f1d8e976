import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import {
  fromStripeAmount,
  METADATA,
  STRIPE_URL,
  STRIPE_VERSION,
  StripeError,
  StripePaymentIntent,
  StripeRefund,
} from '../../../../lib/integration/stripe-objects.ts';
import { type ExternalOp, opKey } from '../../../../lib/process/external-op.ts';
import { HttpPeer, type PeerRequest } from '../http-peer.ts';
import {
  type Outcome,
  OutcomeUnknownError,
  type PaymentKind,
  PENDING,
  type Performer,
  UnavailableError,
} from '../performer.ts';
import { actionRequired, answerOf, captureFailed, declined, type Op, report, STRIPE } from './stripe-answers.ts';
import {
  cancelIntent,
  captureIntent,
  confirmIntent,
  createIntent,
  createRefund,
  findIntent,
  listRefunds,
  readIntent,
  readRefund,
  STRIPE_METHOD_TYPES,
} from './stripe-requests.ts';

const KINDS = ['authorize', 'capture', 'void', 'refund'] as const;

const intentOf = Compile(StripePaymentIntent);
const refundOf = Compile(StripeRefund);
const errorOf = Compile(StripeError);
const intentPage = Compile(Type.Object({ data: Type.Array(StripePaymentIntent) }));
const refundPage = Compile(Type.Object({ data: Type.Array(StripeRefund) }));

/** Stripe said no, in its own words; never with what it says of the API key. */
class StripeRefusal extends OutcomeUnknownError {
  readonly error: StripeError | undefined;

  constructor(status: number, error: StripeError | undefined) {
    super(`stripe answered ${status} (${[error?.type, error?.code, error?.param].filter(Boolean).join(', ')})`);
    this.error = error;
  }
}

export interface StripeOptions {
  baseUrl?: string | undefined;
  /** A secret or, better, a restricted key that may read and write payment intents and refunds. */
  apiKey: string;
  /** Where customers come back to from methods that are confirmed elsewhere. */
  returnUrl?: string | undefined;
}

/**
 * Payments by Stripe's PaymentIntents (docs.stripe.com/api/payment_intents) over plain HTTP. The same Idempotency-Key
 * gets the same answer from Stripe for a day, also when that answer was an error of its own; so the object itself is
 * asked whenever an answer says that it is not final.
 */
export class StripePayments implements Performer<PaymentKind> {
  readonly name = STRIPE;
  readonly kinds = KINDS;
  readonly #peer: HttpPeer;
  readonly #returnUrl: string | undefined;

  constructor({ baseUrl = STRIPE_URL, apiKey, returnUrl }: StripeOptions) {
    const headers = { authorization: `Bearer ${apiKey}`, 'stripe-version': STRIPE_VERSION };
    this.#peer = new HttpPeer(baseUrl, { name: STRIPE, headers });
    this.#returnUrl = returnUrl;
  }

  async perform(op: Op, key: string, signal: AbortSignal): Promise<Outcome> {
    switch (op.kind) {
      case 'authorize':
        return this.#authorize(op, key, signal);
      case 'capture':
        return this.#capture(op, key, signal);
      case 'void':
        return this.#void(op, key, signal);
      case 'refund':
        return this.#refund(op, key, signal);
    }
  }

  close(): Promise<void> {
    return this.#peer.close();
  }

  async #authorize(op: ExternalOp<'authorize'>, key: string, signal: AbortSignal): Promise<Outcome> {
    const { token, method, mfa_completed } = op.request;
    if (!token) return declined(op, key, 'none', { code: 'token_missing' });
    if (!STRIPE_METHOD_TYPES[method]) return declined(op, key, 'none', { code: 'method_not_supported' });
    try {
      if (mfa_completed && op.no > 1) return await this.#afterSecondFactor(op, key, token, signal);
      const intent = await this.#ask(createIntent(op, key, token, this.#returnUrl), intentOf, signal);
      return this.#outcome(op, key, intent.status === 'processing' ? await this.#now(intent.id, signal) : intent);
    } catch (error) {
      if (error instanceof StripeRefusal) return this.#refusedAuthorization(op, key, error);
      const intent = await this.#salvage(error, () => this.#find(key, signal));
      return this.#outcome(op, key, intent);
    }
  }

  /**
   * The customer has confirmed the payment that the request before this one made. That request sent again under its
   * own key says which payment it was.
   */
  async #afterSecondFactor(op: ExternalOp<'authorize'>, key: string, token: string, signal: AbortSignal) {
    const before = opKey(op.request.order_id, 'authorize', op.no - 1);
    const { id } = await this.#ask(createIntent(op, before, token, this.#returnUrl), intentOf, signal);
    const intent = await this.#now(id, signal);
    if (intent.status !== 'requires_confirmation') return this.#outcome(op, key, intent);
    return this.#outcome(op, key, await this.#ask(confirmIntent(id, key), intentOf, signal));
  }

  #refusedAuthorization(op: Op, key: string, refusal: StripeRefusal): Outcome {
    const { error } = refusal;
    const intent = error?.payment_intent;
    if (error?.type === 'card_error') {
      const asks = (error.decline_code ?? error.code) === 'authentication_required';
      return asks && intent ? actionRequired(op, key, intent) : declined(op, key, intent?.id ?? 'none', error);
    }
    // A token or an amount that Stripe does not take is the customer's matter; everything else is ours.
    const customers = error?.param === 'payment_method' || error?.code?.startsWith('amount_too_');
    if (error?.type === 'invalid_request_error' && customers) return declined(op, key, 'none', error);
    throw refusal;
  }

  async #capture(op: ExternalOp<'capture'>, key: string, signal: AbortSignal): Promise<Outcome> {
    const id = await this.#intentId(op, signal);
    try {
      return this.#outcome(op, key, await this.#ask(captureIntent(op, id, key), intentOf, signal));
    } catch (error) {
      const refusal = error instanceof StripeRefusal ? error.error : undefined;
      const failed = refusal?.type === 'card_error' || refusal?.code === 'charge_expired_for_capture';
      if (!failed) return this.#outcome(op, key, await this.#salvage(error, () => this.#now(id, signal)));
      return captureFailed(op, key, id, refusal);
    }
  }

  async #void(op: ExternalOp<'void'>, key: string, signal: AbortSignal): Promise<Outcome> {
    const id = await this.#intentId(op, signal);
    const intent = await this.#ask(cancelIntent(id, key), intentOf, signal).catch((error: unknown) =>
      this.#salvage(error, () => this.#now(id, signal)),
    );
    return this.#outcome(op, key, intent);
  }

  async #refund(op: ExternalOp<'refund'>, key: string, signal: AbortSignal): Promise<Outcome> {
    const id = await this.#intentId(op, signal);
    const made = await this.#ask(createRefund(op, id, key), refundOf, signal).catch((error: unknown) =>
      this.#salvage(error, async () => {
        const { data } = await this.#ask(listRefunds(id), refundPage, signal);
        return data.find(({ metadata }) => metadata?.[METADATA.key] === key);
      }),
    );
    // The same key repeats the first answer; only the refund itself knows what has become of it.
    const refund = made.status === 'pending' ? await this.#ask(readRefund(made.id), refundOf, signal) : made;
    if (refund.status === 'pending' || refund.status === 'requires_action') return PENDING;
    if (refund.status !== 'succeeded') throw new OutcomeUnknownError(`stripe's refund is ${refund.status}`);
    const amount = fromStripeAmount(refund.amount, refund.currency);
    return { type: 'oms.payment.refunded.v1', data: report(op, key, id, amount) };
  }

  /** A state that is no answer to the request leaves the outcome open. */
  #outcome(op: Op, key: string, intent: StripePaymentIntent): Outcome {
    const outcome = answerOf(op, key, intent);
    if (outcome === undefined) throw new OutcomeUnknownError(`stripe's payment is ${intent.status} after ${op.kind}`);
    return outcome;
  }

  /** A refusal or an error of Stripe's own, which its key would only repeat: looks whether it was done all the same. */
  async #salvage<T>(error: unknown, look: () => Promise<T | undefined>): Promise<T> {
    const answered = error instanceof UnavailableError ? (error.status ?? 0) >= 500 && !error.untouched : true;
    if (!(error instanceof OutcomeUnknownError) || !answered) throw error;
    const found = await look();
    if (found === undefined) throw error;
    return found;
  }

  async #intentId({ request }: ExternalOp<'capture' | 'void' | 'refund'>, signal: AbortSignal): Promise<string> {
    if (request.provider_ref) return request.provider_ref;
    const intent = await this.#find(request.authorize_key, signal);
    if (!intent) throw new OutcomeUnknownError(`stripe does not show a payment of ${request.authorize_key} yet`);
    return intent.id;
  }

  #now(id: string, signal: AbortSignal): Promise<StripePaymentIntent> {
    return this.#ask(readIntent(id), intentOf, signal);
  }

  async #find(key: string, signal: AbortSignal): Promise<StripePaymentIntent | undefined> {
    const { data } = await this.#ask(findIntent(key), intentPage, signal);
    return data[0];
  }

  /** @throws {StripeRefusal} for an answer of 4xx, and whatever is not of the form that was asked for */
  async #ask<Value>(
    request: PeerRequest,
    form: { Check(body: unknown): body is Value },
    signal: AbortSignal,
  ): Promise<Value> {
    const { status, body } = await this.#peer.request(request, signal);
    if (status < 400 && form.Check(body)) return body;
    throw new StripeRefusal(status, errorOf.Check(body) ? body.error : undefined);
  }
}
