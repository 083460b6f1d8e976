import { type ExternalOp, opKey } from '../../../lib/process/external-op.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import type { EventSender } from '../../../lib/streaming/batching-sender.ts';
import { toMessage } from '../../../lib/streaming/cloud-event-message.ts';
import { answerEvent } from './answer-event.ts';
import type { OpRows } from './op-rows.ts';
import type { OutsideMetrics } from './outside-metrics.ts';
import type { Peer, Peers } from './peers.ts';
import { type Answer, type Outcome, OutcomeUnknownError, PENDING, UnavailableError } from './performer.ts';
import { RecentKeys } from './recent-keys.ts';
import { retryDelayMs } from './retry-ladder.ts';

/** A request that was committed, and is to be done now. */
export interface HandedOp {
  /** The order's number in the database. */
  seq: number;
  orderId: string;
  op: ExternalOp;
}

interface Job extends HandedOp {
  key: string;
  /** How often it was sent before, as far as the database knows. */
  tries: number;
}

export interface OpWorkerDependencies {
  peers: Peers;
  rows: Pick<OpRows, 'write'>;
  /** Sends to the hub that orders arrive on. */
  sender: EventSender;
  metrics: OutsideMetrics;
  logger: Logger;
}

/**
 * Requests under way at once. A stand-in that answers in 20 ms needs 30 for 1,500 a second; the rest is for those that
 * hang until their deadline.
 */
const CONCURRENCY = 192;
/** What comes on top of this is left to the database, where it is due as well. */
const MAX_WAITING = 10_000;
/** What is due later than this is left to the database. */
const NEAR_MS = 5_000;
/**
 * Longer than an answer takes from the provider over the hub to its commit, with a backlog as well: what is asked for
 * once more meanwhile makes a backlog longer by both the request and the event.
 */
const ANSWERED_SPAN_MS = 60_000;
/** A label that was asked for so often in vain is asked of another carrier. */
const TRIES_BEFORE_INSTEAD = 3;
/** How long a request waits for which nobody is registered: until somebody changes the configuration. */
const NOBODY_MS = 300_000;
/** Those who waited for a circuit do not come back together. */
const SPREAD_MS = 1_000;
/** How long a stop waits for answers that are on their way. */
const STOP_GRACE_MS = 2_000;

/**
 * Does what was asked of the world outside, after the commit that asked for it, and publishes the answers. Without a
 * word to the database as long as all goes well: the event that carries the answer settles the row.
 */
export class OpWorker {
  readonly #deps: OpWorkerDependencies;
  readonly #stopping = new AbortController();
  readonly #waiting: Job[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Keys in memory: waiting for a place or for their time, under way, or on their way into the hub. */
  readonly #held = new Set<string>();
  readonly #answered = new RecentKeys(ANSWERED_SPAN_MS);
  readonly #underWay = new Set<Promise<void>>();
  #performing = 0;
  #stopped = false;

  constructor(deps: OpWorkerDependencies) {
    this.#deps = deps;
  }

  /** How many more requests are taken before the rest is left to the database. */
  get room(): number {
    return this.#stopped ? 0 : Math.max(0, MAX_WAITING - this.#waiting.length - this.#timers.size);
  }

  /** Takes requests that have just been committed. What there is no room for, or no hurry, is found in the database. */
  take(ops: readonly HandedOp[]): void {
    const now = Date.now();
    for (const handed of ops) {
      const wait = handed.op.dueAt - now;
      if (wait <= NEAR_MS) this.#admit({ ...handed, key: keyOf(handed), tries: 0 }, wait);
    }
    this.#fill();
  }

  /** Takes a request that was found waiting in the database. */
  retry(handed: HandedOp, tries: number): void {
    this.#admit({ ...handed, key: keyOf(handed), tries }, 0);
    this.#fill();
  }

  /** Whether the request is in hand: what becomes of its row is written here, and nowhere else. */
  holds(key: string): boolean {
    return this.#held.has(key);
  }

  /** Whether the request was answered a moment ago, so that its answer is on its way to the order. */
  hasAnswered(key: string): boolean {
    return this.#answered.has(key, Date.now());
  }

