import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { checkId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { toView } from './order-view.ts';
import { OrderView } from './order-view-schema.ts';
import type { StoredOrders } from './stored-orders.ts';
import type { TakenOrder } from './take-order.ts';

export interface ShowRouteParts {
  orders: Pick<StoredOrders, 'record'>;
  /** An order that this process took lately, stored or not. */
  taken(orderId: string): TakenOrder | undefined;
}

const NotStored = Type.Object({ order_id: Type.String(), status: Type.Literal('accepted') });

/** GET /api/orders/{id}. */
export function addShowRoute(instance: FastifyInstance, { orders, taken }: ShowRouteParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/api/orders/:id', {
    schema: {
      summary: 'The whole order.',
      params: Type.Object({ id: Type.String() }),
      response: { 200: OrderView, 202: NotStored },
    },
    handler: async (request, reply) => {
      const id = checkId(request.params.id);
      const record = await orders.record(id);
      reply.header('cache-control', 'no-store');
      if (record) return toView(record);
      if (!taken(id)) throw new Problem('not_found', 'there is no such order');
      return reply.code(202).header('retry-after', '1').send({ order_id: id, status: 'accepted' });
    },
  });
}
