import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { Type } from 'typebox';
import type { LetterSummary } from '../../../lib/database/list-letters.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { Problem } from '../http/problem.ts';
import type { StoredOrders } from '../orders/stored-orders.ts';
import { Board } from './board.ts';
import { LiveBoard } from './board-schema.ts';
import type { BoardSource } from './board-source.ts';
import type { StreamHouse } from './stream-house.ts';

export interface LiveParts {
  readBoard: BoardSource;
  orders: Pick<StoredOrders, 'letters'>;
  streams: StreamHouse;
  guard: onRequestHookHandler;
  logger: Logger;
}

const LetterQuery = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
    after: Type.Optional(Type.Integer({ minimum: 1, description: 'id of the last letter of the page before' })),
  },
  { additionalProperties: false },
);

const Letters = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.Integer(),
      reason: Type.String(),
      detail: Type.Union([Type.String(), Type.Null()], {
        description: 'null where it may quote the event; oms dlq show ID has it',
      }),
      event_type: Type.Union([Type.String(), Type.Null()]),
      order_id: Type.Union([Type.String(), Type.Null()]),
      partition: Type.Integer(),
      sequence_number: Type.Integer(),
      failed_at: Type.String({ format: 'date-time' }),
      bytes: Type.Integer(),
      waiting: Type.Integer({ description: 'events of the order that wait behind it' }),
    }),
  ),
  next: Type.Union([Type.Integer(), Type.Null()], { description: 'for `after`; null on the last page' }),
});

/** Their details are sentences of ours. The parser's and the database's quote what they stumbled over. */
const OWN_WORDS = new Set([
  'schema',
  'unsupported_type',
  'unsupported_version',
  'parked_expired',
  'idempotency_conflict',
]);

const toItem = ({ detail, failed_at, ...letter }: LetterSummary) => ({
  ...letter,
  detail: OWN_WORDS.has(letter.reason) ? detail : null,
  failed_at: failed_at.toISOString(),
});

function addLettersRoute(instance: FastifyInstance, { orders, guard }: LiveParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/api/admin/dead-letters', {
    schema: {
      summary: 'Open dead letters without what they hold, newest first.',
      querystring: LetterQuery,
      response: { 200: Letters },
    },
    onRequest: guard,
    handler: async (request, reply) => {
      const { limit, after } = request.query;
      const letters = await orders.letters({ limit: limit + 1, after });
      const items = letters.slice(0, limit);
      reply.header('cache-control', 'no-store');
      return { items: items.map(toItem), next: letters.length > limit ? items.at(-1)!.id : null };
    },
  });
}

/** GET /api/admin/live, as a stream or as one board, and GET /api/admin/dead-letters. */
export function addLiveRoutes(instance: FastifyInstance, parts: LiveParts): void {
  const { readBoard, streams, guard, logger } = parts;
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const board = new Board(readBoard, logger);
  app.addHook('onClose', async () => board.stop());
  addLettersRoute(instance, parts);
  app.get('/api/admin/live', {
    exposeHeadRoute: false,
    schema: {
      summary: 'The flow of orders as of now; every second as server-sent events (event: live) for who accepts those.',
      response: { 200: LiveBoard },
    },
    onRequest: guard,
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      if (!request.headers.accept?.includes('text/event-stream')) {
        return board.now().catch((cause: unknown) => {
          throw new Problem('database_unavailable', 'the database did not answer', { cause });
        });
      }
      let unsubscribe = () => {};
      const stream = streams.open(reply, 'live', () => unsubscribe());
      unsubscribe = board.subscribe((text) => stream.send({ event: 'live', data: text }));
      return reply;
    },
  });
}
