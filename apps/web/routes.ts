import type { FastifyInstance } from 'fastify';
import { addAskRoute } from './console/ask/ask-routes.ts';
import { addConsoleEventsRoute } from './console/console-events.ts';
import { addConsoleRoute } from './console/console-routes.ts';
import { StaffGate } from './console/staff-gate.ts';
import { EventRelay } from './http/event-relay.ts';
import type { WebParts } from './parts.ts';
import { addBrowseRoutes } from './shop/browse/browse-routes.ts';
import { addCartRoutes } from './shop/cart/cart-routes.ts';
import { addCheckoutRoutes } from './shop/checkout/checkout-routes.ts';
import { addHelpRoute } from './shop/help.ts';
import { addOrderEventsRoute } from './shop/orders/order-events.ts';
import { addOrderRoutes } from './shop/orders/order-routes.ts';
import { addRequestRoutes } from './shop/orders/request-routes.ts';

/** Every page. */
export function addRoutes(app: FastifyInstance, parts: WebParts): void {
  const relay = new EventRelay(app, parts.api);
  const gate = new StaffGate(parts);
  addBrowseRoutes(app, parts);
  addCartRoutes(app, parts);
  addCheckoutRoutes(app, parts);
  addOrderRoutes(app, parts);
  addOrderEventsRoute(app, parts, relay);
  addRequestRoutes(app, parts);
  addHelpRoute(app, parts);
  addConsoleRoute(app, parts, gate);
  addConsoleEventsRoute(app, parts, { gate, relay });
  addAskRoute(app, parts, gate);
}
