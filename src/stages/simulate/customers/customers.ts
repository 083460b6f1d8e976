import type { PlannedOrder } from '../order-source.ts';
import { type RunScope, readLines, readWaiting, type WaitingOrder } from '../run-orders.ts';
import type { Workload } from '../workload.ts';
import type { Actions } from './actions.ts';
import { cancelling, needsLines, reactionTo } from './reactions.ts';

/** Rows of a later moment may be committed before those of an earlier one, by less than this. */
const COMMIT_SLACK_MS = 5_000;
/** Every so many looks all orders that wait are read, not only those that came lately. */
const WHOLE_LOOK_EVERY = 20;

/**
 * The people around the orders of a run: customers who cancel, answer or stay silent, send back, and the staff that
 * looks at orders held for review. They act through the order API and learn of their orders from the database.
 */
export class Customers {
  readonly actions: Actions;
  private readonly workload: Workload;
  private readonly hasStaff: boolean;
  /** Number and version of every order that was reacted to. */
  private readonly seen = new Set<string>();
  private latest = 0;
  private looks = 0;

  constructor(parts: { workload: Workload; actions: Actions; hasStaff: boolean }) {
    this.workload = parts.workload;
    this.actions = parts.actions;
    this.hasStaff = parts.hasStaff;
  }

  /** An order was taken: its customer may want out at a moment of their own. */
  accepted(order: PlannedOrder): void {
    const after = this.workload.story(order.n)?.fate.cancelAfterMs;
    if (after === undefined || after === null) return;
    this.actions.schedule(cancelling(order, after), `${order.key}-cancel`);
  }

  /** Looks for orders that wait for somebody, and has each reacted to once. */
  async look(scope: RunScope): Promise<void> {
    const isWhole = this.looks++ % WHOLE_LOOK_EVERY === 0;
    const since = new Date(isWhole ? 0 : this.latest - COMMIT_SLACK_MS);
    for await (const page of readWaiting(scope, since)) {
      for (const order of page) this.latest = Math.max(this.latest, order.since.getTime());
      await this.react(
        scope,
        page.filter((order) => this.isNew(order)),
      );
    }
  }

  private isNew({ n, version, status }: WaitingOrder): boolean {
    if (status === 'review' && !this.hasStaff) return false;
    const name = `${n}:${version}`;
    if (this.seen.has(name)) return false;
    this.seen.add(name);
    return true;
  }

  private async react(scope: RunScope, orders: readonly WaitingOrder[]): Promise<void> {
    const told = orders.flatMap((order) => {
      const story = this.workload.story(order.n);
      return story ? [{ order, story }] : [];
    });
    const wanted = told.filter(({ order, story }) => needsLines(order, story)).map(({ order }) => order.seq);
    const lines = await readLines(scope.pool, wanted);
    for (const { order, story } of told) {
      const reaction = reactionTo(order, story, lines.get(order.seq) ?? []);
      if (!reaction) continue;
      this.actions.schedule(reaction, `${scope.keyPrefix}${order.n}-${reaction.action}-${order.version}`);
    }
  }
}
