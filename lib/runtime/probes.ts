import type { FastifyInstance } from 'fastify';
import type { Registry } from './metrics.ts';

/** What one dependency says of itself; the answer adds `ms`, how long the check took. */
export interface Check {
  ok: boolean;
  detail?: string;
}

/** The dependencies a process cannot work without, by name; each check answers within a second. */
export type Checks = Record<string, () => Promise<Check>>;

const CHECK_DEADLINE_MS = 1_000;

async function runCheck(check: () => Promise<Check>) {
  const start = performance.now();
  const late = Promise.withResolvers<Check>();
  const timer = setTimeout(() => late.resolve({ ok: false, detail: 'no answer within 1 s' }), CHECK_DEADLINE_MS);
  const result = await Promise.race([check(), late.promise]).catch((error: unknown): Check => {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  });
  clearTimeout(timer);
  return { ...result, ms: Math.round(performance.now() - start) };
}

/** Adds GET /livez (the process answers), /readyz (every dependency, 503 when one is away) and /metrics. */
export function addProbes(app: FastifyInstance, metrics: Registry, checks: Checks): void {
  app.get('/livez', async () => ({ status: 'live' }));
  app.get('/readyz', async (_request, reply) => {
    const entries = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check)] as const),
    );
    const ready = entries.every(([, result]) => result.ok);
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'not ready', checks: Object.fromEntries(entries) });
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
}
