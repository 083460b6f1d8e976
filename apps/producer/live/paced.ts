export interface PaceOptions {
  /** At least so long from one question to the next. */
  everyMs: number;
  /** And so long, as a multiple of what the last answer took: 20 keeps a question within 5 % of the time. */
  ratio?: number;
}

/** An answer that is asked for anew no more often than its cost allows; between that it is the last one. */
export class Paced<Answer> {
  readonly #ask: () => Promise<Answer>;
  readonly #options: Required<PaceOptions>;
  #answer: Answer | undefined;
  #nextAt = 0;
  #asking: Promise<Answer> | undefined;

  constructor(ask: () => Promise<Answer>, { everyMs, ratio = 0 }: PaceOptions) {
    this.#ask = ask;
    this.#options = { everyMs, ratio };
  }

  /** @throws whatever asking throws; what was said before that is not said again */
  async get(): Promise<Answer> {
    if (this.#answer !== undefined && performance.now() < this.#nextAt) return this.#answer;
    this.#asking ??= this.#askOnce().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #askOnce(): Promise<Answer> {
    const start = performance.now();
    try {
      this.#answer = await this.#ask();
      return this.#answer;
    } catch (error) {
      this.#answer = undefined;
      throw error;
    } finally {
      const end = performance.now();
      this.#nextAt = Math.max(start + this.#options.everyMs, end + (end - start) * this.#options.ratio);
    }
  }
}
