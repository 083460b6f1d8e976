import { Latency } from './latency.ts';

/** How the generator itself is doing: a generator that is short of time measures itself, not the system. */
export interface GeneratorHealth {
  /** How late its timers fire, in milliseconds (99 of 100 are better). */
  loopLagP99Ms: number;
  /** CPU of this process in percent of one core. */
  cpuPercent: number;
}

const PROBE_MS = 10;

/** Watches event loop and CPU from its making until `stop`. */
export class SelfCheck {
  private readonly lag = new Latency();
  private readonly startedAt = performance.now();
  private readonly cpuAtStart = process.cpuUsage();
  private readonly timer: NodeJS.Timeout;
  private final: GeneratorHealth | undefined;

  constructor() {
    let due = performance.now() + PROBE_MS;
    this.timer = setInterval(() => {
      const now = performance.now();
      this.lag.record(now - due);
      due = now + PROBE_MS;
    }, PROBE_MS).unref();
  }

  get health(): GeneratorHealth {
    if (this.final) return this.final;
    const { user, system } = process.cpuUsage(this.cpuAtStart);
    const wallUs = (performance.now() - this.startedAt) * 1_000;
    return {
      loopLagP99Ms: this.lag.percentiles.p99 ?? 0,
      cpuPercent: wallUs > 0 ? ((user + system) / wallUs) * 100 : 0,
    };
  }

  /** Keeps the figures as they are now. */
  stop(): GeneratorHealth {
    clearInterval(this.timer);
    this.final = this.health;
    return this.final;
  }
}
