import type { OrderLine } from '../../../lib/domain/order-events.ts';
import { between, chance, logNormal, pick, type Random, wholeBetween } from '../workload/random.ts';
import { RETURN_WINDOW_MS } from './journey.ts';
import type { Beginning, Story } from './story.ts';
import { REFUND_REASONS, RESALABLE } from './vocabulary.ts';

const DAY_MS = 24 * 3_600_000;
const RETURN_SHARE = 0.08;
const WHOLE_ORDER_SHARE = 0.2;
/** Of what comes back from parcels that were late, what comes back for that. */
const BLAMED_ON_DELAY = 0.5;
/** Asked for, sent back and checked within the return window, so that the order can be completed at its end. */
const LATEST_REQUEST_MS = 20 * DAY_MS;
const LONGEST_HANDLING_DAYS = 9;

/** What was paid for a line: after the discount, with its tax. */
const paidFor = (line: OrderLine) => line.unit_minor * line.quantity - line.discount_minor + line.tax_minor;

function reasonOf(random: Random, story: Story): string {
  const late = story.parcels.some((parcel) => (parcel.deliveredAt ?? 0) > parcel.promisedAt);
  return late && chance(random, BLAMED_ON_DELAY) ? 'late_delivery' : pick(random, REFUND_REASONS);
}

function chooseLines(random: Random, lines: readonly OrderLine[]): readonly OrderLine[] {
  if (chance(random, WHOLE_ORDER_SHARE)) return lines;
  return [lines[wholeBetween(random, 0, lines.length - 1)]!];
}

/** Some of the delivered orders come back, in part or as a whole; the rest is completed when the window closes. */
export function takeBack(random: Random, story: Story, beginning: Beginning, deliveredAt: number): void {
  const { journey } = story;
  if (chance(random, RETURN_SHARE)) {
    const requestedAt = deliveredAt + Math.min(LATEST_REQUEST_MS, logNormal(random, 5 * DAY_MS, 0.7));
    const completedAt = requestedAt + between(random, 2, LONGEST_HANDLING_DAYS) * DAY_MS;
    if (!journey.hasHappened(requestedAt)) return;
    const { lines, shipping_minor: fee } = beginning.quote;
    const returned = chooseLines(random, lines);
    const isWhole = returned.length === lines.length;
    addRefunds(story, reasonOf(random, story), returned, isWhole ? fee : 0, requestedAt, completedAt);
    if (isWhole) {
      closeReturned(random, story, completedAt);
      return;
    }
  }
  journey.go(deliveredAt + RETURN_WINDOW_MS, 'return_window.closed', 'nothing_open');
}

function addRefunds(
  story: Story,
  reason: string,
  lines: readonly OrderLine[],
  fee: number,
  requestedAt: number,
  completedAt: number,
): void {
  const done = story.journey.hasHappened(completedAt);
  const shared = {
    reason,
    status: done ? ('completed' as const) : ('requested' as const),
    requestedAt,
    completedAt: done ? completedAt : null,
  };
  for (const line of lines) {
    const restocked = done && RESALABLE.has(reason);
    story.refunds.push({ ...shared, line, amountMinor: paidFor(line), restocked });
  }
  if (fee > 0) story.refunds.push({ ...shared, line: null, amountMinor: fee, restocked: false });
}

function closeReturned(random: Random, story: Story, at: number): void {
  if (!story.journey.go(at, 'return.refunded', 'everything_back', 'returned')) return;
  story.journey.go(at + between(random, 500, 4_000), 'settled', 'close_as_returned', 'returned');
}
