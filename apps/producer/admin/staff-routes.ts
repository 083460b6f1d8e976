import type { FastifyInstance, FastifyRequest, HookHandlerDoneFunction, onRequestHookHandler } from 'fastify';
import type { CommandDesk } from '../commands/command-desk.ts';
import { addCommandRoute } from '../commands/command-routes.ts';
import { findForbiddenText } from '../http/card-data.ts';
import { idempotencyKey, optionalIdempotencyKey } from '../http/idempotency-key.ts';
import { requireIdempotencyKey } from '../http/request-checks.ts';
import { nameOf } from './staff.ts';
import { STAFF_COMMANDS } from './staff-commands.ts';

/** A decision is taken once, whoever asks for it again. */
const ONCE = 'once';

/** Most decisions need no body. */
function completeBody(request: FastifyRequest, _reply: unknown, done: HookHandlerDoneFunction): void {
  request.body ??= {};
  const problem = findForbiddenText(request.body);
  if (problem) throw problem;
  done();
}

/** What the staff decides about orders and returns. */
export function addStaffRoutes(app: FastifyInstance, desk: CommandDesk, guard: onRequestHookHandler): void {
  for (const { path, command, again } of STAFF_COMMANDS) {
    addCommandRoute(app, desk, {
      ...{ path, command },
      onRequest: again ? [guard, requireIdempotencyKey] : [guard],
      preValidation: completeBody,
      keyOf: again ? idempotencyKey : (request) => optionalIdempotencyKey(request) ?? ONCE,
      askerOf: (request) => ({
        source: `/admin/${nameOf(request.body)}`,
        traceparent: request.trace!.traceparent,
      }),
    });
  }
}
