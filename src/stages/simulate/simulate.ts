import { open } from 'node:fs/promises';
import { openPool, type Pool } from '../../../lib/database/connect.ts';
import type { OrderApi } from '../../adapters/http/order-api.ts';
import type { OutageOf } from '../../config/simulate-choices.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import type { ManifestEntry } from '../runs/manifest.ts';
import { createRunFolder, newRunId } from '../runs/run-folder.ts';
import { databaseError, findDatabase, findProducer, type TargetFlags } from '../runs/targets.ts';
import { gatherCompanions } from './companions.ts';
import { ManifestWriter } from './manifest-writer.ts';
import { type LoadPlan, type LoadRequest, planLoad } from './plan.ts';
import { showProgress } from './progress.ts';
import { withRehearsal } from './rehearsal.ts';
import type { SimulateResult } from './result.ts';
import { Simulation } from './simulation.ts';
import { countDuplicates } from './stored-watch.ts';
import { summarise } from './summary.ts';

export interface SimulateOptions extends TargetFlags, LoadRequest {
  /** How long to wait, after the last order was sent, for answers and rows, or for the end of every order. */
  drainTimeoutMs?: number | undefined;
  /** Waits until every order has come to its end; as a rule with a mix. */
  untilDone?: boolean | undefined;
  outageOf?: OutageOf | undefined;
  outageMs?: number | undefined;
}

/** An answer that takes longer leaves the outcome unknown; the order API's own deadline is 2 s. */
const ANSWER_TIMEOUT_MS = 5_000;
/** Ctrl-C has to end within the 10 s that a command may take to clean up. */
const INTERRUPTED_DRAIN_MS = 5_000;
const DRAIN_MS = 30_000;
/** Return windows, answers that never come and their time-outs: the slowest order takes about a minute and a half. */
const UNTIL_DONE_MS = 300_000;
const SIDE_CONNECTIONS = 32;
const WARM_UP_ORDERS = 200;
const WARM_UP_CONNECTIONS = 32;
/** Clocks of shop and database may differ by this much when rows are looked up by their time. */
const CLOCK_SLACK_MS = 600_000;

async function checkReady(api: OrderApi, url: string): Promise<void> {
  const answer = await api.get('/readyz').catch((error: unknown) => {
    throw new OmsError('producer_unreachable', `the order API at ${url} does not answer`, {
      why: messageOf(error),
      next: ['oms status', 'oms up'],
      cause: error,
    });
  });
  if (answer.status === 503) {
    throw new OmsError('stack_not_ready', `the order API at ${url} is not ready`, {
      why: answer.body.slice(0, 300),
      next: ['oms status'],
    });
  }
}

/** Planning and connecting cost most the first time; that is ours, and not to be measured as the server's latency. */
async function warmUp(api: OrderApi, { source, maxInFlight }: LoadPlan): Promise<void> {
  for (let n = 0; n < Math.min(WARM_UP_ORDERS, source.size ?? WARM_UP_ORDERS); n++) source.order(n);
  const connections = Math.min(WARM_UP_CONNECTIONS, maxInFlight);
  await Promise.allSettled(Array.from({ length: connections }, () => api.get('/livez')));
}

async function writeSummary(file: string, result: SimulateResult): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(`${JSON.stringify(result, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * The rows that are too many; a recording's keys are older than this run, so that all of them are looked at.
 * A database that has gone meanwhile costs the verdict, not the report.
 */
async function addDuplicates(pool: Pool, { keyPrefix }: LoadPlan, simulation: Simulation): Promise<void> {
  const since = new Date(simulation.startedAt.getTime() - CLOCK_SLACK_MS);
  try {
    simulation.counts.duplicated = await countDuplicates(pool, keyPrefix, keyPrefix === 'from-' ? undefined : since);
  } catch (error) {
    simulation.reasons.set(`duplicates not counted: ${messageOf(error)}`, 1);
    simulation.drainedMs = undefined;
  }
}

interface Parts {
  options: SimulateOptions;
  context: Context;
  pool: Pool;
  api: OrderApi;
  /** For requests of customers and staff, so that they never stand in the way of orders. */
  sideApi: OrderApi;
  url: string;
  atEnd: (close: () => Promise<void>) => void;
}

/** Ctrl-C while sending leaves a short drain; Ctrl-C while draining ends it at once. */
const drainUntil = (interrupt: AbortSignal, timeoutMs: number): AbortSignal =>
  interrupt.aborted
    ? AbortSignal.timeout(Math.min(INTERRUPTED_DRAIN_MS, timeoutMs))
    : AbortSignal.any([interrupt, AbortSignal.timeout(timeoutMs)]);

async function runPlan(parts: Parts, run: string, plan: LoadPlan): Promise<SimulateResult> {
  const { options, context, pool, api, sideApi, url } = parts;
  const files = await createRunFolder(context.settings.localDir, run);
  const broken = new AbortController();
  const manifest = new ManifestWriter(files.manifest, (error) => broken.abort(error));
  const untilDone = options.untilDone ?? plan.life !== undefined;
  const drainTimeoutMs = options.drainTimeoutMs ?? (untilDone ? UNTIL_DONE_MS : DRAIN_MS);
  const writeDown = (entry: ManifestEntry) => manifest.add(entry);
  const side = { plan, options, context, pool, api: sideApi, url, run, writeDown, atEnd: parts.atEnd };
  const companions = await gatherCompanions({ ...side, untilDone, drainTimeoutMs });
  const simulation = new Simulation({ plan, api, pool, manifest, companions });
  const title = ['oms simulate', run, plan.mode];
  const progress = showProgress(context.terminal, title, () => simulation.look());
  const sending = AbortSignal.any([context.signal, broken.signal]);
  try {
    await simulation.run(sending, () => drainUntil(context.signal, drainTimeoutMs));
  } finally {
    progress.stop();
    await manifest.close();
  }
  await addDuplicates(pool, plan, simulation);
  const reports = await simulation.reports();
  const interrupted = context.signal.aborted;
  const seed = options.from === undefined ? options.seed : null;
  const result = summarise({ files, plan, simulation, reports, url, seed, drainTimeoutMs, interrupted });
  await writeSummary(files.summary, result);
  return result;
}

/**
 * Sends orders to the order API as planned, follows them into the database, and says whether all went as it should.
 * Writes manifest.ndjson and summary.json of the run below `.oms/local/runs`.
 * @throws {OmsError} before anything is sent when API, database, catalogue or recording are not as needed
 */
export async function simulate(asked: SimulateOptions, context: Context): Promise<SimulateResult> {
  const options = withRehearsal(asked);
  const databaseUrl = await findDatabase(options, context);
  const url = await findProducer(options, context);
  const { openOrderApi } = await import('../../adapters/http/order-api.ts');
  const pool = openPool(databaseUrl, { connectionLimit: 3 });
  const run = newRunId(new Date());
  const closers: (() => Promise<void>)[] = [];
  const atEnd = (close: () => Promise<void>) => void closers.push(close);
  const openApi = (connections: number) => {
    const api = openOrderApi(url, { connections, timeoutMs: ANSWER_TIMEOUT_MS });
    atEnd(() => api.close());
    return api;
  };
  try {
    const plan = await planLoad(options, run, pool);
    const api = openApi(plan.maxInFlight);
    await checkReady(api, url);
    await warmUp(api, plan);
    return await runPlan({ options, context, pool, api, sideApi: openApi(SIDE_CONNECTIONS), url, atEnd }, run, plan);
  } catch (error) {
    throw databaseError(error);
  } finally {
    await Promise.allSettled(closers.map((close) => close()));
    await pool.end().catch(() => {});
  }
}