  /** Starts nothing more, waits a little for what is under way; what is cut off is done again by the next owner. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const cut = setTimeout(() => this.#stopping.abort(), STOP_GRACE_MS);
    await Promise.all(this.#underWay);
    clearTimeout(cut);
  }

  #admit(job: Job, waitMs: number): void {
    if (this.room === 0 || this.holds(job.key) || this.hasAnswered(job.key)) return;
    this.#held.add(job.key);
    if (waitMs <= 0) {
      this.#waiting.push(job);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#waiting.push(job);
      this.#fill();
    }, waitMs);
    this.#timers.add(timer);
  }

  #fill(): void {
    while (!this.#stopped && this.#performing < CONCURRENCY) {
      const job = this.#waiting.shift();
      if (!job) break;
      const work = this.#work(job).finally(() => {
        this.#held.delete(job.key);
        this.#underWay.delete(work);
      });
      this.#underWay.add(work);
    }
    this.#deps.metrics.waiting.set(this.#waiting.length + this.#timers.size);
  }

  async #work(job: Job): Promise<void> {
    const peer = this.#deps.peers.for(job.op);
    if (!peer) return this.#postpone(job, NOBODY_MS, `nobody is registered for ${job.op.kind}`);
    const now = Date.now();
    if (!peer.circuit.admits(now)) return this.#turnAway(job, peer, peer.circuit.waitMs(now));

    const start = performance.now();
    this.#performing += 1;
    const result = await this.#perform(job, peer);
    this.#performing -= 1;
    this.#deps.metrics.requestSeconds.observe({ peer: peer.performer.name }, (performance.now() - start) / 1_000);
    // The place is free while the answer is published.
    this.#fill();
    await (result instanceof Error ? this.#failed(job, peer, result) : this.#settle(job, peer, result));
  }

  async #perform({ op, key }: Job, peer: Peer): Promise<Outcome | Error> {
    try {
      return await peer.performer.perform(op, key, this.#stopping.signal);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #settle(job: Job, peer: Peer, outcome: Outcome): Promise<void> {
    this.#deps.peers.answered(peer);
    if (outcome === PENDING) {
      this.#count(job, peer, 'pending');
      return this.#again(job, null);
    }
    if (outcome === null || 'note' in outcome) {
      this.#count(job, peer, 'done');
      this.#answered.add(job.key, Date.now());
      return this.#write(job, job.tries + 1, null, null, outcome?.note);
    }
    this.#count(job, peer, 'answered');
    await this.#publish(job, peer, outcome);
  }

  async #failed(job: Job, peer: Peer, error: Error): Promise<void> {
    const { peers, logger } = this.#deps;
    this.#count(job, peer, 'unknown');
    if (!(error instanceof OutcomeUnknownError)) logger.error({ err: error, key: job.key }, 'an adapter failed');
    // Who answers with nonsense is there; who does not answer when this process stops may be as well.
    if (error instanceof UnavailableError) peers.failed(peer, error);
    const untouched = error instanceof UnavailableError && error.untouched;
    const inVain = job.tries + 1 >= TRIES_BEFORE_INSTEAD && !this.#stopping.signal.aborted;
    if (untouched || inVain) {
      const instead = peer.performer.instead?.(job.op, job.key);
      if (instead) return this.#publish(job, peer, instead);
    }
    return this.#again(job, error.message);
  }

  /** The circuit is open: another can be asked at once, or the request waits without counting as a try. */
  async #turnAway(job: Job, peer: Peer, waitMs: number): Promise<void> {
    this.#count(job, peer, 'held_back');
    const instead = peer.performer.instead?.(job.op, job.key);
    if (instead) return this.#publish(job, peer, instead);
    return this.#postpone(job, waitMs + Math.random() * SPREAD_MS, `${peer.performer.name} does not answer`);
  }

  /** An answer that the hub does not take is asked for again: the provider gives the same one. */
  async #publish(job: Job, peer: Peer, answer: Answer): Promise<void> {
    try {
      await this.#deps.sender.send(toMessage(answerEvent(job.op, job.key, peer.source, answer)));
      this.#answered.add(job.key, Date.now());
    } catch (error) {
      await this.#again(job, error instanceof Error ? error.message : String(error));
    }
  }

  #again(job: Job, lastError: string | null): Promise<void> {
    const tries = job.tries + 1;
    const timeScale = job.op.request.simulation?.time_scale;
    return this.#write(job, tries, Date.now() + retryDelayMs(tries, timeScale), lastError);
  }

  #postpone(job: Job, waitMs: number, lastError: string): Promise<void> {
    return this.#write(job, job.tries, Date.now() + waitMs, lastError);
  }

  #write(job: Job, tries: number, dueAt: number | null, lastError: string | null, answer?: string): Promise<void> {
    const { kind, no } = job.op;
    return this.#deps.rows.write({ seq: job.seq, kind, no, tries, dueAt, lastError, ...(answer && { answer }) });
  }

  #count(job: Job, peer: Peer, outcome: string): void {
    this.#deps.metrics.requests.inc({ peer: peer.performer.name, kind: job.op.kind, outcome });
  }
}

const keyOf = ({ orderId, op }: HandedOp): string => opKey(orderId, op.kind, op.no);
