/** Long enough to be steady, short enough to show what happens now. */
const WINDOW_SECONDS = 10;

/** How many events a second went by in the last ten seconds. */
export class RateMeter {
  /** By second; the one that is under way has a place of its own. */
  readonly #counts = new Float64Array(WINDOW_SECONDS + 1);
  #second = 0;

  add(count: number, nowMs = Date.now()): void {
    const second = this.#advance(nowMs);
    this.#counts[second % this.#counts.length]! += count;
  }

  /** Events a second over the last ten whole seconds. */
  perSecond(nowMs = Date.now()): number {
    const second = this.#advance(nowMs);
    const underWay = this.#counts[second % this.#counts.length]!;
    return (this.#counts.reduce((sum, count) => sum + count, 0) - underWay) / WINDOW_SECONDS;
  }

  /** Empties the places of seconds in which nothing was counted. A clock that is set back counts on in its last second. */
  #advance(nowMs: number): number {
    const second = Math.max(this.#second, Math.floor(nowMs / 1000));
    const passed = Math.min(second - this.#second, this.#counts.length);
    for (let step = 1; step <= passed; step++) this.#counts[(this.#second + step) % this.#counts.length] = 0;
    this.#second = second;
    return second;
  }
}
