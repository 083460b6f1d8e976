import { Counter, Histogram, type Registry } from '../../lib/runtime/metrics.ts';

/** The figures of the sandbox: what it was asked, how its commits are shared, what it told the shop. */
export function sandboxMetrics(registry: Registry) {
  const registers = [registry];
  const requests = new Counter({
    name: 'sandbox_requests_total',
    help: 'Requests to the stand-in provider and carriers, by kind and status',
    labelNames: ['kind', 'status'],
    registers,
  });
  const batches = new Histogram({
    name: 'sandbox_batch_requests',
    help: 'Requests that share one commit',
    labelNames: ['book'],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers,
  });
  const facts = new Counter({
    name: 'sandbox_webhook_facts_total',
    help: 'Facts sent to the shop, by hook and what became of them',
    labelNames: ['hook', 'outcome'],
    registers,
  });
  return {
    request: (kind: string, status: number) => requests.inc({ kind, status }),
    batch: (book: string) => (size: number) => batches.observe({ book }, size),
    facts: (hook: string) => (outcome: string, count: number) => facts.inc({ hook, outcome }, count),
  };
}
