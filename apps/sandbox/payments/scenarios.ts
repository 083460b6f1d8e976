const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** How the stand-in provider behaves towards one kind of token. */
export interface Scenario {
  /** What the first `times` requests of an attempt to pay get. */
  refusal?: { code: string; soft: boolean; times: number };
  /** Asks for the second factor, until it was passed. */
  secondFactor?: true;
  /** How the answer to an authorisation travels once it is booked. */
  delivery?: 'slow' | 'never';
  /** So many captures of a payment fail first. */
  captureFailures?: number;
  /** When the customer answers a collect request, before the clocks are scaled; null: never. */
  collectAfterMs?: number | null;
  /** When the bank takes captured money back, before the clocks are scaled. */
  chargebackAfterMs?: number;
}

export const DEFAULT_COLLECT_MS = 20 * SECOND;

/** By the end of the token: `tok_soft` plays `soft`. Any other token, and none, is good. */
export const SCENARIOS: Record<string, Scenario> = {
  ok: {},
  decline_funds: { refusal: { code: 'insufficient_funds', soft: false, times: Infinity } },
  decline_stolen: { refusal: { code: 'stolen_card', soft: false, times: Infinity } },
  soft: { refusal: { code: 'issuer_unavailable', soft: true, times: 1 } },
  softer: { refusal: { code: 'try_again', soft: true, times: 3 } },
  mfa: { secondFactor: true },
  timeout_after_execute: { delivery: 'never' },
  slow: { delivery: 'slow' },
  capture_fails: { captureFailures: 1 },
  collect_slow: { collectAfterMs: 10 * MINUTE },
  collect_never: { collectAfterMs: null },
  chargeback: { chargebackAfterMs: 3 * DAY },
};

/** Longest first: `_collect_slow` ends in `_slow` as well. */
const NAMES = Object.keys(SCENARIOS).sort((a, b) => b.length - a.length);

export function scenarioNameOf(token: string | undefined): string {
  return NAMES.find((name) => token?.endsWith(`_${name}`)) ?? 'ok';
}
