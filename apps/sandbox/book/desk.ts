import type { Connection, Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import * as sql from '../../../lib/database/sql-text.ts';
import { withConnection } from '../../../lib/database/with-connection.ts';
import { GroupCommit } from './group-commit.ts';

/** A request with its idempotency key; `hash` stands for everything else that it says. */
export interface KeyedRequest {
  key: string;
  /** 32 hexadecimal digits. */
  hash: string;
}

/** `slow` and `never` are how some answers travel, once they are booked. */
export interface Reply {
  status: number;
  body: object;
  delivery?: 'slow' | 'never';
}

/** Where answers are remembered, what they are decided from, and how that is read and written. */
export interface Book<Request extends KeyedRequest, State> {
  requestTable: 'psp_requests' | 'carrier_requests';
  /** Reads all that a batch of requests is about. */
  load(connection: Connection, requests: readonly Request[]): Promise<State>;
  /** Changes the state; what is not answered with 200 changes nothing and is not remembered. */
  decide(request: Request, state: State, now: number): Reply;
  /** What a request gets that was answered before; the remembered answer unless the book says otherwise. */
  replay?(request: Request, answer: object, state: State): object;
  /** Everything that was changed, as statements. */
  save(state: State): string;
  /** After the commit. */
  committed?(state: State): void;
}

interface StoredAnswer {
  hash: string;
  answer: object;
}

const DEADLINE_MS = 5_000;

const OTHER_BODY: Reply = {
  status: 422,
  body: { code: 'idempotency_conflict', detail: 'the key was used before, with another request' },
};

/** Runs statements in one transaction, in one packet. A connection on which one failed is not used again. */
export const transact = (pool: Pool, statements: string): Promise<void> =>
  withConnection(pool, DEADLINE_MS, async (connection) => {
    await connection.query(`START TRANSACTION;${statements}COMMIT;`);
  });

/**
 * Answers requests after they are booked, never before, and each key once: the same request gets the same answer for
 * ever, whatever was killed in between. Only one process may work on a book.
 */
export class Desk<Request extends KeyedRequest, State> {
  readonly #pool: Pool;
  readonly #book: Book<Request, State>;
  readonly #gatherings: GroupCommit<Request, Reply>;

  constructor(pool: Pool, book: Book<Request, State>, onBatch: (requests: number) => void = () => {}) {
    this.#pool = pool;
    this.#book = book;
    this.#gatherings = new GroupCommit(async (requests) => {
      onBatch(requests.length);
      return this.#answerAll(requests);
    });
  }

  /** Rejects when the database did not take it; then nobody knows whether it is booked until the key comes again. */
  answer(request: Request): Promise<Reply> {
    return this.#gatherings.submit(request);
  }

  /** Does something to the book while nothing else is decided. */
  alone<T>(task: () => Promise<T>): Promise<T> {
    return this.#gatherings.alone(task);
  }

  drain(): Promise<void> {
    return this.#gatherings.drain();
  }

  async #answerAll(requests: readonly Request[]): Promise<Reply[]> {
    const now = Date.now();
    const { known, state } = await withConnection(this.#pool, DEADLINE_MS, async (connection) => ({
      known: await this.#find(connection, requests),
      state: await this.#book.load(connection, requests),
    }));
    const fresh: sql.Literal[][] = [];
    const replies = requests.map((request) => {
      const before = known.get(request.key);
      if (before) return this.#again(request, before, state);
      const reply = this.#book.decide(request, state, now);
      if (reply.status !== 200) return reply;
      known.set(request.key, { hash: request.hash, answer: reply.body });
      fresh.push([
        sql.text(request.key),
        sql.binary(request.hash),
        sql.text(JSON.stringify(reply.body)),
        sql.integer(now),
      ]);
      return reply;
    });
    if (fresh.length > 0) {
      await transact(this.#pool, sql.insert(this.#book.requestTable, fresh) + this.#book.save(state));
      this.#book.committed?.(state);
    }
    return replies;
  }

  #again(request: Request, before: StoredAnswer, state: State): Reply {
    if (before.hash !== request.hash) return OTHER_BODY;
    return { status: 200, body: this.#book.replay?.(request, before.answer, state) ?? before.answer };
  }

  async #find(connection: Connection, requests: readonly Request[]): Promise<Map<string, StoredAnswer>> {
    const keys = requests.map(({ key }) => sql.text(key)).join(',');
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT idem_key, LOWER(HEX(request_hash)) AS hash, answer FROM ${this.#book.requestTable} WHERE idem_key IN (${keys})`,
    );
    return new Map(rows.map((row) => [row.idem_key, { hash: row.hash, answer: JSON.parse(row.answer) }]));
  }
}
