import type { PARCEL_FATES } from '../../../lib/domain/fields.ts';
import { between, chance, pick, type Random, randomOf, STREAM } from '../workload/random.ts';
import type { Mix } from './mix.ts';

/** What the stand-in payment provider does, as the ending of the token says. */
export const PAYMENT_FATES = [
  'ok',
  'soft',
  'softer',
  'decline_funds',
  'decline_stolen',
  'mfa',
  'timeout_after_execute',
  'capture_fails',
] as const;
export type PaymentFate = (typeof PAYMENT_FATES)[number];
export type ParcelFate = (typeof PARCEL_FATES)[number];

/** What is meant to become of one order: the truth that the outcome is measured against. */
export interface Fate {
  payment: PaymentFate;
  parcel: ParcelFate;
  /** When the customer wants out, in milliseconds from the answer of the order API. */
  cancelAfterMs: number | null;
  /** What comes back after delivery. */
  returns: 'everything' | 'a part' | null;
  /** How long the customer takes for an answer, in milliseconds; null: never answers. */
  answersAfterMs: number | null;
  amends: boolean;
}

/** Of the declined: soft and saved by a later try, soft for good, hard. */
const DECLINES = [
  ['soft', 40],
  ['softer', 10],
  ['decline_funds', 35],
  ['decline_stolen', 15],
] as const satisfies readonly (readonly [PaymentFate, number])[];

const SHARE_OF_WHOLE_RETURNS = 0.5;
const SOONEST_ANSWER_MS = 200;
const LATEST_ANSWER_MS = 2_000;
/** From before the order is stored until after it is delivered, each tenfold of time alike. */
const SOONEST_CANCEL_MS = 5;
const LATEST_CANCEL_MS = 10_000;

function drawPayment(random: Random, mix: Mix): PaymentFate {
  const { declines = 0, mfa = 0, timeouts = 0, 'capture-failures': captures = 0 } = mix;
  const fate = pick(random, [
    ['declines', declines],
    ['mfa', mfa],
    ['timeout_after_execute', timeouts],
    ['capture_fails', captures],
    ['ok', 100 - declines - mfa - timeouts - captures],
  ] as const);
  return fate === 'declines' ? pick(random, DECLINES) : fate;
}

function drawParcel(random: Random, mix: Mix): ParcelFate {
  const { lost = 0, 'failed-delivery': failed = 0, undeliverable = 0 } = mix;
  return pick(random, [
    ['lost', lost],
    ['failed_once', failed],
    ['returned_to_sender', undeliverable],
    ['delivered', 100 - lost - failed - undeliverable],
  ] as const);
}

const percent = (random: Random, share = 0) => chance(random, share / 100);

const logBetween = (random: Random, low: number, high: number) =>
  Math.round(low * Math.exp(random() * Math.log(high / low)));

/** What becomes of order n; depends on seed, n and mix alone. */
export function fateOf(seed: number, n: number, mix: Mix): Fate {
  const random = randomOf(seed, STREAM.fate, n);
  return {
    payment: drawPayment(random, mix),
    parcel: drawParcel(random, mix),
    cancelAfterMs: percent(random, mix.cancels) ? logBetween(random, SOONEST_CANCEL_MS, LATEST_CANCEL_MS) : null,
    returns: percent(random, mix.returns) ? (chance(random, SHARE_OF_WHOLE_RETURNS) ? 'everything' : 'a part') : null,
    answersAfterMs: percent(random, mix.silent)
      ? null
      : Math.round(between(random, SOONEST_ANSWER_MS, LATEST_ANSWER_MS)),
    amends: percent(random, mix.amends),
  };
}

/** Methods without an authorisation of their own know neither a second factor nor a capture that fails. */
export const NEEDS_CARD: ReadonlySet<PaymentFate> = new Set(['mfa', 'capture_fails', 'soft', 'softer']);

/** Whoever means harm takes the goods and stays: no change of mind, nothing sent back. */
export const asFraud = (fate: Fate): Fate => ({ ...fate, cancelAfterMs: null, returns: null });

/** A token whose ending tells the stand-in provider what to do; `given` is the buyer's own. */
export const tokenOf = (given: string | undefined, seed: number, n: number, fate: PaymentFate): string =>
  `${given ?? `tok_${seed}_${n}`}_${fate}`;
