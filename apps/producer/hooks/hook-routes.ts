import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { WebhookBody } from '../../../lib/integration/webhook.ts';
import { checkSignature, SIGNATURE_HEADER } from '../../../lib/integration/webhook-signature.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { publish } from '../events/publish.ts';
import { parseJsonBody } from '../http/json-body.ts';
import { Problem } from '../http/problem.ts';
import { readRawBodies } from '../http/raw-body.ts';
import { factEvent } from './facts.ts';
import { SeenSignatures } from './seen-signatures.ts';

/** A thousand facts of a kilobyte. */
const BODY_LIMIT = 1_024 * 1_024;

export interface HookParts {
  /** A sender of its own: a flood of scans never stands in the way of an order. */
  facts: EventSender;
  /** Milliseconds since 1970. */
  now: () => number;
}

const Received = Type.Object({ received: Type.Integer() });

const REFUSALS = {
  malformed: `the header ${SIGNATURE_HEADER} is missing or malformed`,
  wrong: 'the signature is not of this body and our secret',
  stale: 'the signature is too old, or of the future',
  replayed: 'this very signature was taken before; sign again to send again',
} as const;

const refused = (why: keyof typeof REFUSALS) => new Problem('signature_invalid', REFUSALS[why]);

/** Checks signatures over the bytes as they came, and lets none through twice. */
function signatureGuard(secret: string, now: () => number) {
  const seen = new SeenSignatures();
  const claimed = new WeakMap<FastifyRequest, string>();
  return {
    check: async (request: FastifyRequest): Promise<void> => {
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const signature = String(request.headers[SIGNATURE_HEADER] ?? '');
      const verdict = checkSignature(secret, signature, bytes, now());
      if (verdict !== 'valid') throw refused(verdict);
      if (!seen.claim(signature, now())) throw refused('replayed');
      claimed.set(request, signature);
      request.body = parseJsonBody(bytes);
    },
    settle: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const signature = claimed.get(request);
      if (signature !== undefined && reply.statusCode !== 200) seen.release(signature);
    },
  };
}

/**
 * POST of signed facts; 200 means that Event Hubs has every one of them.
 * @param source whose facts they are: nobody else's are taken
 */
export function addHookRoute(
  instance: FastifyInstance,
  path: string,
  hook: { secret: string; source: 'provider' | 'carrier' },
  { facts, now }: HookParts,
): void {
  const guard = signatureGuard(hook.secret, now);
  instance.register(async (scope) => {
    readRawBodies(scope, BODY_LIMIT);
    scope.withTypeProvider<TypeBoxTypeProvider>().post(path, {
      schema: { summary: `Facts of a ${hook.source}.`, body: WebhookBody, response: { 200: Received } },
      preValidation: guard.check,
      onResponse: guard.settle,
      handler: async (request) => {
        const { events } = request.body;
        const checked = events.map((fact, index) => factEvent(fact, index, hook.source, request.trace!.traceparent));
        await Promise.all(checked.map((event) => publish(facts, event)));
        return { received: checked.length };
      },
    });
  });
}
