import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import type { Registry } from '../../lib/runtime/metrics.ts';
import { addProbes } from '../../lib/runtime/probes.ts';
import type { Broker } from './broker/broker.ts';
import type { Hub } from './broker/hub.ts';

/** One hub as GET /hubs tells of it. Sequence numbers are -1 while a partition never had an event. */
export interface HubStatus {
  name: string;
  /** ISO 8601, UTC; the hub's identity. */
  createdAt: string;
  partitions: Array<{
    id: string;
    firstSequence: number;
    lastSequence: number;
    /** ISO 8601, UTC; null while there is no event. */
    lastEnqueuedAt: string | null;
    readers: number;
  }>;
}

function statusOf(hub: Hub): HubStatus {
  const partitions = hub.partitions.map(({ id, log, readerCount }) => ({
    id,
    firstSequence: log.lastSequence === -1 ? -1 : log.firstSequence,
    lastSequence: log.lastSequence,
    lastEnqueuedAt: log.lastSequence === -1 ? null : new Date(log.lastEnqueuedMs).toISOString(),
    readers: readerCount,
  }));
  return { name: hub.name, createdAt: hub.createdAt.toISOString(), partitions };
}

/** Serves probes, metrics and GET /hubs. */
export async function startOps(host: string, port: number, broker: Broker, metrics: Registry) {
  const app = fastify({ forceCloseConnections: true });
  addProbes(app, metrics, {
    storage: async () => {
      const troubled = broker.hubs.flatMap((hub) => hub.partitions).find(({ trouble }) => trouble !== null);
      return troubled === undefined ? { ok: true } : { ok: false, detail: troubled.trouble!.message };
    },
  });
  app.get('/hubs', async () => broker.hubs.map(statusOf));
  await app.listen({ host, port });
  return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() };
}
