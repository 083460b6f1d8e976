import type { Answered, AskOptions, Declined } from '../../../lib/query/ask.ts';
import type { Reader } from '../../../lib/query/execute.ts';
import { OmsError } from '../../errors.ts';
import { databaseError } from '../runs/targets.ts';

/** What went wrong with a question, as a person can use it. */
export function askError(error: unknown): unknown {
  const { name, message } = error as Error;
  if (name === 'BadQuestion') return new OmsError('usage', message, { next: ['oms ask "top products last week"'] });
  if (name === 'QueryTimeout') {
    return new OmsError('query_timeout', 'the answer took too long and was stopped', {
      why: message,
      next: ['ask for a shorter time, such as "last month"'],
      cause: error,
    });
  }
  if (name === 'ResultTooLarge') {
    return new OmsError('answer_too_large', 'the answer is too large and was stopped', {
      why: message,
      next: ['ask for fewer rows: --limit 100'],
      cause: error,
    });
  }
  return databaseError(error);
}

/** One connection for one question after the other; one that has broken is replaced for the next. */
export class AskConnection {
  readonly #url: string;
  #reader: Reader | undefined;

  private constructor(url: string) {
    this.#url = url;
  }

  /** @throws {OmsError} when the database does not answer, or refuses the account */
  static async open(url: string): Promise<AskConnection> {
    const connection = new AskConnection(url);
    await connection.#connect().catch((error) => {
      throw askError(error);
    });
    return connection;
  }

  /**
   * Answers, or says why not.
   * @param signal stops the statement that runs; what is thrown then is its reason
   * @throws {OmsError} when the question is no text, or the database cannot be read
   */
  async ask(question: string, options: AskOptions, signal: AbortSignal): Promise<Answered | Declined> {
    const { ask } = await import('../../../lib/query/ask.ts');
    try {
      const reader = await this.#fresh();
      const stop = () => void reader.cancel();
      signal.addEventListener('abort', stop);
      try {
        signal.throwIfAborted();
        return await ask(question, reader, options);
      } finally {
        signal.removeEventListener('abort', stop);
        // A connection that is lost is found out by the next question.
        await reader.rest().catch(() => undefined);
      }
    } catch (error) {
      const failure = askError(error);
      if (failure instanceof OmsError && failure.code === 'database_unreachable') await this.close();
      throw signal.aborted ? signal.reason : failure;
    }
  }

  async close(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.close();
  }

  async #connect(): Promise<Reader> {
    const { Reader } = await import('../../../lib/query/execute.ts');
    this.#reader = await Reader.open(this.#url);
    return this.#reader;
  }

  /** A reader that sees what is stored now. */
  async #fresh(): Promise<Reader> {
    const known = this.#reader;
    if (!known) return this.#connect();
    try {
      await known.refresh();
      return known;
    } catch {
      // The server was restarted, or has given up an idle connection.
      await this.close();
      return this.#connect();
    }
  }
}
