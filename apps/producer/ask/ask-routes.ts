import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { type Static, Type } from 'typebox';
import { type AskOptions, BadQuestion, checkQuestion, decline } from '../../../lib/query/ask.ts';
import { QueryTimeout, ResultTooLarge } from '../../../lib/query/execute.ts';
import { Plan } from '../../../lib/query/plan.ts';
import { AskResult, toResult } from '../../../lib/query/result.ts';
import { isTimeZone } from '../../../lib/query/time/zone.ts';
import { fieldProblem, Problem } from '../http/problem.ts';
import { refuseForbiddenText } from '../http/request-checks.ts';
import { Allowance } from './allowance.ts';
import type { AskDesk } from './ask-desk.ts';

const AskBody = Type.Object(
  {
    question: Type.String({ minLength: 1, maxLength: 2_000 }),
    timezone: Type.Optional(Type.String({ maxLength: 64, description: 'default: OMS_TIMEZONE of the order API' })),
    now: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,3})?(?:Z|[+-]\\d{2}:\\d{2})$',
        description: 'the moment it is asked at; default: now',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: 'rows at most' })),
    previous: Type.Optional(Plan),
    sql: Type.Optional(Type.Boolean({ description: 'the answer carries the statement' })),
  },
  { additionalProperties: false },
);
type AskBody = Static<typeof AskBody>;

export interface AskParts {
  /** Undefined when the order API was not told of an account that may read. */
  desk: AskDesk | undefined;
  /** Where days and weeks begin, when a question does not say. */
  timeZone: string;
  guard: onRequestHookHandler;
  allowance?: Allowance;
}

function optionsOf({ now, timezone, limit, previous }: AskBody, timeZone: string): AskOptions {
  const zone = timezone ?? timeZone;
  if (!isTimeZone(zone)) throw fieldProblem('validation_failed', '/timezone', 'is no time zone');
  const at = now === undefined ? Date.now() : Date.parse(now);
  if (Number.isNaN(at)) throw fieldProblem('validation_failed', '/now', 'is no time');
  return {
    clock: { now: at, zone },
    ...(limit !== undefined && { limit }),
    ...(previous && { previous }),
  };
}

const isDatabaseError = (error: unknown): boolean => typeof (error as { code?: unknown }).code === 'string';

function problemOf(cause: unknown): unknown {
  if (cause instanceof Problem) return cause;
  if (cause instanceof BadQuestion) return fieldProblem('validation_failed', '/question', cause.message);
  if (cause instanceof QueryTimeout) {
    return new Problem('question_too_slow', 'the answer took too long and was stopped', { cause });
  }
  if (cause instanceof ResultTooLarge) return new Problem('answer_too_large', cause.message, { cause });
  if (isDatabaseError(cause)) return new Problem('database_unavailable', 'questions cannot be answered now', { cause });
  return cause;
}

function admit(allowance: Allowance): void {
  const wait = allowance.take();
  if (wait === undefined) return;
  throw new Problem('too_many_questions', 'too many questions at once', { headers: { 'retry-after': String(wait) } });
}

/** What needs no look at the data is said without it; the rest waits for its turn. */
async function answer(body: AskBody, { desk, timeZone }: AskParts, allowance: Allowance): Promise<AskResult> {
  const question = checkQuestion(body.question);
  const options = optionsOf(body, timeZone);
  const view = { zone: options.clock.zone, sql: body.sql ?? false };
  const declined = decline(question, { ...options, assistant: desk?.assistant });
  if (declined) return toResult(declined, view);
  if (!desk) throw new Problem('ask_not_configured', 'the order API has no account to answer questions with');
  admit(allowance);
  try {
    return toResult(await desk.ask(question, options), view);
  } finally {
    allowance.done();
  }
}

/** POST /api/admin/ask: a question in plain words, answered from the database or declined; the answer is 200 either way. */
export function addAskRoute(instance: FastifyInstance, parts: AskParts): void {
  const { guard, allowance = new Allowance() } = parts;
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post('/api/admin/ask', {
    schema: {
      summary: 'A question in plain words about orders, customers, payments, parcels and stock.',
      body: AskBody,
      response: { 200: AskResult },
    },
    onRequest: guard,
    preValidation: refuseForbiddenText,
    handler: async ({ body }, reply) => {
      const result = await answer(body, parts, allowance).catch((error) => {
        throw problemOf(error);
      });
      return reply.header('cache-control', 'no-store').send(result);
    },
  });
}
