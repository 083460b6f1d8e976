export interface AttemptLimits {
  /** Wrong passwords in a row that are looked at; as many more come back each minute. */
  perMinute: number;
  /** Addresses that are remembered; the one that was quiet for longest is forgotten first. */
  addresses: number;
  /** Milliseconds that only go up. */
  now: () => number;
}

const LIMITS: AttemptLimits = { perMinute: 10, addresses: 10_000, now: () => performance.now() };

interface Left {
  attempts: number;
  at: number;
}

/** How often a password may still be tried, by address. */
export class Attempts {
  readonly #limits: AttemptLimits;
  readonly #left = new Map<string, Left>();

  constructor(limits: Partial<AttemptLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /**
   * Takes one attempt.
   * @returns after how many seconds there is one again; undefined when there was one
   */
  take(address: string): number | undefined {
    const left = this.#now(address);
    if (left < 1) return Math.ceil(((1 - left) * 60) / this.#limits.perMinute);
    this.#keep(address, left - 1);
    return undefined;
  }

  /** The password was right, or could not be looked at. */
  giveBack(address: string): void {
    this.#keep(address, this.#now(address) + 1);
  }

  #now(address: string): number {
    const { perMinute, now } = this.#limits;
    const known = this.#left.get(address);
    return known ? Math.min(perMinute, known.attempts + ((now() - known.at) * perMinute) / 60_000) : perMinute;
  }

  #keep(address: string, attempts: number): void {
    const { perMinute, addresses, now } = this.#limits;
    this.#left.delete(address);
    if (attempts >= perMinute) return;
    this.#left.set(address, { attempts, at: now() });
    if (this.#left.size > addresses) this.#left.delete(this.#left.keys().next().value!);
  }
}
