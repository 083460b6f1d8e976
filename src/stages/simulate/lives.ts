import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal, ORDER_STATUSES } from '../../../lib/domain/order-machine.ts';
import { formatCount, formatDuration } from '../../ui/format.ts';
import type { Companion, CompanionReport, ViewLine } from './companion.ts';
import type { Customers } from './customers/customers.ts';
import type { Settled } from './load-generator.ts';
import type { OrderStory } from './order-source.ts';
import { OutcomeTally, readEnded } from './outcomes.ts';
import { type RunScope, readStatuses, type Statuses } from './run-orders.ts';

const POLL_MS = 400;
/** A look may take so much of the time at most, however many orders there are. */
const REST_PER_LOOK = 10;
/** A database that stood still for a while is looked at again soon. */
const LONGEST_REST_MS = 2_000;

export interface LivesOptions {
  /** Undefined: nobody answers, nobody sends back. */
  customers: Customers | undefined;
  storyOf: (n: number) => OrderStory | undefined;
  /** Whether the run waits for the end of every order. */
  untilDone: boolean;
  timeoutMs: number;
}

/** Follows the orders of a run through their lives, with their customers, until each has come to its end. */
export class Lives implements Companion {
  private readonly options: LivesOptions;
  private statuses: Statuses = new Map();
  private accepted = 0;
  private stopped = false;
  private looking: Promise<void> = Promise.resolve();
  private endedMs: number | undefined;

  constructor(options: LivesOptions) {
    this.options = options;
  }

  start(scope: RunScope): void {
    this.looking = this.poll(scope);
  }

  settled({ order, outcome }: Settled): void {
    if (outcome !== 'accepted') return;
    this.accepted++;
    this.options.customers?.accepted(order);
  }

  /** Waits for the end of every order where that was asked for. */
  async finish(end: AbortSignal): Promise<void> {
    const startMs = performance.now();
    while (this.options.untilDone && !end.aborted && !this.isOver()) await sleep(20);
    if (this.isOver()) this.endedMs = performance.now() - startMs;
    this.stopped = true;
    this.options.customers?.actions.stop();
    await this.looking;
  }

  view(): ViewLine {
    const cells = ORDER_STATUSES.flatMap((status) => {
      const orders = this.statuses.get(status);
      return orders ? [`${status.replace('_', ' ')} ${formatCount(orders)}`] : [];
    });
    return { label: 'status', cells: cells.length > 0 ? cells : ['none yet'] };
  }

  async report(scope: RunScope): Promise<CompanionReport> {
    const tally = new OutcomeTally(this.options.storyOf);
    for await (const page of readEnded(scope)) for (const order of page) tally.add(order);
    const customers = Object.fromEntries(this.options.customers?.actions.counts ?? []);
    const failed = Object.values(customers).reduce((sum, counts) => sum + counts.failed, 0);
    return {
      result: { outcomes: tally.outcomes, customers, ended_in_ms: this.endedMs ?? null },
      thresholds: [
        ...(this.options.untilDone ? [this.endedThreshold()] : []),
        { name: 'requests of customers failed', wanted: '0', got: formatCount(failed), ok: failed === 0 },
      ],
    };
  }

  private endedThreshold() {
    const open = formatCount(this.open);
    return {
      name: 'every order ended',
      wanted: `within ${formatDuration(this.options.timeoutMs)}`,
      got: this.endedMs === undefined ? `${open} still open` : `in ${formatDuration(this.endedMs)}`,
      ok: this.endedMs !== undefined,
    };
  }

  private get open(): number {
    let open = 0;
    for (const [status, orders] of this.statuses) if (!isFinal(status)) open += orders;
    return open;
  }

  private isOver(): boolean {
    let seen = 0;
    for (const orders of this.statuses.values()) seen += orders;
    return this.open === 0 && seen >= this.accepted;
  }

  private async poll(scope: RunScope): Promise<void> {
    while (!this.stopped) {
      const startMs = performance.now();
      try {
        await this.options.customers?.look(scope);
        this.statuses = await readStatuses(scope);
      } catch {
        // The database is away: StoredWatch says so, and the next look will find it or not.
      }
      const tookMs = performance.now() - startMs;
      const restMs = Math.min(Math.max(POLL_MS, tookMs * REST_PER_LOOK), LONGEST_REST_MS);
      const until = performance.now() + restMs;
      while (!this.stopped && performance.now() < until) await sleep(20);
    }
  }
}
