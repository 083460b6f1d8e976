import type { Pool } from '../../../lib/database/connect.ts';
import type { OrderApi } from '../../adapters/http/order-api.ts';
import { messageOf } from '../../errors.ts';
import type { Companion, CompanionReport } from './companion.ts';
import { noCounts } from './counters.ts';
import { Latency } from './latency.ts';
import { LoadGenerator, type Settled } from './load-generator.ts';
import type { ManifestWriter } from './manifest-writer.ts';
import type { LoadPlan } from './plan.ts';
import { type RunScope, scopeOf } from './run-orders.ts';
import { SelfCheck } from './self-check.ts';
import { StoredWatch } from './stored-watch.ts';
import type { Moment } from './view.ts';

export interface SimulationParts {
  plan: LoadPlan;
  api: OrderApi;
  pool: Pool;
  manifest: ManifestWriter;
  companions: readonly Companion[];
}

/** The moving parts of one run, wired together. */
export class Simulation {
  readonly counts = noCounts();
  readonly accepted = new Latency();
  readonly stored = new Latency();
  readonly reasons = new Map<string, number>();
  readonly generator: LoadGenerator;
  readonly watch: StoredWatch;
  /** Undefined when not everything was answered and stored by the end of the drain. */
  drainedMs: number | undefined;
  sentMs = 0;
  startedAt = new Date(0);

  private readonly plan: LoadPlan;
  private readonly pool: Pool;
  private readonly companions: readonly Companion[];
  private readonly manifest: ManifestWriter;
  private selfCheck: SelfCheck | undefined;
  private phase: Moment['phase'] = 'sending';
  private readonly recent: { atMs: number; asked: number; issued: number; accepted: number; stored: number }[] = [];
  private readonly backlogs: number[] = [];

  constructor(parts: SimulationParts) {
    this.plan = parts.plan;
    this.pool = parts.pool;
    this.companions = parts.companions;
    this.manifest = parts.manifest;
    this.watch = new StoredWatch(parts.pool, this.counts, this.stored);
    this.generator = new LoadGenerator({
      ...parts.plan,
      api: parts.api,
      counts: this.counts,
      accepted: this.accepted,
      reasons: this.reasons,
      onSettled: (settled) => this.settle(settled),
    });
  }

  get health() {
    return this.selfCheck?.health ?? { loopLagP99Ms: 0, cpuPercent: 0 };
  }

  /** Sends until the plan is done or `signal` is set, then waits for answers and rows until the signal of `drainUntil`. */
  async run(signal: AbortSignal, drainUntil: () => AbortSignal): Promise<void> {
    this.selfCheck = new SelfCheck();
    this.startedAt = new Date();
    this.watch.start(this.startedAt.getTime());
    for (const companion of this.companions) companion.start(this.scope);
    await this.generator.send(signal);
    this.selfCheck.stop();
    this.sentMs = this.generator.elapsedMs;
    this.phase = 'draining';
    await this.drain(drainUntil());
  }

  /** A snapshot for the view; called at its pace, which is also that of the figures per second. */
  look(): Moment {
    const elapsedMs = this.generator.elapsedMs;
    this.backlogs.push(this.watch.backlog);
    if (this.backlogs.length > 60) this.backlogs.shift();
    return {
      phase: this.phase,
      elapsedMs,
      lengthMs: this.plan.schedule?.lengthMs,
      counts: this.counts,
      rates: this.recentRates(elapsedMs),
      accepted: this.accepted.percentiles,
      stored: this.stored.percentiles,
      backlog: this.watch.backlog,
      backlogs: this.backlogs,
      health: this.health,
      reasons: this.reasons,
      lines: this.companions.flatMap((companion) => companion.view?.() ?? []),
    };
  }

  /** What the companions have to say; one whose database has gone says nothing, and fails. */
  async reports(): Promise<CompanionReport[]> {
    const reports: CompanionReport[] = [];
    for (const companion of this.companions) {
      try {
        reports.push(await companion.report(this.scope));
      } catch (error) {
        const failure = { name: 'report', wanted: 'complete', got: messageOf(error), ok: false };
        reports.push({ result: {}, thresholds: [failure] });
      }
    }
    return reports;
  }

  private get scope(): RunScope {
    return scopeOf(this.pool, this.plan.keyPrefix, this.startedAt);
  }

  private settle(settled: Settled): void {
    const { order, plannedMs, outcome, totalMinor, reason } = settled;
    const labels = Object.assign({}, order.labels, ...this.companions.map((companion) => companion.labels?.(order)));
    this.manifest.add({
      n: order.n,
      key: order.key,
      customer: order.customer,
      order_id: order.orderId,
      hash: order.hash,
      planned_at: new Date(this.startedAt.getTime() + plannedMs).toISOString(),
      outcome,
      total_minor: totalMinor,
      ...(reason !== undefined && { reason }),
      ...(Object.keys(labels).length > 0 && { labels }),
    });
    if (outcome === 'accepted') this.watch.add(order.orderId, plannedMs);
    for (const companion of this.companions) companion.settled?.(settled);
  }

  private async drain(end: AbortSignal): Promise<void> {
    const startMs = performance.now();
    await this.generator.drain(end);
    await this.watch.drain(end);
    this.counts.lost = this.watch.backlog;
    if (this.watch.lastError) this.reasons.set(`database: ${messageOf(this.watch.lastError)}`, 1);
    if (this.counts.lost === 0 && this.counts.unknown === 0) this.drainedMs = performance.now() - startMs;
    await Promise.all(this.companions.map((companion) => companion.finish(end)));
  }

  private recentRates(atMs: number): Moment['rates'] {
    const { asked, issued, accepted, stored } = this.counts;
    this.recent.push({ atMs, asked, issued, accepted, stored });
    while (this.recent.length > 2 && atMs - this.recent[1]!.atMs >= 1_000) this.recent.shift();
    const before = this.recent[0]!;
    const perSecond = (now: number, then: number) =>
      atMs > before.atMs ? ((now - then) * 1_000) / (atMs - before.atMs) : 0;
    return {
      asked: perSecond(asked, before.asked),
      issued: perSecond(issued, before.issued),
      accepted: perSecond(accepted, before.accepted),
      stored: perSecond(stored, before.stored),
    };
  }
}
