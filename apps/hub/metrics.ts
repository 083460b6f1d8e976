import { Counter, createMetrics, Gauge, Histogram, type Registry } from '../../lib/runtime/metrics.ts';

/** Seconds, from a sync on a fast disk to one that is in trouble. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What the hub measures of itself. */
export interface HubMetrics {
  registry: Registry;
  appendSeconds: Histogram;
  syncSeconds: Histogram;
  events: Counter<'hub' | 'direction'>;
  faults: Counter<'fault' | 'side'>;
  countConnections(count: () => number): void;
}

export function createHubMetrics(): HubMetrics {
  const registry = createMetrics('hub');
  const registers = [registry];
  return {
    registry,
    appendSeconds: new Histogram({
      name: 'oms_hub_append_seconds',
      help: 'From the arrival of a batch until it was durable',
      buckets: BUCKETS,
      registers,
    }),
    syncSeconds: new Histogram({
      name: 'oms_hub_fsync_seconds',
      help: 'One fdatasync',
      buckets: BUCKETS,
      registers,
    }),
    events: new Counter({
      name: 'oms_hub_events_total',
      help: 'Events stored (in) and handed to readers (out)',
      labelNames: ['hub', 'direction'],
      registers,
    }),
    faults: new Counter({
      name: 'oms_hub_faults_total',
      help: 'What went wrong because a fault switch said so',
      labelNames: ['fault', 'side'],
      registers,
    }),
    countConnections(count) {
      new Gauge({
        name: 'oms_hub_connections',
        help: 'AMQP connections',
        registers,
        collect() {
          this.set(count());
        },
      });
    },
  };
}
