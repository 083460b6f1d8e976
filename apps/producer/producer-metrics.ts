import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from '../../lib/runtime/metrics.ts';
import type { BatchOutcome } from '../../lib/streaming/batching-sender.ts';

const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What became of a request to place an order. */
export type OrderOutcome = 'accepted' | 'rejected' | 'duplicate' | 'failed';

export interface ProducerMetrics {
  order(outcome: OrderOutcome): void;
  batch(outcome: BatchOutcome): void;
  /** Counts every answer of `app`, by its route and not its path. */
  observe(app: FastifyInstance): void;
}

function batchMetrics(registry: Registry, destination: string) {
  const labelNames = ['operation', 'destination', 'error_type'];
  const sent = new Counter({
    name: 'messaging_client_sent_messages_total',
    help: 'Events handed to the hub, acknowledged or not',
    labelNames,
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'messaging_client_operation_duration_seconds',
    help: "From the arrival of a batch's first event to its acknowledgement or failure",
    labelNames,
    buckets: HTTP_BUCKETS,
    registers: [registry],
  });
  return ({ events, ms, error }: BatchOutcome): void => {
    const code = error && ((error as { code?: string }).code ?? error.name);
    const labels = { operation: 'send', destination, error_type: code ?? '' };
    sent.inc(labels, events);
    duration.observe(labels, ms / 1_000);
  };
}

/** The figures of the order API; `pending` says how many events wait for the hub right now. */
export function producerMetrics(registry: Registry, hub: string, pending: () => number): ProducerMetrics {
  const orders = new Counter({
    name: 'oms_orders_total',
    help: 'Requests to place an order, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'From the first byte of a request to the end of its answer',
    labelNames: ['route', 'method', 'status'],
    buckets: HTTP_BUCKETS,
    registers: [registry],
  });
  new Gauge({
    name: 'oms_pending_events',
    help: 'Events not yet acknowledged by the hub',
    registers: [registry],
    collect() {
      this.set(pending());
    },
  });
  return {
    order: (outcome) => orders.inc({ outcome }),
    batch: batchMetrics(registry, hub),
    observe(app) {
      app.addHook('onResponse', (request, reply, done) => {
        const labels = { route: request.routeOptions.url ?? '', method: request.method, status: reply.statusCode };
        duration.observe(labels, reply.elapsedTime / 1_000);
        done();
      });
    },
  };
}
