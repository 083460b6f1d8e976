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
    const connection = await connect(url, { multipleStatements: false });
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
    await this.#connection.query(`SET SESSION ${this.#dialect.timeout(timeoutMs)}`);
    try {
      const rows = await this.#read({ text: sql, params: [] }, timeoutMs);
      return { columns, rows: rows.slice(0, maxRows), more: rows.length > maxRows };
    } finally {
      await this.#connection.query(`SET SESSION ${this.#dialect.timeout(this.#timeoutMs)}`);
    }
  }

  /** What was stored since the last question is seen by the next one. */
  async refresh(): Promise<void> {
    await this.#connection.query('START TRANSACTION READ ONLY');
  }

  /** Between questions nothing is held: an open transaction would stand in the way of a change of the schema. */
  async rest(): Promise<void> {
    await this.#connection.query('COMMIT');
  }

  /** Stops the statement that runs, which then rejects; the connection is good for the next one. */
  cancel(): Promise<void> {
    return this.#kill();
  }

  async close(): Promise<void> {
    await this.#connection.end().catch(() => this.#connection.destroy());
  }

  async #read(statement: Fragment, timeoutMs: number): Promise<Cell[][]> {
    const watchdog = setTimeout(() => void this.#kill(), timeoutMs + WATCHDOG_GRACE_MS);
    try {
      return await this.#stream(statement);
    } catch (error) {
      if (TIMED_OUT.has((error as { errno?: number }).errno ?? 0)) {
        throw new QueryTimeout(`the statement ran longer than ${timeoutMs / 1_000} s`, { cause: error });
      }
      throw error;
    } finally {
      clearTimeout(watchdog);
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
    return new Promise((resolve, reject) => {
      const tooLarge = () => new ResultTooLarge(`the answer has more than ${MAX_RESULT_BYTES / 1_000_000} MB`);
      eventsOf(this.#connection)
        .query({ sql: text, values: [...params], rowsAsArray: true })
        .on('result', (row) => Array.isArray(row) && add(row as unknown as Cell[]))
        .on('error', (error) => reject(bytes > MAX_RESULT_BYTES ? tooLarge() : error))
        .on('end', () => (bytes > MAX_RESULT_BYTES ? reject(tooLarge()) : resolve(rows)));
    });
  }

  /** From a second connection of the same account, which may end its own statements. */
  async #kill(): Promise<void> {
    const id = this.#connection.threadId;
    const other = await connect(this.#url).catch(() => undefined);
    await other?.query(`KILL QUERY ${id}`).catch(() => undefined);
    await other?.end().catch(() => undefined);
    if (!other) this.#connection.destroy();
  }
}
