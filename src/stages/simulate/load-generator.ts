import type { OrderApi } from '../../adapters/http/order-api.ts';
import { randomOf, STREAM } from '../workload/random.ts';
import type { Counts } from './counters.ts';
import type { Latency } from './latency.ts';
import type { OrderSource, PlannedOrder } from './order-source.ts';
import { type Outcome, readOutcome } from './outcome.ts';
import { Queue } from './queue.ts';
import { retryDelay } from './retries.ts';
import type { Schedule } from './schedule.ts';

/** Sent later than this after it was due, an order counts as late. */
const LATE_MS = 10;
/** Orders waiting to be posted again; what comes on top is left unknown, for memory has an end. */
const MOST_WAITING_RETRIES = 50_000;
const TICK_MS = 1;

/** What the generator tells of each order, once: the last it knows. */
export interface Settled {
  order: PlannedOrder;
  /** Milliseconds from the start of the run. */
  plannedMs: number;
  outcome: 'accepted' | 'failed' | 'unknown';
  totalMinor: number | null;
  reason?: string;
}

export interface LoadOptions {
  source: OrderSource;
  /** When orders are due; undefined sends the next as soon as one of `maxInFlight` is answered (a closed loop). */
  schedule: Schedule | undefined;
  api: OrderApi;
  maxInFlight: number;
  /**
   * An order that found no place for so long is given up as missed: a dead server costs a bounded delay. One that is late
   * because this process stood still has not waited yet.
   */
  patienceMs: number;
  counts: Counts;
  accepted: Latency;
  /** How often each reason was given, by reason. */
  reasons: Map<string, number>;
  onSettled: (settled: Settled) => void;
}

interface Attempt {
  n: number;
  plannedMs: number;
  /** When this process saw that it is due. */
  takenMs: number;
  /** Posts made so far. */
  posts: number;
}

/**
 * Sends orders when they are due, whether or not earlier ones were answered, and takes each latency from the moment the
 * order was due: a server that stands still shows in every order that was due meanwhile.
 */
export class LoadGenerator {
  private readonly options: LoadOptions;
  private readonly random = randomOf(Date.now(), STREAM.retries);
  private readonly due = new Queue<Attempt>();
  private readonly again = new Queue<Attempt>();
  private readonly resting = new Map<Attempt, NodeJS.Timeout>();
  private readonly underWay = new Set<Attempt>();
  private readonly sendingDone = Promise.withResolvers<void>();
  private quiet: PromiseWithResolvers<void> | undefined;
  private ticker: NodeJS.Timeout | undefined;
  private nextDueMs: number | undefined;
  private planned = 0;
  private closed = false;
  private startedAt = 0;
  /** Milliseconds from the start to the last first post. */
  lastIssuedMs = 0;

  constructor(options: LoadOptions) {
    this.options = options;
  }

  /** Milliseconds since the start; 0 before it. */
  get elapsedMs(): number {
    return this.startedAt > 0 ? performance.now() - this.startedAt : 0;
  }

  /** Posted and not answered, or waiting to be posted again. */
  get open(): number {
    return this.underWay.size + this.again.size + this.resting.size;
  }

  /** Sends everything that is planned; resolves when the last order has been posted or given up, or `signal` is set. */
  async send(signal: AbortSignal): Promise<void> {
    this.startedAt = performance.now();
    this.nextDueMs = this.options.schedule?.next();
    signal.addEventListener('abort', () => this.endSending(), { once: true });
    if (signal.aborted) this.endSending();
    else this.tick();
    await this.sendingDone.promise;
  }

  /** Waits until every posted order has its answer, or `end` is set; what is still open then becomes unknown. */
  async drain(end: AbortSignal): Promise<void> {
    const quiet = Promise.withResolvers<void>();
    this.quiet = quiet;
    end.addEventListener('abort', () => quiet.resolve(), { once: true });
    if (!end.aborted) this.settleQuiet();
    else quiet.resolve();
    await quiet.promise;
    this.closed = true;
    for (const timer of this.resting.values()) clearTimeout(timer);
    const left = [...this.underWay, ...this.again.drain(), ...this.resting.keys()];
    for (const attempt of left) this.report(attempt, { kind: 'unknown', reason: 'no answer in time' });
    this.resting.clear();
    this.underWay.clear();
  }

  private endSending(): void {
    clearTimeout(this.ticker);
    this.ticker = undefined;
    this.due.drain();
    this.nextDueMs = undefined;
    this.sendingDone.resolve();
  }

