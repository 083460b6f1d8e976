export interface AllowanceLimits {
  /** At the same time. */
  concurrent: number;
  /** In the long run; as many at once after a pause. */
  perMinute: number;
  /** Milliseconds that only go up. */
  now: () => number;
}

/** Four connections are few beside those that take orders; nobody reads more than an answer a second. */
const LIMITS: AllowanceLimits = { concurrent: 4, perMinute: 60, now: () => performance.now() };

/** How much may be asked: so many at a time, so many a minute. */
export class Allowance {
  readonly #limits: AllowanceLimits;
  #running = 0;
  #left: number;
  #at: number;

  constructor(limits: Partial<AllowanceLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
    this.#left = this.#limits.perMinute;
    this.#at = this.#limits.now();
  }

  /**
   * Takes one, to be given back by `done`.
   * @returns after how many seconds there may be one; undefined when it was taken
   */
  take(): number | undefined {
    const { concurrent, perMinute, now } = this.#limits;
    const at = now();
    this.#left = Math.min(perMinute, this.#left + ((at - this.#at) * perMinute) / 60_000);
    this.#at = at;
    if (this.#running >= concurrent) return 1;
    if (this.#left < 1) return Math.ceil(((1 - this.#left) * 60) / perMinute);
    this.#left -= 1;
    this.#running += 1;
    return undefined;
  }

  done(): void {
    this.#running -= 1;
  }
}
