import { setTimeout as delay } from 'node:timers/promises';
import { backOff } from '../../../lib/runtime/backoff.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';

export interface Pace {
  /** What it does, for the log. */
  name: string;
  /** Rows a second at most, so that a backlog does not take the machine from those who accept and store orders. */
  perSecond: number;
  /** Rows a round takes at most. */
  page: number;
}

/** Nothing was due: looked at again after this. */
const IDLE_MS = 500;
/** Between rounds that were not full, so that rows gather: a page costs the database little more than a row. */
const GATHER_MS = 200;

/** Works off a queue, page by page, at a pace; an error is waited out, and logged when it is the first. */
export class PacedLoop {
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;

  /** @param round resolves with how many rows it has worked off */
  constructor(round: (signal: AbortSignal) => Promise<number>, pace: Pace, logger: Logger) {
    this.#running = this.#run(round, pace, logger);
  }

  /** Lets the round under way end. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(
    round: (signal: AbortSignal) => Promise<number>,
    { name, perSecond, page }: Pace,
    logger: Logger,
  ): Promise<void> {
    const { signal } = this.#stopped;
    for (let failures = 0; !signal.aborted; ) {
      const start = performance.now();
      try {
        const rows = await round(signal);
        if (failures > 0) logger.info({ failures }, `${name}: going on`);
        failures = 0;
        const spare = (rows * 1_000) / perSecond - (performance.now() - start);
        const least = rows === 0 ? IDLE_MS : rows < page ? GATHER_MS : 0;
        await delay(Math.max(spare, least), undefined, { signal }).catch(() => {});
      } catch (error) {
        if (failures === 0) logger.warn({ err: error }, `${name}: a round failed, tried again until one does not`);
        await backOff(failures++, signal);
      }
    }
  }
}