  private tick(): void {
    if (this.options.schedule) this.takeDue(this.options.schedule);
    else this.takeNext();
    this.giveUpOverdue();
    this.pump();
    if (this.nextDueMs === undefined && this.due.size === 0 && this.isPlanned()) this.endSending();
    else this.ticker = setTimeout(() => this.tick(), TICK_MS);
  }

  /** Whether every order of the source has been taken: an open loop is over when its schedule is. */
  private isPlanned(): boolean {
    return this.options.schedule !== undefined || this.planned >= this.options.source.size!;
  }

  private takeDue(schedule: Schedule): void {
    const now = this.elapsedMs;
    while (this.nextDueMs !== undefined && this.nextDueMs <= now) {
      this.plan(this.nextDueMs, now);
      this.nextDueMs = schedule.next();
    }
  }

  /** The closed loop: orders that rest before their next post hold their place, so that trouble slows it down. */
  private takeNext(): void {
    const { source, maxInFlight } = this.options;
    while (this.open + this.due.size < maxInFlight && this.planned < source.size!) this.plan(this.elapsedMs);
  }

  private plan(plannedMs: number, takenMs = plannedMs): void {
    this.due.push({ n: this.planned++, plannedMs, takenMs, posts: 0 });
    this.options.counts.asked++;
  }

  /** Posts what may be posted: first what is due for the first time, then repetitions. */
  private pump(): void {
    while (this.underWay.size < this.options.maxInFlight) {
      const attempt = this.due.shift() ?? this.again.shift();
      if (!attempt) return;
      this.post(attempt);
    }
  }

  private giveUpOverdue(): void {
    const oldestMs = this.elapsedMs - this.options.patienceMs;
    while ((this.due.first?.takenMs ?? oldestMs) < oldestMs) {
      this.due.shift();
      this.options.counts.missed++;
    }
  }

  private post(attempt: Attempt): void {
    const { counts, source, api } = this.options;
    if (attempt.posts++ > 0) counts.resent++;
    else {
      counts.issued++;
      this.lastIssuedMs = this.elapsedMs;
      if (this.lastIssuedMs - attempt.plannedMs > LATE_MS) counts.late++;
    }
    const order = source.order(attempt.n);
    this.underWay.add(attempt);
    api.post(order, (result) => this.answered(attempt, order, readOutcome(result, order.orderId)));
  }

  private answered(attempt: Attempt, order: PlannedOrder, outcome: Outcome): void {
    if (!this.underWay.delete(attempt) || this.closed) return;
    if (outcome.kind === 'again') this.rest(attempt, outcome.reason, outcome.afterMs);
    else this.report(attempt, outcome, order);
    if (this.ticker && !this.options.schedule) this.takeNext();
    this.pump();
    this.settleQuiet();
  }

  private rest(attempt: Attempt, reason: string, afterMs: number | undefined): void {
    this.count(reason);
    if (this.resting.size + this.again.size >= MOST_WAITING_RETRIES) {
      this.report(attempt, { kind: 'unknown', reason });
      return;
    }
    const timer = setTimeout(
      () => {
        this.resting.delete(attempt);
        this.again.push(attempt);
        this.pump();
      },
      retryDelay(attempt.posts, afterMs, this.random),
    );
    this.resting.set(attempt, timer);
  }

  private report(
    attempt: Attempt,
    outcome: Exclude<Outcome, { kind: 'again' }> | { kind: 'unknown'; reason: string },
    order = this.options.source.order(attempt.n),
  ): void {
    const { counts, accepted, onSettled } = this.options;
    counts[outcome.kind]++;
    const settled = { order, plannedMs: attempt.plannedMs, outcome: outcome.kind };
    if (outcome.kind === 'accepted') {
      accepted.record(this.elapsedMs - attempt.plannedMs);
      if (outcome.replayed) counts.replayed++;
      onSettled({ ...settled, totalMinor: outcome.totalMinor });
    } else {
      if (outcome.kind === 'failed') this.count(outcome.reason);
      onSettled({ ...settled, totalMinor: null, reason: outcome.reason });
    }
  }

  private count(reason: string): void {
    this.options.reasons.set(reason, (this.options.reasons.get(reason) ?? 0) + 1);
  }

  private settleQuiet(): void {
    if (this.open === 0) this.quiet?.resolve();
  }
}
