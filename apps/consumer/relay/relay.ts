import { setTimeout as delay } from 'node:timers/promises';
import { backOff } from '../../../lib/runtime/backoff.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';

/** What several commits leave travels together: many small batches cost the hub and the database more than the wait. */
const GATHER_MS = 100;

const BEHIND_PAUSE_MS = 1_000;

/** Publishes what is committed and not yet published of some partitions; says whether there may be more. */
export type Publish = (partitions: readonly number[]) => Promise<boolean>;

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
   * Says that a partition has something to publish. Called by its owner only.
   * Storing goes before telling: while a partition is `behind`, one batch a second is published and no more.
   */
  notify(partitionId: number, behind = false): void {
    if (behind) this.#behind.add(partitionId);
    else this.#behind.delete(partitionId);
    if (behind && performance.now() - this.#publishedAt < BEHIND_PAUSE_MS) return;
    this.#dirty.add(partitionId);
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
      const partitions = [...this.#dirty];
      this.#dirty.clear();
      try {
        const more = await this.#publish(partitions);
        this.#publishedAt = performance.now();
        if (more) this.#markDirty(partitions.filter((partition) => !this.#behind.has(partition)));
        attempt = 0;
      } catch (error) {
        this.#markDirty(partitions);
        this.#logger.warn({ err: error, partitions, attempt }, 'not published, trying again');
        await backOff(attempt++, signal);
      }
    }
  }

  #markDirty(partitions: readonly number[]): void {
    for (const partition of partitions) this.#dirty.add(partition);
  }
}
