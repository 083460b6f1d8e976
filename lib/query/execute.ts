import { type Connection, connect, eventsOf, type RowDataPacket } from '../database/connect.ts';
import type { Catalogue } from './catalogue.ts';
import { readCatalogue } from './catalogue.ts';
import type { CheckedSql } from './guard/guard.ts';
import type { Fragment } from './sql/fragment.ts';

/** A statement ran longer than it may. */
export class QueryTimeout extends Error {
  override readonly name = 'QueryTimeout';
}

/** An answer holds more than a person or a process can take. */
export class ResultTooLarge extends Error {
  override readonly name = 'ResultTooLarge';
}

export type Cell = string | number | null | Date;

/** Rows of free SQL; `more` says that there are others beyond them. */
export interface FreeRows {
  columns: readonly string[];
  rows: Cell[][];
  more: boolean;
}

const DEFAULT_TIMEOUT_MS = 5_000;
/** Free SQL may be written badly: with the watchdog's grace it ends within 2.5 s. */
const FREE_TIMEOUT_MS = 2_000;
/** How much longer the client waits than the server before it kills the statement itself. */
const WATCHDOG_GRACE_MS = 250;
/** A server that does not hear KILL, or is not there any more, is given up after this much longer. */
const GIVE_UP_MS = 2_000;
/** What opens and ends transactions takes no time: a server that is silent this long is away. */
const CONTROL_TIMEOUT_MS = 5_000;
/** 1,000 rows of ten columns are far below it; ten functions inside each other can make a row of megabytes. */
const MAX_RESULT_BYTES = 8_000_000;
/** A calendar of ten years, day by day. */
const MAX_RECURSION = 4_000;
const MAX_GROUP_CONCAT_BYTES = 65_536;
const TIMED_OUT = new Set([1317, 1969, 3024]);

/** A group for each customer of a million orders stays in memory: on disk it took five times as long. */
const MAX_TEMPORARY_BYTES = 134_217_728;

/** What MySQL and MariaDB call their limits. */
interface Dialect {
  timeout(ms: number): string;
  recursion: string;
  temporary: string;
}
const MARIADB: Dialect = {
  timeout: (ms) => `max_statement_time = ${ms / 1_000}`,
  recursion: 'max_recursive_iterations',
  temporary: 'tmp_memory_table_size',
};
const MYSQL: Dialect = {
  timeout: (ms) => `max_execution_time = ${Math.ceil(ms)}`,
  recursion: 'cte_max_recursion_depth',
  temporary: 'tmp_table_size',
};

async function dialectOf(connection: Connection): Promise<Dialect> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  return String(rows[0]?.version).includes('MariaDB') ? MARIADB : MYSQL;
}

const sizeOf = (cell: unknown): number =>
  typeof cell === 'string' ? cell.length : Buffer.isBuffer(cell) ? cell.byteLength : 8;

/** A connection that can only read, inside one READ ONLY transaction, each statement bounded in time. */
export class Reader {
  readonly #url: string;
  readonly #connection: Connection;
  readonly #dialect: Dialect;
  readonly #timeoutMs: number;

  private constructor(url: string, connection: Connection, dialect: Dialect, timeoutMs: number) {
    this.#url = url;
    this.#connection = connection;
    this.#dialect = dialect;
    this.#timeoutMs = timeoutMs;
  }

