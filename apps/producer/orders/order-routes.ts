import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { StoredOrder } from '../../../lib/database/read-order.ts';
import { UUID_PATTERN } from '../../../lib/domain/ids.ts';
import { OrderRequest } from '../../../lib/domain/order-request.ts';
import { idempotencyKey } from '../http/idempotency-key.ts';
import type { Answered } from '../http/once.ts';
import { Problem } from '../http/problem.ts';
import { refuseForbiddenText, requireIdempotencyKey } from '../http/request-checks.ts';
import type { OrderOutcome } from '../producer-metrics.ts';
import type { TakenOrder } from './take-order.ts';

export interface OrderRouteParts {
  take(request: OrderRequest, key: string, traceparent: string): Promise<Answered<TakenOrder>>;
  /** Whether the order was taken lately by this process. */
  wasTaken(orderId: string): boolean;
  /** From the database; undefined when it has no such order. Rejects when the database is away. */
  read(orderId: string): Promise<StoredOrder | undefined>;
  count(outcome: OrderOutcome): void;
}

const Accepted = Type.Object({
  order_id: Type.String(),
  status_url: Type.String(),
  total_minor: Type.Integer(),
  currency: Type.String(),
});

const ORDER_ID = new RegExp(UUID_PATTERN);

const OUTCOMES: Partial<Record<number, OrderOutcome>> = { 202: 'accepted', 409: 'duplicate' };

const outcomeOf = (status: number): OrderOutcome => OUTCOMES[status] ?? (status >= 500 ? 'failed' : 'rejected');

/** POST /api/orders and GET /api/orders/{id}. */
export function addOrderRoutes(instance: FastifyInstance, parts: OrderRouteParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/api/orders', {
    schema: { body: OrderRequest, response: { 202: Accepted } },
    onRequest: requireIdempotencyKey,
    preValidation: refuseForbiddenText,
    onResponse: (_request, reply, done) => {
      const replayed = reply.getHeader('idempotent-replayed') !== undefined;
      parts.count(replayed ? 'duplicate' : outcomeOf(reply.statusCode));
      done();
    },
    handler: async (request, reply) => {
      const { answer, replayed } = await parts.take(request.body, idempotencyKey(request), request.trace!.traceparent);
      const { receipt } = answer;
      const url = `/api/orders/${receipt.order_id}`;
      reply.code(202).header('location', url);
      if (replayed) reply.header('idempotent-replayed', 'true');
      return { ...receipt, status_url: url };
    },
  });

  app.get('/api/orders/:id', { schema: { params: Type.Object({ id: Type.String() }) } }, async (request, reply) => {
    const { id } = request.params;
    if (!ORDER_ID.test(id)) throw new Problem('malformed_id', 'an order id is a lower-case UUID');
    const order = await parts.read(id).catch((cause: unknown) => {
      throw new Problem('database_unavailable', 'the database did not answer', { cause });
    });
    reply.header('cache-control', 'no-store');
    if (order) return { order_id: id, ...order };
    if (!parts.wasTaken(id)) throw new Problem('not_found', 'there is no such order');
    return reply.code(202).header('retry-after', '1').send({ order_id: id, status: 'accepted' });
  });
}
