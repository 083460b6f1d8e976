import { setTimeout as delay } from 'node:timers/promises';

/** Who probes us waits a second at most, and others are in between. */
const PATIENCE_MS = 80;
/** What was found is good for so long; probes come every second or two. */
const FRESH_MS = 2_000;

/** Why the order API cannot be reached, as of a moment ago: whoever asks does not wait until it has been found out. */
export class ApiWatch {
  readonly #ask: () => Promise<string | undefined>;
  readonly #patienceMs: number;
  #known: string | undefined = 'not asked yet';
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(ask: () => Promise<string | undefined>, { patienceMs = PATIENCE_MS } = {}) {
    this.#ask = ask;
    this.#patienceMs = patienceMs;
  }

  /** @returns undefined when it answered; the last finding while there is no new one */
  async trouble(): Promise<string | undefined> {
    if (performance.now() - this.#askedAt > FRESH_MS) this.#asking ??= this.#look();
    if (this.#asking) await Promise.race([this.#asking, delay(this.#patienceMs)]);
    return this.#known;
  }

  async #look(): Promise<void> {
    this.#known = await this.#ask();
    this.#askedAt = performance.now();
    this.#asking = undefined;
  }
}
