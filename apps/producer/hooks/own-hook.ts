import { WebhookBody } from '../../../lib/integration/webhook.ts';
import { SIGNATURE_HEADER } from '../../../lib/integration/webhook-signature.ts';
import { factEvent } from './facts.ts';
import type { Hook } from './hook-routes.ts';

/** Facts in our own words. @param source whose they are: nobody else's are taken */
export const ownHook = (secret: string, source: 'provider' | 'carrier'): Hook => ({
  secret,
  header: SIGNATURE_HEADER,
  summary: `Facts of a ${source}.`,
  body: WebhookBody,
  events: async (body, traceparent) =>
    (body as WebhookBody).events.map((fact, index) => factEvent(fact, index, source, traceparent)),
});
