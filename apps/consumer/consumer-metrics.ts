import { Counter, Gauge, Histogram, type Registry } from '../../lib/runtime/metrics.ts';

/** What the consumer counts. Labels are few and closed: never an order's or a customer's id. */
export function consumerMetrics(registry: Registry) {
  const registers = [registry];
  return {
    orders: new Counter({
      name: 'oms_orders_total',
      help: 'orders by what became of them',
      labelNames: ['outcome'] as const,
      registers,
    }),
    verdicts: new Counter({
      name: 'oms_order_events_total',
      help: "events after an order's first, by what became of them",
      labelNames: ['verdict'] as const,
      registers,
    }),
    events: new Counter({
      name: 'messaging_client_consumed_messages_total',
      help: 'events received',
      labelNames: ['partition'] as const,
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'messaging_process_duration_seconds',
      help: 'time to store one batch',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    storedSeconds: new Histogram({
      name: 'oms_order_e2e_seconds',
      help: 'from the time an order was placed to its commit',
      labelNames: ['stage'] as const,
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
      registers,
    }),
    lag: new Gauge({
      name: 'oms_consumer_lag_events',
      help: 'events in the partition that are not stored yet',
      labelNames: ['partition'] as const,
      registers,
    }),
    gaps: new Counter({
      name: 'oms_sequence_gap_total',
      help: 'events that the hub no longer had when they were asked for',
      registers,
    }),
    rereads: new Counter({
      name: 'oms_sequence_gap_rereads_total',
      help: 'times that a partition was read again because events had not come',
      registers,
    }),
    fenced: new Counter({
      name: 'oms_fenced_commits_total',
      help: 'batches refused because the partition had another owner',
      registers,
    }),
    retries: new Counter({ name: 'oms_store_retries_total', help: 'batches tried again', registers }),
    published: new Counter({ name: 'oms_outbox_published_total', help: 'steps published to order-events', registers }),
  };
}

export type ConsumerMetrics = ReturnType<typeof consumerMetrics>;
