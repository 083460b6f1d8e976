import type { AddressInfo } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import { openPool, type Pool } from '../../lib/database/connect.ts';
import type { Running } from '../../lib/runtime/lifecycle.ts';
import { listenOrStop } from '../../lib/runtime/listen.ts';
import type { Logger } from '../../lib/runtime/logger.ts';
import { createMetrics } from '../../lib/runtime/metrics.ts';
import { addProbes, type Checks } from '../../lib/runtime/probes.ts';
import { Desk } from './book/desk.ts';
import { makeTables } from './book/tables.ts';
import { carrierBook } from './carriers/carrier-book.ts';
import { addCarrierRoutes } from './carriers/carrier-routes.ts';
import { RoadFacts } from './carriers/road-facts.ts';
import { addFaultRoutes } from './fault-routes.ts';
import { type FaultSettings, Faults } from './faults.ts';
import type { Delays } from './http/answering.ts';
import { paymentBook } from './payments/payment-book.ts';
import { PaymentFacts } from './payments/payment-facts.ts';
import { addPaymentRoutes } from './payments/payment-routes.ts';
import { sandboxMetrics } from './sandbox-metrics.ts';
import { Hook } from './webhooks/hook.ts';

export interface SandboxOptions {
  /** Its own schema; the account has to be allowed to make tables there. */
  databaseUrl: string;
  /** Where the shop takes webhooks: /hooks/psp and /hooks/carrier are added. */
  hooksUrl: string;
  secrets: { psp: string; carrier: string };
  http: { host: string; port: number };
  /** Where others reach it, for the addresses of labels; what it listens on when absent. */
  publicUrl?: string | undefined;
  faults?: FaultSettings;
  delays?: Delays;
}

export interface RunningSandbox extends Running {
  port: number;
}

const DELAYS: Delays = { slowMs: 1_000, hangMs: 2_000 };

/** What it says when it listens: nobody shall take it for the real thing. */
const STANDS_IN = 'stand-in payment provider and carriers: no money moves, nothing is shipped';

/** A request of a hundred lines has 10 KB. */
const SERVER = { bodyLimit: 65_536, routerOptions: { maxParamLength: 200 }, forceCloseConnections: 'idle' } as const;

/** Its statements are ready as they are: nothing to look for in them. */
const POOL = { connectionLimit: 4, multipleStatements: true, queryFormat: (statement: string) => statement };

/** @param tables made, once this resolves */
function readiness(pool: Pool, tables: Promise<void>): Checks {
  let made = false;
  tables.then(() => {
    made = true;
  });
  return {
    database: async () => {
      await pool.query('SELECT 1');
      return made ? { ok: true } : { ok: false, detail: 'the tables are not made yet' };
    },
  };
}

/** The books, what tells of them, and where to ask: everything that is put together once. */
function assemble(options: SandboxOptions, pool: Pool, logger: Logger, app: FastifyInstance, ready: Promise<void>) {
  const registry = createMetrics('sandbox');
  const metrics = sandboxMetrics(registry);
  const faults = new Faults();
  if (options.faults) faults.set(options.faults);
  const hookOptions = (name: 'psp' | 'carrier') => ({
    url: `${options.hooksUrl.replace(/\/+$/, '')}/hooks/${name}`,
    secret: options.secrets[name],
    count: metrics.facts(name),
    faults,
    logger,
  });
  const address = () => app.server.address() as AddressInfo;
  const payments = new Desk(
    pool,
    paymentBook((at) => pspHook.wake(at)),
    metrics.batch('psp'),
  );
  const carriers = new Desk(
    pool,
    carrierBook({
      publicUrl: () => options.publicUrl ?? `http://${options.http.host}:${address().port}`,
      refusesLabel: faults.refusesLabel,
      wake: (at) => carrierHook.wake(at),
    }),
    metrics.batch('carrier'),
  );
  const pspHook = new Hook(new PaymentFacts(pool, payments), ready, hookOptions('psp'));
  const carrierHook = new Hook(new RoadFacts(pool), ready, hookOptions('carrier'));
  const answering = { faults, logger, delays: options.delays ?? DELAYS, count: metrics.request };
  addProbes(app, registry, readiness(pool, ready));
  addPaymentRoutes(app, payments, pool, answering);
  addCarrierRoutes(app, carriers, pool, answering);
  addFaultRoutes(app, faults);
  return { desks: [payments, carriers], hooks: [pspHook, carrierHook] };
}

/**
 * Runs the stand-in payment provider and carriers: no money moves and nothing is shipped. They have books of their own,
 * so that what a shop believes can be compared with what was asked of them. Starts without the database and waits for it.
 */
export async function startSandbox(options: SandboxOptions, logger: Logger): Promise<RunningSandbox> {
  const stopping = new AbortController();
  const pool = openPool(options.databaseUrl, POOL);
  const app = fastify({ ...SERVER, logger: false });
  const { desks, hooks } = assemble(options, pool, logger, app, makeTables(pool, logger, stopping.signal));
  const stop = async () => {
    stopping.abort();
    await app.close();
    await Promise.all(hooks.map((hook) => hook.stop()));
    await Promise.all(desks.map((desk) => desk.drain()));
    await pool.end();
  };
  const port = await listenOrStop(app, options.http, stop, logger, STANDS_IN);
  return { port, stop };
}
