import { type Static, Type } from 'typebox';
import type { ProcessIdentity } from '../../../lib/runtime/process-identity.ts';
import { readState } from '../../../lib/runtime/supervision.ts';
import { OUTAGES, type OutageOf } from '../../config/simulate-choices.ts';
import type { Context } from '../../context.ts';
import { messageOf, OmsError } from '../../errors.ts';
import { readLocalEndpoints } from '../local/endpoints.ts';
import { localPaths } from '../local/paths.ts';
import type { Companion, CompanionReport, ViewLine } from './companion.ts';
import type { Settled } from './load-generator.ts';

export const Outage = Type.Object({
  of: Type.Enum([...OUTAGES]),
  began_at_ms: Type.Number({ description: 'from the start of the run' }),
  lasted_ms: Type.Number(),
  accepted_again_ms: Type.Union([Type.Number(), Type.Null()], {
    description: 'from the end of the outage to the first order accepted after it; null when there was none',
  }),
  longest_silence_ms: Type.Number({ description: 'between two accepted orders' }),
});
export type Outage = Static<typeof Outage>;

/** The outage begins so far through the run. */
const BEGINS = 0.4;
const LONGEST_MS = 10_000;
const SHARE_OF_RUN = 0.2;

export const outageMs = (asked: number | undefined, lengthMs: number): number =>
  asked ?? Math.min(LONGEST_MS, lengthMs * SHARE_OF_RUN);

/**
 * The process of the local stack that is to stand still.
 * @throws {OmsError} `refused` when the orders go elsewhere, or the process does not run here
 */
export async function findOutageTarget(of: OutageOf, url: string, context: Context): Promise<ProcessIdentity> {
  const { localDir, dir } = context.settings;
  const local = await readLocalEndpoints(localDir).catch(() => undefined);
  const state = local?.producerUrl === url ? readState(localPaths(dir).stateFile) : undefined;
  const found = state?.processes.find((one) => one.name === of);
  if (found?.pid && found.startTime !== null) return { pid: found.pid, startTime: found.startTime };
  throw new OmsError('refused', `there is no ${of} of a local stack here that could stand still`, {
    why: 'an outage is made by stopping a process of the local stack for a while',
    next: ['oms up', 'oms simulate --shape steady'],
  });
}

export interface OutageOptions {
  of: OutageOf;
  lengthMs: number;
  lastsMs: number;
  /** Makes the target stand still; the answer lets it go on. */
  standStill: () => () => void;
}

/** Makes a process stand still in the middle of the run, and measures what that does to the orders. */
export class OutageMaker implements Companion {
  private readonly options: OutageOptions;
  private timer: NodeJS.Timeout | undefined;
  private goOn: (() => void) | undefined;
  private startedAt = 0;
  private beganAt: number | undefined;
  private endedAt: number | undefined;
  private acceptedAgainAt: number | undefined;
  private lastAcceptedAt = 0;
  private longestSilenceMs = 0;
  private failure: string | undefined;

  constructor(options: OutageOptions) {
    this.options = options;
  }

  start(): void {
    this.startedAt = performance.now();
    this.lastAcceptedAt = this.startedAt;
    this.timer = setTimeout(() => this.begin(), this.options.lengthMs * BEGINS);
  }

  settled({ outcome }: Settled): void {
    if (outcome !== 'accepted') return;
    const now = performance.now();
    this.longestSilenceMs = Math.max(this.longestSilenceMs, now - this.lastAcceptedAt);
    this.lastAcceptedAt = now;
    if (this.endedAt !== undefined) this.acceptedAgainAt ??= now;
  }

  async finish(): Promise<void> {
    clearTimeout(this.timer);
    this.end();
  }

  view(): ViewLine {
    const state = this.beganAt === undefined ? 'to come' : this.endedAt === undefined ? 'NOW' : 'over';
    return { label: 'outage', cells: [`${this.options.of} ${state}`] };
  }

  async report(): Promise<CompanionReport> {
    const { beganAt, endedAt, acceptedAgainAt: again } = this;
    const took = beganAt !== undefined && endedAt !== undefined;
    const threshold = { name: 'outage', wanted: 'once', got: this.failure ?? (took ? 'once' : 'none'), ok: took };
    const outage: Outage = {
      of: this.options.of,
      began_at_ms: (beganAt ?? this.startedAt) - this.startedAt,
      lasted_ms: took ? endedAt - beganAt : 0,
      accepted_again_ms: took && again !== undefined ? again - endedAt : null,
      longest_silence_ms: this.longestSilenceMs,
    };
    return { result: { outage }, thresholds: [threshold] };
  }

  private begin(): void {
    try {
      this.goOn = this.options.standStill();
      this.beganAt = performance.now();
      this.timer = setTimeout(() => this.end(), this.options.lastsMs);
    } catch (error) {
      this.failure = messageOf(error);
    }
  }

  private end(): void {
    if (!this.goOn) return;
    this.goOn();
    this.goOn = undefined;
    this.endedAt = performance.now();
  }
}
