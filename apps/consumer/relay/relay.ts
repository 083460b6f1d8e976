import { setTimeout as delay } from 'node:timers/promises';
import { backOff } from '../../../lib/runtime/backoff.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';

/** What several commits leave travels together: many small batches cost the hub and the database more than the wait. */
const GATHER_MS = 100;

const BEHIND_PAUSE_MS = 1_000;

/**
 * Publishes what is committed and not yet published of some subjects, by their numbers: partitions or products.
 * @returns whether there may be more
 */
export type Publish = (subjects: readonly number[]) => Promise<boolean>;

/**
 * Publishes what was committed, after its commit: it counts as published when the hub has acknowledged it. A crash in
 * between publishes it again under the same ids, which its readers know.
 */
export class Relay {
  readonly #publish: Publish;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  readonly #dirty = new Set<number>();
  readonly #behind = new Set<number>();
  #running: Promise<void> = Promise.resolve();
  #active = false;
  #publishedAt = Number.NEGATIVE_INFINITY;

  constructor(publish: Publish, logger: Logger) {
    this.#publish = publish;
    this.#logger = logger;
  }

  /**
   * Says that there is something to publish of a subject.
   * Storing goes before telling: while a partition is `behind`, one batch a second is published and no more.
   */
  notify(subject: number, behind = false): void {
    if (behind) this.#behind.add(subject);
    else this.#behind.delete(subject);
    if (behind && performance.now() - this.#publishedAt < BEHIND_PAUSE_MS) return;
    this.#dirty.add(subject);
    this.#wake();
  }

  /** Lets the batch under way end and stops. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  #wake(): void {
    if (this.#active || this.#stopped.signal.aborted) return;
    this.#active = true;
    this.#running = this.#drain().finally(() => {
      this.#active = false;
      // Something may have come in after the last look.
      if (this.#dirty.size > 0) this.#wake();
    });
  }

  async #drain(): Promise<void> {
    const { signal } = this.#stopped;
    for (let attempt = 0; this.#dirty.size > 0 && !signal.aborted; ) {
      await delay(GATHER_MS, undefined, { signal }).catch(() => {});
      const subjects = [...this.#dirty];
      this.#dirty.clear();
      try {
        const more = await this.#publish(subjects);
        this.#publishedAt = performance.now();
        if (more) this.#markDirty(subjects.filter((subject) => !this.#behind.has(subject)));
        attempt = 0;
      } catch (error) {
        this.#markDirty(subjects);
        this.#logger.warn({ err: error, attempt }, 'not published, trying again');
        await backOff(attempt++, signal);
      }
    }
  }

  #markDirty(subjects: readonly number[]): void {
    for (const subject of subjects) this.#dirty.add(subject);
  }
}
