/** So many failures in a row, and no answer for so long, and calling stops: a few that are cut at once are no outage. */
const FAILURES_TO_OPEN = 10;
const SILENCE_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Stops calling who does not answer, and lets one request through now and then to see whether they are back.
 * Without it, requests that hang until their deadline take the places of those to everybody else.
 */
export class Circuit {
  #failures = 0;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #pauseMs = FIRST_PAUSE_MS;
  /** When the next request may try; 0 while closed. */
  #probeAt = 0;
  #probing = false;

  get isOpen(): boolean {
    return this.#probeAt > 0;
  }

  /** Whether a request may go now. While open, the one that may is the probe; the next waits as long as for its outcome. */
  admits(nowMs: number): boolean {
    if (!this.isOpen) return true;
    if (nowMs < this.#probeAt) return false;
    this.#probeAt = nowMs + this.#pauseMs;
    this.#probing = true;
    return true;
  }

  /** How long until a request may try again, at least. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#probeAt - nowMs);
  }

  /** @returns whether this closed it */
  succeeded(nowMs: number): boolean {
    const wasOpen = this.isOpen;
    this.#answeredAt = nowMs;
    this.#failures = 0;
    this.#probeAt = 0;
    this.#probing = false;
    this.#pauseMs = FIRST_PAUSE_MS;
    return wasOpen;
  }

  /** @returns whether this opened it */
  failed(nowMs: number): boolean {
    this.#failures += 1;
    if (this.isOpen) {
      // Those that were under way when it opened say nothing new.
      if (this.#probing) this.#waitLonger(nowMs);
      return false;
    }
    if (this.#failures < FAILURES_TO_OPEN || nowMs - this.#answeredAt < SILENCE_MS) return false;
    this.#probeAt = nowMs + this.#pauseMs;
    return true;
  }

  #waitLonger(nowMs: number): void {
    this.#probing = false;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
    this.#probeAt = nowMs + this.#pauseMs;
  }
}
