import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { Type } from 'typebox';
import type { OrderSummary } from '../../../lib/database/list-orders.ts';
import { ORDER_STATUSES } from '../../../lib/domain/order-machine.ts';
import type { StoredOrders } from '../orders/stored-orders.ts';

const ListQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum([...ORDER_STATUSES])),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
  },
  { additionalProperties: false },
);

const OrderList = Type.Object({
  items: Type.Array(
    Type.Object({
      order_id: Type.String(),
      customer: Type.String(),
      status: Type.Enum([...ORDER_STATUSES]),
      reporting_status: Type.String(),
      reason_code: Type.Union([Type.String(), Type.Null()]),
      version: Type.Integer(),
      placed_at: Type.String({ format: 'date-time' }),
      status_since: Type.String({ format: 'date-time' }),
      total_minor: Type.Integer(),
      currency: Type.String(),
      fraud_score: Type.Union([Type.Number(), Type.Null()], { description: '0 to 100' }),
    }),
  ),
});

const toItem = (order: OrderSummary) => ({
  ...order,
  placed_at: order.placed_at.toISOString(),
  status_since: order.status_since.toISOString(),
});

/** GET /api/admin/orders?status=&limit=: the newest orders, or the newest of one status. */
export function addOrderListRoute(
  instance: FastifyInstance,
  orders: Pick<StoredOrders, 'list'>,
  guard: onRequestHookHandler,
): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/api/admin/orders', {
    schema: {
      summary: 'The newest orders, or those of one status.',
      querystring: ListQuery,
      response: { 200: OrderList },
    },
    onRequest: guard,
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { items: (await orders.list(request.query)).map(toItem) };
    },
  });
}
