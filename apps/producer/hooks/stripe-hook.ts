import {
  type FindMetadata,
  StripeEvent,
  StripeWebhookError,
  stripeFacts,
} from '../../../lib/integration/stripe-webhook.ts';
import { Problem } from '../http/problem.ts';
import { factEvent } from './facts.ts';
import type { Hook } from './hook-routes.ts';

const unreadable = (cause: unknown) =>
  cause instanceof StripeWebhookError ? new Problem('validation_failed', cause.message, { cause }) : cause;

/** Stripe's own webhooks as they are; what means nothing here is taken and left. */
export const stripeHook = (secret: string, find: FindMetadata): Hook => ({
  secret,
  header: 'stripe-signature',
  summary: "Stripe's webhook.",
  body: StripeEvent,
  events: async (body, traceparent) => {
    const facts = await stripeFacts(body, find).catch((error: unknown) => {
      throw unreadable(error);
    });
    return facts.map((fact, index) => factEvent(fact, index, 'provider', traceparent));
  },
});
