import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { Type } from 'typebox';
import { ORDER_STATUSES } from '../../../lib/domain/order-machine.ts';
import type { StoredOrders } from '../orders/stored-orders.ts';

const ListQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum([...ORDER_STATUSES])),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  },
  { additionalProperties: false },
);

/** GET /api/admin/orders?status=&limit=: the newest orders, or the newest of one status. */
export function addOrderListRoute(
  instance: FastifyInstance,
  orders: Pick<StoredOrders, 'list'>,
  guard: onRequestHookHandler,
): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/api/admin/orders', { schema: { querystring: ListQuery }, onRequest: guard }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    return { items: await orders.list(request.query) };
  });
}
