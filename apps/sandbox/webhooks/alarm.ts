/** A time to wake up at, which can be moved nearer while somebody sleeps. */
export class Alarm {
  #at = 0;
  #moved: PromiseWithResolvers<void> | undefined;

  /** Sets the time anew, later or earlier. */
  set(at: number): void {
    this.#at = at;
  }

  /** Sets the time when that is earlier. */
  moveTo(at: number): void {
    if (at >= this.#at) return;
    this.#at = at;
    this.#moved?.resolve();
  }

  /** Sleeps until the time that is set, and at least until `earliest`; ends early when `signal` aborts and the time is moved. */
  async ring(earliest: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = Math.max(this.#at, earliest) - Date.now();
      if (waitMs <= 0) return;
      const moved = Promise.withResolvers<void>();
      this.#moved = moved;
      const timer = setTimeout(moved.resolve, waitMs);
      await moved.promise;
      clearTimeout(timer);
      this.#moved = undefined;
    }
  }
}
