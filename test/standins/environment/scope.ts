/** Something that ends, and undoes then what was begun in it. A test's context is one. */
export interface Scope {
  after(work: () => unknown): void;
}

/** A scope that ends when it is told to: the last thing begun is undone first, whatever fails on the way. */
export class Undoing implements Scope {
  readonly #works: (() => unknown)[] = [];

  after(work: () => unknown): void {
    this.#works.push(work);
  }

  async end(): Promise<void> {
    for (const work of this.#works.splice(0).reverse()) await Promise.resolve(work()).catch(() => undefined);
  }
}
