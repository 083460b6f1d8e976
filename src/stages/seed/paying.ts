import { between, chance, logNormal, pick, type Random } from '../workload/random.ts';
import { ACTION_LIMIT_MS, cancel } from './journey.ts';
import type { Beginning, Story } from './story.ts';
import { CAPTURED_AT_ONCE, failuresOf, type Method, methodsIn } from './vocabulary.ts';

const FAILURE_SHARE = 0.13;
const MOST_ATTEMPTS = 3;
/** Customers that put a failed payment right; the others let the time run out. */
const PERSISTENT_SHARE = 0.75;
const MINUTE_MS = 60_000;

export interface Paid {
  at: number;
  /** Only authorised: cancelling gives it back without a refund. */
  voidable: boolean;
}

function succeed(story: Story, method: Method, at: number): Paid | undefined {
  const atOnce = CAPTURED_AT_ONCE.has(method);
  const happened = atOnce
    ? story.journey.go(at, 'payment.captured', 'immediate_capture')
    : story.journey.go(at, 'payment.authorized', 'current_attempt');
  if (!happened) return undefined;
  story.attempts.push({ method, status: 'succeeded', failureCode: null, at });
  return { at, voidable: !atOnce };
}

/** The order is reserved again: since when, and whether the same way to pay is tried. */
interface Retry {
  at: number;
  sameMethod: boolean;
}

/** @returns undefined when the customer has not put it right */
function waitForCustomer(random: Random, story: Story, from: number, isMfa: boolean): Retry | undefined {
  const { journey } = story;
  const at = from + Math.min(ACTION_LIMIT_MS - MINUTE_MS, logNormal(random, 4 * MINUTE_MS, 0.7));
  if (chance(random, PERSISTENT_SHARE)) {
    const again = isMfa
      ? journey.go(at, 'payment.mfa_completed', 'reason_mfa')
      : journey.go(at, 'payment.method_replaced', 'reason_payment');
    return again ? { at, sameMethod: isMfa || chance(random, 0.5) } : undefined;
  }
  const reason = isMfa ? 'mfa_timeout' : 'payment_declined';
  cancel(random, journey, from + ACTION_LIMIT_MS, 'order.timed_out', 'timer_current', reason);
  return undefined;
}

/** A failed try: asks for the second factor, for another way to pay, or gives up after the last. */
function fail(random: Random, story: Story, method: Method, at: number): Retry | undefined {
  const { journey, attempts } = story;
  if (!journey.hasHappened(at)) return undefined;
  const failureCode = pick(random, failuresOf(method));
  attempts.push({ method, status: 'failed', failureCode, at });
  if (attempts.length === MOST_ATTEMPTS) {
    cancel(random, journey, at, 'payment.declined', 'no_attempts_left', 'payment_declined');
    return undefined;
  }
  const isMfa = failureCode === '3ds_failed';
  if (isMfa) journey.go(at, 'payment.action_required', 'always', 'mfa');
  else journey.go(at, 'payment.declined', 'attempts_left', 'payment');
  return waitForCustomer(random, story, at, isMfa);
}

/** Up to three tries to pay, each within minutes of the stock being held. */
export function pay(random: Random, story: Story, beginning: Beginning, reservedAt: number): Paid | undefined {
  let { method } = beginning;
  let from = reservedAt;
  for (;;) {
    const at = from + between(random, 5_000, 150_000);
    if (!chance(random, FAILURE_SHARE)) return succeed(story, method, at);
    const retry = fail(random, story, method, at);
    if (!retry) return undefined;
    from = retry.at;
    if (!retry.sameMethod) method = pick(random, methodsIn(beginning.country));
  }
}
