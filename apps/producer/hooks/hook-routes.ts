import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { CloudEventEnvelope } from '../../../lib/domain/cloud-event.ts';
import { checkSignature } from '../../../lib/integration/webhook-signature.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { publish } from '../events/publish.ts';
import { parseJsonBody } from '../http/json-body.ts';
import { Problem } from '../http/problem.ts';
import { readRawBodies } from '../http/raw-body.ts';
import { SeenSignatures } from './seen-signatures.ts';

/** A thousand facts of a kilobyte. */
const BODY_LIMIT = 1_024 * 1_024;

/** Whose webhooks a path takes: how they are signed, what they look like, what they mean. */
export interface Hook {
  secret: string;
  /** Name of the header with the signature, in lower case. */
  header: string;
  summary: string;
  body: TSchema;
  /** @throws {Problem} when one of the facts cannot be taken: then none is */
  events(body: unknown, traceparent: string): Promise<CloudEventEnvelope[]>;
}

export interface HookParts {
  /** A sender of its own: a flood of scans never stands in the way of an order. */
  facts: EventSender;
  /** Milliseconds since 1970. */
  now: () => number;
}

const Received = Type.Object({ received: Type.Integer() });

const refused = (detail: string) => new Problem('signature_invalid', detail);

const refusals = (header: string) => ({
  malformed: `the header ${header} is missing or malformed`,
  wrong: 'the signature is not of this body and our secret',
  stale: 'the signature is too old, or of the future',
});

/** preValidation: checks signatures over the bytes as they came, before anybody reads them. */
function signatureCheck({ secret, header }: Hook, now: () => number, checked: WeakMap<FastifyRequest, string>) {
  const texts = refusals(header);
  return async (request: FastifyRequest): Promise<void> => {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const check = checkSignature(secret, String(request.headers[header] ?? ''), bytes, now());
    if (check.verdict !== 'valid') throw refused(texts[check.verdict]);
    checked.set(request, check.mac);
    request.body = parseJsonBody(bytes);
  };
}

/** POST of signed facts, each signature once; 200 means that Event Hubs has every one of them. */
export function addHookRoute(instance: FastifyInstance, path: string, hook: Hook, { facts, now }: HookParts): void {
  const macs = new WeakMap<FastifyRequest, string>();
  const seen = new SeenSignatures();
  instance.register(async (scope) => {
    readRawBodies(scope, BODY_LIMIT);
    scope.post(path, {
      schema: { summary: hook.summary, body: hook.body, response: { 200: Received } },
      preValidation: signatureCheck(hook, now, macs),
      handler: async (request) => {
        const mac = macs.get(request)!;
        if (!seen.claim(mac, now())) throw refused('this very signature was taken before; sign again to send again');
        try {
          const events = await hook.events(request.body, request.trace!.traceparent);
          await Promise.all(events.map((event) => publish(facts, event)));
          return { received: events.length };
        } catch (error) {
          // Nothing was taken, or nobody knows: it may come again.
          seen.release(mac);
          throw error;
        }
      },
    });
  });
}
