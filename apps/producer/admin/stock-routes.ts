import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { type Static, type TObject, Type } from 'typebox';
import { requestHash } from '../../../lib/domain/canonical.ts';
import { EVENT_TYPES } from '../../../lib/domain/event-types.ts';
import { commandEventId } from '../../../lib/domain/ids.ts';
import { stockEvent } from '../../../lib/domain/stock-event.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { publish } from '../events/publish.ts';
import { idempotencyKey } from '../http/idempotency-key.ts';
import { IdempotencyWindow } from '../http/idempotency-window.ts';
import { once } from '../http/once.ts';
import { fieldProblem } from '../http/problem.ts';
import { refuseForbiddenText, requireIdempotencyKey } from '../http/request-checks.ts';
import type { Catalogue } from '../orders/take-order.ts';
import { nameOf, staffBody } from './staff.ts';

const COUNTS = {
  received: 'oms.stock.received.v1',
  adjusted: 'oms.stock.adjusted.v1',
} as const;

const Receipt = Type.Object({ sku: Type.String(), event_id: Type.String() });
type Receipt = Static<typeof Receipt>;

export interface StockParts {
  catalogue: Pick<Catalogue, 'product' | 'lookAgain'>;
  sender: EventSender;
  now: () => Date;
  guard: onRequestHookHandler;
}

/** POST /api/admin/stock/received and /adjusted: units that came in, counts that differ. */
export function addStockRoutes(instance: FastifyInstance, { catalogue, sender, now, guard }: StockParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const window = new IdempotencyWindow<Receipt>();
  const refuseUnknown = async (sku: string) => {
    if (!catalogue.product(sku)) await catalogue.lookAgain();
    if (!catalogue.product(sku)) throw fieldProblem('unknown_sku', '/sku', 'is not in the catalogue');
  };

  for (const [what, type] of Object.entries(COUNTS)) {
    const Body = staffBody((EVENT_TYPES[type].data as TObject).properties);
    app.post(`/api/admin/stock/${what}`, {
      schema: { summary: EVENT_TYPES[type].summary, body: Body, response: { 202: Receipt } },
      onRequest: [guard, requireIdempotencyKey],
      preValidation: refuseForbiddenText,
      handler: async (request, reply) => {
        const { by: _by, ...data } = request.body as { by?: string; sku: string };
        const id = commandEventId(data.sku, what, idempotencyKey(request));
        const { answer, replayed } = await once(window, id, requestHash(request.body), async () => {
          await refuseUnknown(data.sku);
          const { traceparent } = request.trace!;
          const source = `/admin/${nameOf(request.body)}`;
          await publish(sender, stockEvent(type, data, { id, source, time: now().toISOString(), traceparent }));
          return { sku: data.sku, event_id: id };
        });
        if (replayed) reply.header('idempotent-replayed', 'true');
        return reply.code(202).send(answer);
      },
    });
  }
}
