import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { Uuid } from '../../../../lib/domain/fields.ts';
import type { Call } from '../../api/order-api.ts';
import { type Order, Orders } from '../../api/orders.ts';
import { page } from '../../html/layout.ts';
import { callOf } from '../../http/call.ts';
import { pageNotFound } from '../../http/page-error.ts';
import type { WebParts } from '../../parts.ts';
import { Visitor } from '../visitor.ts';
import { type ListedOrder, orderPage, ordersPage, pendingPage } from './order-page.ts';

/** An order is stored, and a request takes effect, some hundredths of a second after they were taken. */
const PATIENCE_MS = 1_000;
const LOOK_EVERY_MS = 100;

const isOrderId = Compile(Uuid);

interface Look {
  id: string;
  /** The page is only of use with a version above this one; 0 when any will do. */
  above: number;
}

/** Waits a moment for what was just asked to show; gives what there is when it does not. */
async function look(orders: Orders, { id, above }: Look, call: Call): Promise<Order | 'accepted' | undefined> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await orders.find(id, call);
    const isFresh = typeof found === 'object' ? found.version > above : false;
    if (isFresh || performance.now() > end) return found;
    await delay(LOOK_EVERY_MS);
  }
}

const versionIn = (text: unknown): number => (typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : 0);

async function listed(orders: Orders, id: string, call: Call): Promise<ListedOrder> {
  const order = await orders.find(id, call).catch(() => 'away' as const);
  return { id, order };
}

type OrderRequest = FastifyRequest<{ Params: { id: string }; Querystring: Record<string, unknown> }>;

async function showOrder(
  orders: Orders,
  parts: WebParts,
  request: OrderRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { id } = request.params;
  if (!isOrderId.Check(id)) throw pageNotFound();
  const isOwn = new Visitor(request, reply, parts).orders.includes(id);
  const news = String(request.query.news ?? '');
  const isExpected = isOwn && news !== '';
  const call = callOf(request);
  const found = isExpected
    ? await look(orders, { id, above: versionIn(request.query.after) }, call)
    : await orders.find(id, call);
  if (typeof found === 'object') return page(reply, parts, orderPage({ order: found, isOwn, news }));
  // Another process may have taken it: that it is not known here yet says nothing.
  if (found === 'accepted' || isOwn) return page(reply, parts, pendingPage(id, news));
  throw pageNotFound();
}

/** GET /orders and /orders/{id}. */
export function addOrderRoutes(app: FastifyInstance, parts: WebParts): void {
  const orders = new Orders(parts.api);

  app.get('/orders', async (request, reply) => {
    const { orders: ids } = new Visitor(request, reply, parts);
    const all = await Promise.all(ids.map((id) => listed(orders, id, callOf(request))));
    return page(reply, parts, ordersPage(all));
  });

  app.get<{ Params: { id: string }; Querystring: Record<string, unknown> }>('/orders/:id', (request, reply) =>
    showOrder(orders, parts, request, reply),
  );
}
