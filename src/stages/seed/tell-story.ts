import { between, chance, logNormal, type Random } from '../workload/random.ts';
import { fulfil } from './fulfilment.ts';
import { cancel, Journey } from './journey.ts';
import { pay } from './paying.ts';
import { takeBack } from './returns.ts';
import type { Beginning, Story } from './story.ts';

const HOUR_MS = 3_600_000;

/** Orders whose score is in the upper quarter; see {@link judge}. */
const FLAGGED_SHARE = 0.025;
const BLOCKED_OF_FLAGGED = 0.35;
/** Orders above this are looked at by a person, even when they are not flagged. */
const REVIEW_SCORE = 40;
const APPROVED_OF_FLAGGED = 0.45;
const APPROVED_OF_OTHERS = 0.93;
const SHORT_OF_STOCK_SHARE = 0.006;
const HASTY_CANCEL_SHARE = 0.02;
const LATE_CANCEL_SHARE = 0.025;

/** 0 to 100 with two digits: most orders are low, the flagged ones above 75. */
function judge(random: Random): { fraudScore: number; fraudFlag: boolean } {
  const fraudFlag = chance(random, FLAGGED_SHARE);
  const score = fraudFlag ? between(random, 75, 100) : Math.min(74, logNormal(random, 8, 0.9));
  return { fraudScore: Math.round(score * 100) / 100, fraudFlag };
}

function review(random: Random, story: Story, from: number): number | undefined {
  const { journey, fraudFlag } = story;
  journey.go(from, 'decide', 'risk_review', 'fraud_suspected');
  const at = from + between(random, 4, 44) * HOUR_MS;
  if (!chance(random, fraudFlag ? APPROVED_OF_FLAGGED : APPROVED_OF_OTHERS)) {
    cancel(random, journey, at, 'review.rejected', 'always', 'fraud');
    return undefined;
  }
  return journey.go(at, 'review.approved', 'stock_ok') ? at : undefined;
}

function runShort(random: Random, journey: Journey, from: number, policy: 'amend' | 'cancel'): number | undefined {
  if (policy === 'cancel') {
    cancel(random, journey, from, 'decide', 'stock_short_cancel', 'out_of_stock');
    return undefined;
  }
  journey.go(from, 'decide', 'stock_short_amend', 'stock');
  const amendedAt = from + logNormal(random, 0.15 * HOUR_MS, 0.8);
  const dueAt = journey.dueAt!;
  if (amendedAt < dueAt) return journey.go(amendedAt, 'order.amended', 'stock_ok') ? amendedAt : undefined;
  cancel(random, journey, dueAt, 'order.timed_out', 'timer_current', 'timeout');
  return undefined;
}

/** @returns when the order held its stock, or undefined when it never has so far */
function decide(random: Random, journey: Journey, story: Story, beginning: Beginning): number | undefined {
  const { storedAt: at } = beginning;
  journey.go(at, 'order.placed', 'valid');
  if (story.fraudFlag && chance(random, BLOCKED_OF_FLAGGED)) {
    cancel(random, journey, at, 'decide', 'risk_block', 'fraud');
    return undefined;
  }
  if (story.fraudScore > REVIEW_SCORE) return review(random, story, at);
  if (chance(random, SHORT_OF_STOCK_SHARE)) return runShort(random, journey, at, beginning.stockPolicy);
  return journey.go(at, 'decide', 'stock_ok') ? at : undefined;
}

/** A customer who changes their mind while the parcel is not made; the authorisation is given back. */
function cancelConfirmed(random: Random, story: Story, confirmedAt: number): void {
  const at = confirmedAt + between(random, 0.1, 1.9) * HOUR_MS;
  cancel(random, story.journey, at, 'order.cancel_requested', 'always', 'customer');
  if (story.journey.status === 'cancelled') story.attempts.at(-1)!.status = 'voided';
}

/** Tells an order from its placing to its end, or to where it stands now. */
export function tellStory(random: Random, beginning: Beginning): Story {
  const journey = new Journey(beginning.until);
  const story: Story = { journey, ...judge(random), attempts: [], parcels: [], refunds: [] };
  const reservedAt = decide(random, journey, story, beginning);
  if (reservedAt === undefined) return story;
  if (chance(random, HASTY_CANCEL_SHARE)) {
    const at = reservedAt + between(random, 2_000, 20_000);
    cancel(random, journey, at, 'order.cancel_requested', 'always', 'customer');
    return story;
  }
  const paid = pay(random, story, beginning, reservedAt);
  if (!paid) return story;
  if (paid.voidable && chance(random, LATE_CANCEL_SHARE)) {
    cancelConfirmed(random, story, paid.at);
    return story;
  }
  const deliveredAt = fulfil(random, story, beginning, paid.at);
  if (deliveredAt !== undefined) takeBack(random, story, beginning, deliveredAt);
  return story;
}
