import type { FastifyInstance } from 'fastify';
import type { WebParts } from './app.ts';
import { addHelpRoute } from './shop/help.ts';

/** Every page. */
export function addRoutes(app: FastifyInstance, parts: WebParts): void {
  addHelpRoute(app, parts);
}
