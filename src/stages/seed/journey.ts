import { nextStatus, type OrderStatus } from '../../../lib/domain/order-machine.ts';
import { between, type Random } from '../workload/random.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long an order may stay in a status before something has to happen; final ones have no limit. */
const TIMER_MS: Partial<Record<OrderStatus, number>> = {
  received: MINUTE_MS,
  review: 48 * HOUR_MS,
  action_required: 30 * MINUTE_MS,
  reserved: 15 * MINUTE_MS,
  confirmed: 24 * HOUR_MS,
  fulfilling: 48 * HOUR_MS,
  partially_shipped: 7 * DAY_MS,
  shipped: 30 * DAY_MS,
  delivered: 30 * DAY_MS,
  closing: HOUR_MS,
};

/** How long customers may take to put a failed payment right. */
export const ACTION_LIMIT_MS = TIMER_MS.action_required!;
export const RETURN_WINDOW_MS = TIMER_MS.delivered!;

/** One step of an order, as order_history keeps it. */
export interface Step {
  trigger: string;
  from: OrderStatus | null;
  to: OrderStatus;
  reason: string | null;
  at: number;
}

/** The steps of one order up to now. What would come later has not happened yet, so that age and status always fit. */
export class Journey {
  readonly steps: Step[] = [];
  readonly until: number;

  /** @param until now, in milliseconds since 1970 */
  constructor(until: number) {
    this.until = until;
  }

  get status(): OrderStatus | null {
    return this.steps.at(-1)?.to ?? null;
  }

  get reason(): string | null {
    return this.steps.at(-1)?.reason ?? null;
  }

  /** When the order has to have left its status. */
  get dueAt(): number | null {
    const last = this.steps.at(-1);
    const timer = last && TIMER_MS[last.to];
    return timer === undefined ? null : last!.at + timer;
  }

  hasHappened(at: number): boolean {
    return at <= this.until;
  }

  hasBeen(status: OrderStatus): boolean {
    return this.steps.some((step) => step.to === status);
  }

  /**
   * Records a step, unless it lies in the future.
   * @returns whether it has happened; the story ends where it has not
   * @throws {RangeError} when the order machine has no such step
   */
  go(at: number, trigger: string, when: string, reason: string | null = null): boolean {
    if (!this.hasHappened(at)) return false;
    const from = this.status;
    this.steps.push({ trigger, from, to: nextStatus(from, trigger, when), reason, at: Math.floor(at) });
    return true;
  }
}

/** Closes the order; what is owed (stock, authorisation) is settled moments later. */
export function cancel(
  random: Random,
  journey: Journey,
  at: number,
  trigger: string,
  when: string,
  reason: string,
): void {
  if (!journey.go(at, trigger, when, reason)) return;
  journey.go(at + between(random, 500, 4_000), 'settled', 'close_as_cancelled', reason);
}
