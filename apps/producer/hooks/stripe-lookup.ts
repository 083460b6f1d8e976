import { Compile } from 'typebox/compile';
import { STRIPE_URL, STRIPE_VERSION, StripePaymentIntent } from '../../../lib/integration/stripe-objects.ts';
import type { FindMetadata } from '../../../lib/integration/stripe-webhook.ts';
import { Problem } from '../http/problem.ts';

const DEADLINE_MS = 5_000;

const intentOf = Compile(StripePaymentIntent);

export interface StripeLookup {
  /** A key that may read payment intents, and nothing else. */
  apiKey?: string | undefined;
  baseUrl?: string | undefined;
}

/** The sender tries again later, and shows its operator that it had to. */
const unanswered = (detail: string, cause?: unknown) => new Problem('provider_unavailable', detail, { cause });

async function readIntent(id: string, apiKey: string, baseUrl: string): Promise<Response> {
  try {
    return await fetch(`${baseUrl.replace(/\/+$/, '')}/v1/payment_intents/${encodeURIComponent(id)}`, {
      headers: { authorization: `Bearer ${apiKey}`, 'stripe-version': STRIPE_VERSION, accept: 'application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
  } catch (cause) {
    throw unanswered('the payment provider did not answer', cause);
  }
}

/**
 * Asks Stripe whose payment a dispute is about: the webhook itself does not say it.
 * @throws {Problem} provider_unavailable without a key, and without an answer
 */
export function stripeLookup({ apiKey, baseUrl = STRIPE_URL }: StripeLookup = {}): FindMetadata {
  return async (id) => {
    if (apiKey === undefined) throw unanswered('OMS_STRIPE_KEY is not set: nobody can say whose payment this is');
    const response = await readIntent(id, apiKey, baseUrl);
    if (response.status === 404) return undefined;
    const body: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
    if (!intentOf.Check(body)) throw unanswered(`the payment provider answered ${response.status}`);
    return body.metadata;
  };
}
