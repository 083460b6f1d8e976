import { type Answered, type AskOptions, ask, type Declined } from '../../../lib/query/ask.ts';
import { Reader } from '../../../lib/query/execute.ts';

/** What the staff's questions are answered by. */
export interface AskDesk {
  /**
   * Answers, or says why not.
   * @throws {BadQuestion} when there is nothing to read
   * @throws {QueryTimeout} when it took too long
   * @throws {ResultTooLarge}
   */
  ask(question: string, options: AskOptions): Promise<Answered | Declined>;
  close(): Promise<void>;
}

/** Longer than a page waits for: half of it goes to reading the names of the catalogue. */
const TIMEOUT_MS = 4_000;

/** Connections of the account that may only read; each answers one question at a time and is kept for the next. */
export class DatabaseAskDesk implements AskDesk {
  readonly #url: string;
  readonly #idle: Reader[] = [];
  #closed = false;

  /** @param url mysql:// of oms_ask */
  constructor(url: string) {
    this.#url = url;
  }

  async ask(question: string, options: AskOptions): Promise<Answered | Declined> {
    const reader = await this.#take();
    try {
      const outcome = await ask(question, reader, options);
      await reader.rest();
      if (this.#closed) await reader.close();
      else this.#idle.push(reader);
      return outcome;
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#idle.splice(0).map((reader) => reader.close()));
  }

  async #take(): Promise<Reader> {
    for (let known = this.#idle.pop(); known; known = this.#idle.pop()) {
      try {
        await known.refresh();
        return known;
      } catch {
        // The server was restarted, or has given up an idle connection.
        await known.close();
      }
    }
    return Reader.open(this.#url, { timeoutMs: TIMEOUT_MS });
  }
}
