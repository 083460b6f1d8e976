import { setTimeout as delay } from 'node:timers/promises';
import { backOff } from '../../../lib/runtime/backoff.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';

export interface RepeaterOptions {
  /** What it does, for the log. */
  name: string;
  /** Pause after a round that found something, and after one that found nothing. */
  busyMs: number;
  idleMs: number;
}

/** Does something again and again until stopped; an error is logged and waited out. */
export class Repeater {
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;

  /** @param round resolves with whether it found something to do */
  constructor(round: (signal: AbortSignal) => Promise<boolean>, options: RepeaterOptions, logger: Logger) {
    this.#running = this.#run(round, options, logger);
  }

  /** Lets the round under way end. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(
    round: (signal: AbortSignal) => Promise<boolean>,
    { name, busyMs, idleMs }: RepeaterOptions,
    logger: Logger,
  ): Promise<void> {
    const { signal } = this.#stopped;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const found = await round(signal);
        failures = 0;
        await delay(found ? busyMs : idleMs, undefined, { signal }).catch(() => {});
      } catch (error) {
        logger.warn({ err: error, failures }, `${name}: not done, trying again`);
        await backOff(failures++, signal);
      }
    }
  }
}