  /** `url` names the account that may only read (lib/database/grants.ts). */
  static async open(url: string, options: { timeoutMs?: number } = {}): Promise<Reader> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const connection = await connect(url, { multipleStatements: false, decimalNumbers: true });
    try {
      const dialect = await dialectOf(connection);
      const settings = [
        dialect.timeout(timeoutMs),
        `${dialect.recursion} = ${MAX_RECURSION}`,
        `group_concat_max_len = ${MAX_GROUP_CONCAT_BYTES}`,
        `${dialect.temporary} = ${MAX_TEMPORARY_BYTES}`,
        `max_heap_table_size = ${MAX_TEMPORARY_BYTES}`,
      ];
      await connection.query(`SET SESSION ${settings.join(', ')}`);
      await connection.query('START TRANSACTION READ ONLY');
      return new Reader(url, connection, dialect, timeoutMs);
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  catalogue(): Promise<Catalogue> {
    return readCatalogue(async (statement) => {
      const rows = await this.rows({ text: statement, params: [] });
      return rows.map((row) => row.map(String));
    });
  }

  /**
   * @throws {QueryTimeout} when the statement was cut off by the server or by this side's watchdog
   * @throws {ResultTooLarge}
   */
  rows(statement: Fragment): Promise<Cell[][]> {
    return this.#read(statement, this.#timeoutMs);
  }

  /**
   * Runs SQL that the guard has written.
   * @throws {QueryTimeout} after 2 s
   * @throws {ResultTooLarge}
   */
  async freeSql({ sql, columns, maxRows }: CheckedSql): Promise<FreeRows> {
    const timeoutMs = Math.min(this.#timeoutMs, FREE_TIMEOUT_MS);
    await this.#control(`SET SESSION ${this.#dialect.timeout(timeoutMs)}`);
    const rows = await this.#read({ text: sql, params: [] }, timeoutMs).finally(() =>
      // What went wrong with the statement says more than a connection that went with it.
      this.#control(`SET SESSION ${this.#dialect.timeout(this.#timeoutMs)}`).catch(() => this.#connection.destroy()),
    );
    return { columns, rows: rows.slice(0, maxRows), more: rows.length > maxRows };
  }

  /** What was stored since the last question is seen by the next one. */
  async refresh(): Promise<void> {
    await this.#control('START TRANSACTION READ ONLY');
  }

  /** Between questions nothing is held: an open transaction would stand in the way of a change of the schema. */
  async rest(): Promise<void> {
    await this.#control('COMMIT');
  }

  /** Stops the statement that runs, which then rejects; the connection is good for the next one. */
  cancel(): Promise<void> {
    return this.#kill();
  }

  async close(): Promise<void> {
    await this.#connection.end().catch(() => this.#connection.destroy());
  }

  /** A connection on which nothing comes back is of no more use. */
  async #control(sql: string): Promise<void> {
    try {
      await this.#connection.query({ sql, timeout: CONTROL_TIMEOUT_MS });
    } catch (error) {
      this.#connection.destroy();
      throw error;
    }
  }

  async #read(statement: Fragment, timeoutMs: number): Promise<Cell[][]> {
    const tooSlow = (cause?: unknown) =>
      new QueryTimeout(`the statement ran longer than ${timeoutMs / 1_000} s`, { cause });
    const givenUp = Promise.withResolvers<never>();
    const giveUp = () => {
      this.#connection.destroy();
      givenUp.reject(tooSlow());
    };
    const watchdog = setTimeout(() => void this.#kill(), timeoutMs + WATCHDOG_GRACE_MS);
    const last = setTimeout(giveUp, timeoutMs + WATCHDOG_GRACE_MS + GIVE_UP_MS);
    try {
      return await Promise.race([this.#stream(statement), givenUp.promise]);
    } catch (error) {
      throw TIMED_OUT.has((error as { errno?: number }).errno ?? 0) ? tooSlow(error) : error;
    } finally {
      clearTimeout(watchdog);
      clearTimeout(last);
    }
  }

  /** Row by row, so that an answer that is too large is dropped while it comes in, not when it is there. */
  #stream({ text, params }: Fragment): Promise<Cell[][]> {
    const rows: Cell[][] = [];
    let bytes = 0;
    const add = (row: Cell[]) => {
      const before = bytes;
      bytes = row.reduce((sum: number, cell) => sum + sizeOf(cell), bytes);
      if (bytes <= MAX_RESULT_BYTES) rows.push(row);
      else if (before <= MAX_RESULT_BYTES) void this.#kill();
    };
    const events = eventsOf(this.#connection);
    const { promise, resolve, reject } = Promise.withResolvers<Cell[][]>();
    const tooLarge = () => new ResultTooLarge(`the answer has more than ${MAX_RESULT_BYTES / 1_000_000} MB`);
    // A connection that is lost says so itself: a query that gives its rows as events is told nothing.
    events.once('error', reject);
    events
      .query({ sql: text, values: [...params], rowsAsArray: true })
      .on('result', (row) => Array.isArray(row) && add(row as unknown as Cell[]))
      .on('error', (error) => reject(bytes > MAX_RESULT_BYTES ? tooLarge() : error))
      .on('end', () => (bytes > MAX_RESULT_BYTES ? reject(tooLarge()) : resolve(rows)));
    return promise.finally(() => events.off('error', reject));
  }

  /** From a second connection of the same account, which may end its own statements. */
  async #kill(): Promise<void> {
    const sql = `KILL QUERY ${this.#connection.threadId}`;
    const other = await connect(this.#url, { connectTimeout: GIVE_UP_MS }).catch(() => undefined);
    await other?.query({ sql, timeout: GIVE_UP_MS }).catch(() => undefined);
    other?.destroy();
  }
}
