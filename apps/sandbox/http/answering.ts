import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { isPassing } from '../../../lib/database/errors.ts';
import { requestHash } from '../../../lib/domain/canonical.ts';
import { IDEMPOTENCY_KEY } from '../../../lib/domain/fields.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import type { Reply } from '../book/desk.ts';
import type { Faults } from '../faults.ts';

/** Answers of its own accord take this long when the scenario says so. */
export interface Delays {
  /** A slow answer. */
  slowMs: number;
  /** An answer that never comes: the connection is closed without one after so long. */
  hangMs: number;
}

export interface Answering {
  faults: Faults;
  delays: Delays;
  logger: Logger;
  count(kind: string, status: number): void;
}

/** The form of a problem that a caller can tell apart by `code`. */
const problem = (status: number, code: string, detail: string): Reply => ({ status, body: { code, detail } });

/** As long as events carry one. */
const MAX_KEY = 96;

const isKey = (key: unknown): key is string =>
  typeof key === 'string' && key.length <= MAX_KEY && IDEMPOTENCY_KEY.test(key);

/** One kind of request: which service it is for, what its body has to be, how it is answered. */
export interface RequestKind<Body extends TSchema, Target> {
  kind: string;
  body: Body;
  /** What the path names. */
  target(request: FastifyRequest): Target;
  service(target: Target): 'psp' | { carrier: string };
  answer(keyed: { key: string; hash: string }, body: Static<Body>, target: Target): Promise<Reply>;
}

/** The handler of one kind of request: faults, key, body, book, and how the answer travels. */
export function answerer<Body extends TSchema, Target>(kind: RequestKind<Body, Target>, answering: Answering) {
  const validator = Compile(kind.body);
  const { faults } = answering;

  async function decide(request: FastifyRequest): Promise<Reply> {
    const target = kind.target(request);
    if (faults.isAway(kind.service(target)))
      return problem(503, 'unavailable', 'out of service, as the faults ask for');
    const key = request.headers['idempotency-key'];
    if (!isKey(key)) return problem(400, 'idempotency_key', 'the header Idempotency-Key is missing or wrong');
    const { body } = request;
    if (!validator.Check(body)) {
      const [first] = validator.Errors(body);
      return problem(400, 'body', `${first?.instancePath ?? ''} ${first?.message ?? 'is not valid'}`.trim());
    }
    const failing = faults.serverError();
    const failed = problem(500, 'server_error', 'failed, as the faults ask for');
    if (failing === 'before') return failed;
    const hash = requestHash({ kind: kind.kind, target, body });
    const reply = await kind.answer({ key, hash }, body as Static<Body>, target).catch(notBooked(answering.logger));
    return failing === 'after' ? failed : reply;
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (faults.latencyMs > 0) await delay(faults.latencyMs);
    const { status, body, delivery } = await decide(request);
    answering.count(kind.kind, status);
    if (delivery === 'slow') await delay(answering.delays.slowMs);
    if (delivery === 'never') return hang(reply, answering.delays.hangMs);
    return reply.code(status).header('content-type', 'application/json').send(JSON.stringify(body));
  };
}

/** The database did not say that it took it: nobody knows until the key comes again. */
const notBooked = (logger: Logger) => (error: Error & { code?: string }) => {
  // A database that is away is told of once, by the readiness of this process.
  logger[isPassing(error) ? 'debug' : 'error']({ err: error }, 'a request was not booked');
  const why = `the book could not be written (${error.code ?? error.name})`;
  return problem(500, 'not_booked', `${why}; send the same request again`);
};

async function hang(reply: FastifyReply, ms: number): Promise<FastifyReply> {
  reply.hijack();
  await delay(ms);
  reply.raw.destroy();
  return reply;
}
