import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../../lib/runtime/logger.ts';
import type { LiveBoard } from './board-schema.ts';
import type { BoardSource } from './board-source.ts';
import { Paced } from './paced.ts';

const EVERY_MS = 1_000;

type Listener = (board: string) => void;

/** The board of the flow: read once a second for all who look at it, and not at all while nobody does. */
export class Board {
  readonly #paced: Paced<LiveBoard>;
  readonly #logger: Logger;
  readonly #listeners = new Set<Listener>();
  readonly #stopped = new AbortController();
  #newest: string | undefined;
  #running: Promise<void> | undefined;

  constructor(read: BoardSource, logger: Logger) {
    this.#paced = new Paced(read, { everyMs: EVERY_MS / 2 });
    this.#logger = logger;
  }

  /** The board, no older than half a second. @throws whatever reading throws */
  now(): Promise<LiveBoard> {
    return this.#paced.get();
  }

  /**
   * Calls `listener` with the board as JSON, about every second while it can be read.
   * @returns ends it
   */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#newest && this.#running) listener(this.#newest);
    this.#running ??= this.#run();
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    let isAway = false;
    while (this.#listeners.size > 0 && !signal.aborted) {
      const start = performance.now();
      isAway = await this.now().then(
        (board) => this.#tell(board),
        (error: unknown) => {
          if (!isAway) this.#logger.warn({ err: error }, 'the board cannot be read');
          // Who comes now is not told what was.
          this.#newest = undefined;
          return true;
        },
      );
      await delay(Math.max(0, EVERY_MS - (performance.now() - start)), undefined, { signal }).catch(() => {});
    }
    this.#running = undefined;
  }

  #tell(board: LiveBoard): false {
    this.#newest = JSON.stringify(board);
    for (const listener of this.#listeners) listener(this.#newest);
    return false;
  }
}
