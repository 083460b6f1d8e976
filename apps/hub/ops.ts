import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { Registry } from '../../lib/runtime/metrics.ts';
import { addProbes, type Check } from '../../lib/runtime/probes.ts';
import { type AdminParts, addAdminRoutes } from './admin/admin-routes.ts';
import type { Broker } from './broker/broker.ts';
import { hubStatus } from './hub-status.ts';

function checkStorage(broker: Broker): Check {
  const troubled = broker.hubs.flatMap((hub) => hub.partitions).find(({ trouble }) => trouble !== null);
  return troubled === undefined ? { ok: true } : { ok: false, detail: troubled.trouble!.message };
}

/** Serves probes, metrics, the health page of the official emulator, and the hubs: what they are, and changes to them. */
export async function startOps(host: string, port: number, broker: Broker, metrics: Registry, parts: AdminParts) {
  const app = fastify({
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  addProbes(app, metrics, { storage: async () => checkStorage(broker) });
  app.get('/health', async (_request, reply) => {
    const { ok, detail } = checkStorage(broker);
    if (ok) return { status: 'healthy', message: 'Service is healthy.' };
    return reply.code(503).send({ status: 'unhealthy', message: detail });
  });
  addAdminRoutes(app, parts, () => broker.hubs.map(hubStatus));
  await app.listen({ host, port });
  return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() };
}
