import type { FastifyInstance } from 'fastify';
import { idempotencyKey } from '../http/idempotency-key.ts';
import { refuseForbiddenText, requireIdempotencyKey } from '../http/request-checks.ts';
import type { CommandDesk } from './command-desk.ts';
import { addCommandRoute } from './command-routes.ts';
import { CUSTOMER_COMMANDS } from './customer-commands.ts';

/** POST /api/orders/{id}/cancel, /amend, /payment-method, /mfa and /returns, for the order's own customer. */
export function addCustomerRoutes(app: FastifyInstance, desk: CommandDesk): void {
  for (const command of CUSTOMER_COMMANDS) {
    addCommandRoute(app, desk, {
      command,
      path: `/api/orders/:id/${command.name}`,
      onRequest: [requireIdempotencyKey],
      preValidation: refuseForbiddenText,
      keyOf: idempotencyKey,
      askerOf: (request) => ({
        source: '/shop/api',
        customer: (request.body as { customer: string }).customer,
        traceparent: request.trace!.traceparent,
      }),
    });
  }
}
