import { type Answered, type AskOptions, type AskSource, ask, type Declined } from '../../../lib/query/ask.ts';
import type { Assistant } from '../../../lib/query/assistant/index.ts';
import { Reader } from '../../../lib/query/execute.ts';
import type { ModelSeats } from './model-seats.ts';

/** What the staff's questions are answered by. */
export interface AskDesk {
  /** The language model that helps to read them, if there is one. */
  readonly assistant?: Assistant | undefined;
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

/** While a model is waited for nothing is held: an open transaction would stand in the way of a change of the schema. */
function restingSource(reader: Reader): AskSource {
  let isResting = false;
  return {
    async catalogue() {
      const catalogue = await reader.catalogue();
      await reader.rest();
      isResting = true;
      return catalogue;
    },
    async rows(statement) {
      if (isResting) await reader.refresh();
      isResting = false;
      return reader.rows(statement);
    },
  };
}

/** Connections of the account that may only read; each answers one question at a time and is kept for the next. */
export class DatabaseAskDesk implements AskDesk {
  readonly #url: string;
  readonly #seats: ModelSeats | undefined;
  readonly #idle: Reader[] = [];
  #closed = false;

  /** @param url mysql:// of oms_ask */
  constructor(url: string, seats?: ModelSeats) {
    this.#url = url;
    this.#seats = seats;
  }

  get assistant(): Assistant | undefined {
    return this.#seats?.assistant;
  }

  async ask(question: string, options: AskOptions): Promise<Answered | Declined> {
    const reader = await this.#take();
    try {
      const outcome = await this.#answer(question, reader, options);
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
    this.#seats?.close();
    await Promise.all(this.#idle.splice(0).map((reader) => reader.close()));
  }

  #answer(question: string, reader: Reader, options: AskOptions): Promise<Answered | Declined> {
    if (!this.#seats) return ask(question, reader, options);
    const source = restingSource(reader);
    return this.#seats.withSeat((assistant) => ask(question, source, { ...options, assistant }));
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
