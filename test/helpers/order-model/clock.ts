/** Virtual time: what is planned is done in its order, and the clock jumps from one thing to the next. */
export class Clock {
  now: number;
  readonly #heap: { at: number; order: number; run: () => void }[] = [];
  #planned = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** Plans something; what is planned for the same moment is done in the order of planning. */
  at(moment: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ at: Math.max(moment, this.now), order: this.#planned++, run });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#isBefore(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** Does the next thing; false when nothing is left, or nothing before `until`. */
  step(until: number): boolean {
    const next = this.#heap[0];
    if (!next || next.at > until) return false;
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    this.now = next.at;
    next.run();
    return true;
  }

  #sink(): void {
    let parent = 0;
    for (;;) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < this.#heap.length && this.#isBefore(child, least)) least = child;
      }
      if (least === parent) return;
      this.#swap(parent, least);
      parent = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a]!, this.#heap[b]!];
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}
