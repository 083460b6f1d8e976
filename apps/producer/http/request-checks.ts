import type { FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { findForbiddenText } from './card-data.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { Problem } from './problem.ts';

/** onRequest: refuses a request without a usable Idempotency-Key before its body is read. */
export function requireIdempotencyKey(request: FastifyRequest, _reply: unknown, done: HookHandlerDoneFunction): void {
  idempotencyKey(request);
  done();
}

/** preValidation: refuses an empty body, and card data or control characters anywhere in it. */
export function refuseForbiddenText(request: FastifyRequest, _reply: unknown, done: HookHandlerDoneFunction): void {
  if (request.body === undefined) throw new Problem('body_required', 'the body is empty');
  const problem = findForbiddenText(request.body);
  if (problem) throw problem;
  done();
}
