import { SIGNATURE_TOLERANCE_S } from '../../../lib/integration/webhook-signature.ts';

/** A signature is good from so long before its time to so long after: afterwards its age refuses it. */
const KEEP_MS = 2 * SIGNATURE_TOLERANCE_S * 1_000;

/**
 * The signatures of webhooks that were taken, as long as they would still be good. Who can sign is known, so their
 * number is bounded by what providers send in ten minutes.
 */
export class SeenSignatures {
  /** Oldest first. */
  readonly #seen = new Map<string, number>();

  /** @returns false when it was seen before */
  claim(mac: string, nowMs: number): boolean {
    this.#forget(nowMs);
    if (this.#seen.has(mac)) return false;
    this.#seen.set(mac, nowMs);
    return true;
  }

  /** What it signed was not taken: it may come again. */
  release(mac: string): void {
    this.#seen.delete(mac);
  }

  #forget(nowMs: number): void {
    for (const [mac, at] of this.#seen) {
      if (nowMs - at <= KEEP_MS) return;
      this.#seen.delete(mac);
    }
  }
}
