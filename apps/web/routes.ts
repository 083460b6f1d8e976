import type { FastifyInstance } from 'fastify';
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
  addBrowseRoutes(app, parts);
  addCartRoutes(app, parts);
  addCheckoutRoutes(app, parts);
  addOrderRoutes(app, parts);
  addOrderEventsRoute(app, parts, new EventRelay(app, parts.api));
  addRequestRoutes(app, parts);
  addHelpRoute(app, parts);
}
