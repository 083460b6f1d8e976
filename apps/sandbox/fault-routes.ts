import type { FastifyInstance } from 'fastify';
import { type Faults, parseFaults } from './faults.ts';

/** GET and PUT /faults: what goes wrong on purpose. A PUT replaces all settings. */
export function addFaultRoutes(app: FastifyInstance, faults: Faults): void {
  app.get('/faults', async () => faults.settings);
  app.put('/faults', async (request, reply) => {
    try {
      faults.set(parseFaults(request.body));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return reply.code(400).send({ code: 'body', detail: error.message });
    }
    return faults.settings;
  });
}
