import type { OrderApi } from '../../../adapters/http/order-api.ts';
import type { Reaction } from './reactions.ts';

/** What came of the requests of customers and staff. */
export interface ActionCounts {
  /** Taken by the order API. */
  done: number;
  /** Refused because the order had moved on. */
  refused: number;
  /** Never answered usefully. */
  failed: number;
}

/** Requests under way at once; more wait their turn. */
const MOST_UNDER_WAY = 32;
/** A minute in all: a database that was killed on a busy machine takes most of that to come back. */
const MOST_TRIES = 34;
const RETRY_MS = 250;
const MOST_RETRY_MS = 2_000;
/** The order has moved on, or the request no longer fits it: the way of things, not an error. */
const MOVED_ON = new Set([404, 409, 422]);

/** Makes the requests when they are due, each with one key however often it is sent. */
export class Actions {
  readonly counts = new Map<Reaction['action'], ActionCounts>();
  private readonly api: OrderApi;
  private readonly adminToken: string | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly queue: (() => Promise<void>)[] = [];
  private underWay = 0;
  private stopped = false;

  constructor(api: OrderApi, adminToken: string | undefined) {
    this.api = api;
    this.adminToken = adminToken;
  }

  /** Still to be made, or under way. */
  get open(): number {
    return this.timers.size + this.queue.length + this.underWay;
  }

  /** @param key names the request for good */
  schedule(reaction: Reaction, key: string, tries = 0): void {
    this.later(tries === 0 ? reaction.afterMs : Math.min(MOST_RETRY_MS, RETRY_MS * tries), () =>
      this.make(reaction, key, tries),
    );
  }

  /** Nothing is sent after this; what is under way runs out. */
  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.queue.length = 0;
  }

  private later(afterMs: number, work: () => Promise<void>): void {
    if (this.stopped) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.queue.push(work);
      this.pump();
    }, afterMs);
    this.timers.add(timer);
  }

  private pump(): void {
    while (this.underWay < MOST_UNDER_WAY) {
      const work = this.queue.shift();
      if (!work) return;
      this.underWay++;
      void work().finally(() => {
        this.underWay--;
        this.pump();
      });
    }
  }

  private async make(reaction: Reaction, key: string, tries: number): Promise<void> {
    const token = reaction.by === 'staff' ? this.adminToken : undefined;
    const status = await this.api
      .request({ method: 'POST', path: reaction.path, body: JSON.stringify(reaction.body), key, token })
      .then((answer) => answer.status)
      .catch(() => 0);
    if (status === 202) this.count(reaction, 'done');
    else if (MOVED_ON.has(status)) this.count(reaction, 'refused');
    else if (tries + 1 >= MOST_TRIES || (status >= 400 && status < 500)) this.count(reaction, 'failed');
    else this.schedule(reaction, key, tries + 1);
  }

  private count({ action }: Reaction, outcome: keyof ActionCounts): void {
    const counts = this.counts.get(action) ?? { done: 0, refused: 0, failed: 0 };
    counts[outcome]++;
    this.counts.set(action, counts);
  }
}
