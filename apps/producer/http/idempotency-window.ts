/** What a request that names an order finds: `new` means that it is the caller's to take, and to settle afterwards. */
export type Claim<Answer> =
  | { kind: 'new' }
  | { kind: 'in_progress' }
  | { kind: 'answered'; answer: Answer }
  | { kind: 'reused' };

interface Entry<Answer> {
  requestHash: string;
  at: number;
  state: 'in_progress' | 'failed' | 'answered';
  answer?: Answer;
}

export interface WindowOptions {
  maxEntries: number;
  maxAgeMs: number;
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
}

const DEFAULTS: WindowOptions = {
  maxEntries: 100_000,
  maxAgeMs: 24 * 3_600_000,
  now: () => performance.now(),
};

/**
 * The orders this process took lately, by order id, so that a request sent again gets its answer again.
 * Bounded: the oldest entry goes first. An order that has left it is taken anew under the same id, which the
 * consumer sees; so nothing depends on this window but the kindness of the answer.
 */
export class IdempotencyWindow<Answer> {
  readonly #options: WindowOptions;
  /** In the order of their claims, oldest first. */
  readonly #entries = new Map<string, Entry<Answer>>();

  constructor(options: Partial<WindowOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
  }

  claim(orderId: string, requestHash: string): Claim<Answer> {
    const entry = this.#current(orderId);
    if (entry && entry.requestHash !== requestHash) return { kind: 'reused' };
    if (entry?.state === 'in_progress') return { kind: 'in_progress' };
    if (entry?.answer !== undefined) return { kind: 'answered', answer: entry.answer };
    this.#entries.delete(orderId);
    this.#makeRoom();
    this.#entries.set(orderId, { requestHash, at: this.#options.now(), state: 'in_progress' });
    return { kind: 'new' };
  }

  /** The order was taken: from now on the same request gets this answer. */
  answer(orderId: string, answer: Answer): void {
    const entry = this.#entries.get(orderId);
    if (entry) Object.assign(entry, { state: 'answered', answer });
  }

  /** The order may or may not have been taken: the same request may try again, another body may not. */
  fail(orderId: string): void {
    const entry = this.#entries.get(orderId);
    if (entry) entry.state = 'failed';
  }

  /** Nothing was taken: as if it had never been asked for. */
  release(orderId: string): void {
    this.#entries.delete(orderId);
  }

  /** What this process answered for the order lately. */
  answerOf(orderId: string): Answer | undefined {
    return this.#current(orderId)?.answer;
  }

  #current(orderId: string): Entry<Answer> | undefined {
    const entry = this.#entries.get(orderId);
    return entry && this.#options.now() - entry.at < this.#options.maxAgeMs ? entry : undefined;
  }

  #makeRoom(): void {
    const oldest = this.#entries.entries().next().value;
    if (!oldest) return;
    const expired = this.#options.now() - oldest[1].at >= this.#options.maxAgeMs;
    if (expired || this.#entries.size >= this.#options.maxEntries) this.#entries.delete(oldest[0]);
  }
}
