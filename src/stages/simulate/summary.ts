import { availableParallelism } from 'node:os';
import type { RunFiles } from '../runs/run-folder.ts';
import type { CompanionReport } from './companion.ts';
import type { LoadPlan } from './plan.ts';
import type { SimulateResult } from './result.ts';
import type { Simulation } from './simulation.ts';
import { judge } from './verdict.ts';

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
  reports: readonly CompanionReport[];
  url: string;
  seed: number | null;
  drainTimeoutMs: number;
  interrupted: boolean;
}

/** Everything that was counted and measured, with the verdict on it. */
export function summarise(run: Finished): SimulateResult {
  const { files, plan, simulation, reports, url, seed, drainTimeoutMs, interrupted } = run;
  const { counts, health, drainedMs } = simulation;
  const rates = ratesOf(simulation, plan, interrupted);
  const judged = judge({
    counts,
    rate: plan.schedule && plan.schedule.lengthMs > 0 ? rates : undefined,
    drainedMs,
    drainTimeoutMs,
    health,
    interrupted,
    further: reports.flatMap((report) => report.thresholds),
  });
  return {
    run: files.run,
    mode: plan.mode,
    url,
    seed,
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
    ...Object.assign({}, ...reports.map((report) => report.result)),
    ...judged,
    manifest: files.manifest,
    environment: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpus: availableParallelism(),
    },
  };
}
