import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { isFinal } from '../../../lib/domain/order-machine.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { checkId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { toView } from '../orders/order-view.ts';
import { OrderView } from '../orders/order-view-schema.ts';
import type { StoredOrders } from '../orders/stored-orders.ts';
import type { TakenOrder } from '../orders/take-order.ts';
import type { EventStream } from './event-stream.ts';
import { type OrderNews, OrderWatch } from './order-watch.ts';
import type { StreamHouse } from './stream-house.ts';

export interface OrderEventsParts {
  orders: Pick<StoredOrders, 'record' | 'stamps'>;
  /** An order that this process took lately, stored or not. */
  taken(orderId: string): TakenOrder | undefined;
  streams: StreamHouse;
  logger: Logger;
}

/** What a browser says it has seen; anything else than a number of ours is nothing. */
const lastSeen = (header: unknown): number =>
  typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : -1;

type ToJson = (view: unknown) => string;

/** Whether the order may be there: while the database is away nobody knows, and the stream waits for it. */
const isAway = (error: unknown): boolean => error instanceof Problem && error.code === 'database_unavailable';

/**
 * The order, if it is stored.
 * @throws {Problem} not_found
 */
async function look(watch: OrderWatch, id: string, isTaken: boolean): Promise<OrderNews | undefined> {
  const news = await watch.look(id).catch((error: unknown): 'unknown' => {
    if (isAway(error)) return 'unknown';
    throw error;
  });
  if (news === 'unknown') return undefined;
  if (!news && !isTaken) throw new Problem('not_found', 'there is no such order');
  return news;
}

/** The watch of this route, which fills views in as the route's schema says. */
function createWatch({ orders, logger }: OrderEventsParts, toJson: ToJson): OrderWatch {
  const read = async (id: string) => {
    const record = await orders.record(id);
    return record && { view: toJson(toView(record)), isFinal: isFinal(record.state.status) };
  };
  return new OrderWatch({ stamps: (ids) => orders.stamps(ids), read }, logger);
}

/** Tells the reader of `stream` what it has not seen, until the order is over. @returns ends it */
function follow(watch: OrderWatch, stream: EventStream, id: string, seen: number, news?: OrderNews): () => void {
  let told = seen;
  const tell = ({ stamp, view, isFinal: isOver }: OrderNews) => {
    if (stamp > told) stream.send({ event: 'order', id: String(stamp), data: view });
    told = Math.max(told, stamp);
    if (isOver) stream.end({ event: 'end', data: '{}' });
  };
  return watch.watch(id, tell, news);
}

/** GET /api/orders/{id}/events: the order, whenever it changes. */
export function addOrderEventsRoute(instance: FastifyInstance, parts: OrderEventsParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const { taken, streams } = parts;
  let watch: OrderWatch | undefined;
  app.addHook('onClose', async () => watch?.stop());
  app.get('/api/orders/:id/events', {
    exposeHeadRoute: false,
    schema: {
      summary: 'The whole order, at once and whenever it changes, as server-sent events.',
      params: Type.Object({ id: Type.String() }),
      response: {
        204: { description: 'The order is over, and Last-Event-ID says that it was seen.', type: 'null' },
        200: {
          description:
            'Events: accepted (not stored yet), order (data as of GET /api/orders/{id}), end (no more will come).',
          content: { 'text/event-stream': { schema: Type.String() } },
        },
      },
    },
    handler: async (request, reply) => {
      const id = checkId(request.params.id);
      const seen = lastSeen(request.headers['last-event-id']);
      watch ??= createWatch(parts, reply.compileSerializationSchema({ ...OrderView }) as ToJson);
      const news = await look(watch, id, taken(id) !== undefined);
      // What tells a browser not to come again.
      if (news?.isFinal && seen >= news.stamp) return reply.code(204).send(null);
      let unfollow = () => {};
      const stream = streams.open(reply, id, () => unfollow());
      if (!news) stream.send({ event: 'accepted', data: JSON.stringify({ order_id: id, status: 'accepted' }) });
      unfollow = follow(watch, stream, id, seen, news);
      return reply;
    },
  });
}
