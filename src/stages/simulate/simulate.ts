import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { openPool, type Pool } from '../../../lib/database/connect.ts';
import type { OrderApi } from '../../adapters/http/order-api.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { createRunFolder, newRunId, type RunFiles } from '../runs/run-folder.ts';
import { databaseError, findDatabase, findProducer, type TargetFlags } from '../runs/targets.ts';
import { ManifestWriter } from './manifest-writer.ts';
import { type LoadPlan, type LoadRequest, planLoad } from './plan.ts';
import { showProgress } from './progress.ts';
import type { SimulateResult } from './result.ts';
import { Simulation } from './simulation.ts';
import { countDuplicates } from './stored-watch.ts';
import { judge } from './verdict.ts';

export interface SimulateOptions extends TargetFlags, LoadRequest {
  /** How long to wait, after the last order was sent, for answers and rows. */
  drainTimeoutMs: number;
}

/** An answer that takes longer leaves the outcome unknown; the order API's own deadline is 2 s. */
const ANSWER_TIMEOUT_MS = 5_000;
/** Ctrl-C has to end within the 10 s that a command may take to clean up. */
const INTERRUPTED_DRAIN_MS = 5_000;
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

function ratesOf({ counts, sentMs, generator }: Simulation, plan: LoadPlan, interrupted: boolean) {
  const lengthMs = interrupted ? sentMs : (plan.schedule?.lengthMs ?? sentMs);
  const perSecond = (count: number, ms: number) => (ms > 0 ? (count * 1_000) / ms : 0);
  const overMs = Math.max(lengthMs, generator.lastIssuedMs);
  return {
    asked: perSecond(counts.asked, lengthMs),
    issued: perSecond(counts.issued, overMs),
    accepted: perSecond(counts.accepted, overMs),
    stored: perSecond(counts.stored, overMs),
  };
}

interface Finished {
  files: RunFiles;
  plan: LoadPlan;
  simulation: Simulation;
  url: string;
  options: SimulateOptions;
  interrupted: boolean;
}

function summarise({ files, plan, simulation, url, options, interrupted }: Finished): SimulateResult {
  const { counts, health, drainedMs } = simulation;
  const rates = ratesOf(simulation, plan, interrupted);
  const judged = judge({
    counts,
    rate: plan.schedule && plan.schedule.lengthMs > 0 ? rates : undefined,
    drainedMs,
    drainTimeoutMs: options.drainTimeoutMs,
    health,
    interrupted,
  });
  return {
    run: files.run,
    mode: plan.mode,
    url,
    seed: options.from === undefined ? options.seed : null,
    started_at: simulation.startedAt.toISOString(),
    ended_at: new Date().toISOString(),
    key_prefix: plan.keyPrefix,
    counts,
    rates,
    latency_ms: { accepted: simulation.accepted.percentiles, stored: simulation.stored.percentiles },
    sent_in_ms: simulation.sentMs,
    drained_in_ms: drainedMs ?? null,
    generator: { loop_lag_p99_ms: health.loopLagP99Ms, cpu_percent: health.cpuPercent },
    answers: Object.fromEntries(simulation.reasons),
    ...judged,
    manifest: files.manifest,
    environment: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpus: availableParallelism(),
    },
  };
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
  url: string;
}

/** Ctrl-C while sending leaves a short drain; Ctrl-C while draining ends it at once. */
const drainUntil = (interrupt: AbortSignal, timeoutMs: number): AbortSignal =>
  interrupt.aborted
    ? AbortSignal.timeout(Math.min(INTERRUPTED_DRAIN_MS, timeoutMs))
    : AbortSignal.any([interrupt, AbortSignal.timeout(timeoutMs)]);

async function runPlan(parts: Parts, run: string, plan: LoadPlan): Promise<SimulateResult> {
  const { options, context, pool, api, url } = parts;
  const files = await createRunFolder(context.settings.localDir, run);
  const broken = new AbortController();
  const manifest = new ManifestWriter(files.manifest, (error) => broken.abort(error));
  const simulation = new Simulation({ plan, api, pool, manifest });
  const title = ['oms simulate', run, plan.mode];
  const progress = showProgress(context.terminal, title, () => simulation.look());
  const sending = AbortSignal.any([context.signal, broken.signal]);
  try {
    await simulation.run(sending, () => drainUntil(context.signal, options.drainTimeoutMs));
  } finally {
    progress.stop();
    await manifest.close();
  }
  await addDuplicates(pool, plan, simulation);
  const result = summarise({ files, plan, simulation, url, options, interrupted: context.signal.aborted });
  await writeSummary(files.summary, result);
  return result;
}

/**
 * Sends orders to the order API as planned, follows them into the database, and says whether all went as it should.
 * Writes manifest.ndjson and summary.json of the run below `.oms/local/runs`.
 * @throws {OmsError} before anything is sent when API, database, catalogue or recording are not as needed
 */
export async function simulate(options: SimulateOptions, context: Context): Promise<SimulateResult> {
  const databaseUrl = await findDatabase(options, context);
  const url = await findProducer(options, context);
  const { openOrderApi } = await import('../../adapters/http/order-api.ts');
  const pool = openPool(databaseUrl, { connectionLimit: 2 });
  const run = newRunId(new Date());
  let api: OrderApi | undefined;
  try {
    const plan = await planLoad(options, run, pool);
    api = openOrderApi(url, { connections: plan.maxInFlight, timeoutMs: ANSWER_TIMEOUT_MS });
    await checkReady(api, url);
    await warmUp(api, plan);
    return await runPlan({ options, context, pool, api, url }, run, plan);
  } catch (error) {
    throw databaseError(error);
  } finally {
    await api?.close();
    await pool.end().catch(() => {});
  }
}
