import type { FastifyInstance } from 'fastify';
import type { Logger } from '../../lib/runtime/logger.ts';
import type { EventSender } from '../../lib/streaming/batching-sender.ts';
import { requireToken, tokenCheck } from './admin/bearer.ts';
import { addOrderListRoute } from './admin/order-list-routes.ts';
import { addStaffRoutes } from './admin/staff-routes.ts';
import { addStockRoutes } from './admin/stock-routes.ts';
import type { AskDesk } from './ask/ask-desk.ts';
import { addAskRoute } from './ask/ask-routes.ts';
import type { CatalogueCache } from './catalogue/catalogue-cache.ts';
import { addProductRoutes } from './catalogue/product-routes.ts';
import type { Shelf } from './catalogue/shelf.ts';
import { CommandDesk } from './commands/command-desk.ts';
import { addCustomerRoutes } from './commands/customer-routes.ts';
import { addHookRoute } from './hooks/hook-routes.ts';
import { ownHook } from './hooks/own-hook.ts';
import { stripeHook } from './hooks/stripe-hook.ts';
import { type StripeLookup, stripeLookup } from './hooks/stripe-lookup.ts';
import { IdempotencyWindow } from './http/idempotency-window.ts';
import { addProblemRoutes } from './http/problem-routes.ts';
import { addIngestRoutes } from './ingest/ingest-routes.ts';
import type { BoardSource } from './live/board-source.ts';
import { addLiveRoutes } from './live/live-routes.ts';
import { addOrderEventsRoute } from './live/order-events-route.ts';
import { StreamHouse } from './live/stream-house.ts';
import { addPlaceRoutes } from './orders/place-routes.ts';
import { addShowRoute } from './orders/show-route.ts';
import type { StoredOrders } from './orders/stored-orders.ts';
import { OrderDesk, type TakenOrder } from './orders/take-order.ts';
import type { OrderOutcome, ProducerMetrics } from './producer-metrics.ts';
import { addSchemaRoutes } from './schema-routes.ts';

/** What opens the routes that are not for everybody; without its secret a route does not exist. */
export interface Secrets {
  psp?: string | undefined;
  carrier?: string | undefined;
  stripe?: string | undefined;
  ingest?: string | undefined;
  admin?: string | undefined;
}

export interface RouteParts {
  /** Takes orders and what is asked about them. */
  sender: EventSender;
  /** Takes the facts of providers and carriers. */
  facts: EventSender;
  catalogue: CatalogueCache;
  shelf: Shelf;
  orders: StoredOrders;
  /** What the staff see of the whole flow. */
  readBoard: BoardSource;
  /** Answers the staff's questions; without it there are no answers. */
  ask?: AskDesk | undefined;
  /** The shop's time zone. */
  timeZone?: string;
  metrics: ProducerMetrics;
  logger: Logger;
  secrets: Secrets;
  /** Whom to ask about the payments that Stripe's webhooks speak of. */
  stripe?: StripeLookup | undefined;
}

const now = () => new Date();

interface AdminParts extends RouteParts {
  desk: CommandDesk;
  streams: StreamHouse;
}

function addAdminRoutes(app: FastifyInstance, token: string, parts: AdminParts): void {
  const { catalogue, sender, orders, desk, streams, readBoard, ask, timeZone = 'UTC', logger } = parts;
  const guard = requireToken(token);
  addOrderListRoute(app, orders, guard);
  addStaffRoutes(app, desk, guard);
  addStockRoutes(app, { catalogue, sender, now, guard });
  addLiveRoutes(app, { readBoard, orders, streams, guard, logger });
  addAskRoute(app, { desk: ask, timeZone, guard });
}

function addHookRoutes(app: FastifyInstance, { facts, secrets, stripe: lookup }: RouteParts): void {
  const parts = { facts, now: Date.now };
  const { psp, carrier, stripe } = secrets;
  if (psp) addHookRoute(app, '/hooks/psp', ownHook(psp, 'provider'), parts);
  if (carrier) addHookRoute(app, '/hooks/carrier', ownHook(carrier, 'carrier'), parts);
  if (stripe) addHookRoute(app, '/hooks/stripe', stripeHook(stripe, stripeLookup(lookup)), parts);
}

/** Everything the order API answers, except for the probes. */
export function addRoutes(app: FastifyInstance, parts: RouteParts): void {
  const { catalogue, sender, orders, metrics, logger, secrets } = parts;
  const window = new IdempotencyWindow<TakenOrder>();
  const taken = (orderId: string) => window.answerOf(orderId);
  const desk = new OrderDesk({ catalogue, sender, window, now });
  const count = (outcome: OrderOutcome) => metrics.order(outcome);
  const commands = new CommandDesk({ orders, taken, sender, now });
  addProblemRoutes(app);
  addSchemaRoutes(app);
  addProductRoutes(app, parts);
  addPlaceRoutes(app, {
    take: (request, key, traceparent, hash) => desk.take(request, key, traceparent, hash),
    newestToken: (customer) => orders.newestToken(customer),
    count,
  });
  const streams = new StreamHouse(app);
  addShowRoute(app, { orders, taken });
  addOrderEventsRoute(app, { orders, taken, streams, logger });
  addCustomerRoutes(app, commands);
  addHookRoutes(app, parts);
  const { ingest, admin } = secrets;
  const isStaff = admin ? tokenCheck(admin) : () => false;
  if (ingest || admin) addIngestRoutes(app, { desk, secret: ingest, isStaff, count, now: Date.now });
  if (admin) addAdminRoutes(app, admin, { ...parts, desk: commands, streams });
}
