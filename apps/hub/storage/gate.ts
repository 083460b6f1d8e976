/** Lets at most `limit` tasks run at once; the others wait in the order they came. */
export class Gate {
  #free: number;
  readonly #waiting: Array<() => void> = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  enter(task: () => void): void {
    if (this.#free === 0) {
      this.#waiting.push(task);
      return;
    }
    this.#free--;
    task();
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
