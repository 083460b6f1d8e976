import type { FastifyInstance } from 'fastify';
import { Compile } from 'typebox/compile';
import { Uuid } from '../../../../lib/domain/fields.ts';
import { Order } from '../../api/orders.ts';
import { callOf } from '../../http/call.ts';
import type { ServerEvent } from '../../http/event-lines.ts';
import type { EventRelay } from '../../http/event-relay.ts';
import { pageNotFound } from '../../http/page-error.ts';
import type { WebParts } from '../../parts.ts';
import { Visitor } from '../visitor.ts';
import { orderBody, titleOf } from './order-page.ts';

const isOrderId = Compile(Uuid);
const orderCheck = Compile(Order);

/** What the script of the page swaps in: the same piece that the page was made of. */
export interface OrderUpdate {
  html: string;
  title: string;
  status: string;
  version: number;
}

function translate({ event, data }: ServerEvent, isOwn: boolean): string | undefined {
  if (event !== 'order') return event === 'end' ? data : undefined;
  const order: unknown = JSON.parse(data);
  if (!orderCheck.Check(order)) return undefined;
  const { status, version } = order;
  const update: OrderUpdate = { html: orderBody({ order, isOwn }), title: titleOf(order), status, version };
  return JSON.stringify(update);
}

/** GET /orders/{id}/events: the changing part of an order's page, whenever it changes. */
export function addOrderEventsRoute(app: FastifyInstance, parts: WebParts, relay: EventRelay): void {
  app.get<{ Params: { id: string } }>('/orders/:id/events', { exposeHeadRoute: false }, async (request, reply) => {
    const { id } = request.params;
    if (!isOrderId.Check(id)) throw pageNotFound();
    const isOwn = new Visitor(request, reply, parts).orders.includes(id);
    const open = await relay.open(request, {
      path: `/api/orders/${id}/events`,
      call: callOf(request),
      translate: (event) => translate(event, isOwn),
    });
    return relay.answer(reply, open);
  });
}
