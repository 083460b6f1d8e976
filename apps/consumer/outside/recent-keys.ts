/** Keys that are remembered for one to two spans of time, and then forgotten without a timer or a time stamp each. */
export class RecentKeys {
  readonly #spanMs: number;
  #since = 0;
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(spanMs: number) {
    this.#spanMs = spanMs;
  }

  add(key: string, nowMs: number): void {
    this.#turn(nowMs);
    this.#young.add(key);
  }

  has(key: string, nowMs: number): boolean {
    this.#turn(nowMs);
    return this.#young.has(key) || this.#old.has(key);
  }

  #turn(nowMs: number): void {
    const age = nowMs - this.#since;
    if (age < this.#spanMs) return;
    const skipped = age >= 2 * this.#spanMs;
    this.#old = skipped ? new Set() : this.#young;
    this.#young = new Set();
    this.#since = skipped ? nowMs : this.#since + this.#spanMs;
  }
}
