import { Counter, Gauge, Histogram, type Registry } from '../../../lib/runtime/metrics.ts';

/** What is counted of the requests to providers and carriers, and of the clock. Labels are few and closed. */
export function outsideMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Counter({
      name: 'oms_external_requests_total',
      help: 'requests to providers and carriers by what became of them',
      labelNames: ['peer', 'kind', 'outcome'] as const,
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'oms_external_request_seconds',
      help: 'from a request to its answer',
      labelNames: ['peer'] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    waiting: new Gauge({
      name: 'oms_external_requests_waiting',
      help: 'requests in memory that wait for a place or for their time',
      registers,
    }),
    circuitOpen: new Gauge({
      name: 'oms_external_circuit_open',
      help: '1 while a provider or carrier is not called because it did not answer',
      labelNames: ['peer'] as const,
      registers,
    }),
    timers: new Counter({
      name: 'oms_timers_total',
      help: 'events of the clock by type',
      labelNames: ['type'] as const,
      registers,
    }),
  };
}

export type OutsideMetrics = ReturnType<typeof outsideMetrics>;
