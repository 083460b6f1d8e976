import { type Connection, connect, type RowDataPacket } from '../database/connect.ts';
import type { Catalogue } from './catalogue.ts';
import { readCatalogue } from './catalogue.ts';
import type { Fragment } from './sql/fragment.ts';

/** A statement ran longer than it may. */
export class QueryTimeout extends Error {
  override readonly name = 'QueryTimeout';
}

export type Cell = string | number | null | Date;

const DEFAULT_TIMEOUT_MS = 5_000;
/** How much longer the client waits than the server before it kills the statement itself. */
const WATCHDOG_GRACE_MS = 250;
const TIMED_OUT = new Set([1317, 1969, 3024]);

/** Server time-outs have other names on MySQL (ms) and MariaDB (s). */
async function limitStatements(connection: Connection, timeoutMs: number): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
  const isMaria = String(rows[0]?.version).includes('MariaDB');
  await connection.query(
    isMaria
      ? `SET SESSION max_statement_time = ${timeoutMs / 1_000}`
      : `SET SESSION max_execution_time = ${Math.ceil(timeoutMs)}`,
  );
}

/** A connection that can only read, inside one READ ONLY transaction, each statement bounded in time. */
export class Reader {
  private readonly url: string;
  private readonly connection: Connection;
  private readonly timeoutMs: number;

  private constructor(url: string, connection: Connection, timeoutMs: number) {
    this.url = url;
    this.connection = connection;
    this.timeoutMs = timeoutMs;
  }

  /** `url` names the account that may only read (lib/database/grants.ts). */
  static async open(url: string, options: { timeoutMs?: number } = {}): Promise<Reader> {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const connection = await connect(url, { multipleStatements: false });
    try {
      await limitStatements(connection, timeoutMs);
      await connection.query('START TRANSACTION READ ONLY');
      return new Reader(url, connection, timeoutMs);
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  catalogue(): Promise<Catalogue> {
    return readCatalogue(async (statement) => {
      const rows = await this.rows({ text: statement, params: [] });
      return rows.map(([value]) => String(value));
    });
  }

  /** @throws {QueryTimeout} when the statement was cut off by the server or by this side's watchdog */
  async rows(statement: Fragment): Promise<Cell[][]> {
    const watchdog = setTimeout(() => void this.kill(), this.timeoutMs + WATCHDOG_GRACE_MS);
    try {
      const [rows] = await this.connection.query<RowDataPacket[][]>({
        sql: statement.text,
        values: [...statement.params],
        rowsAsArray: true,
      });
      return rows as unknown as Cell[][];
    } catch (error) {
      if (TIMED_OUT.has((error as { errno?: number }).errno ?? 0)) {
        throw new QueryTimeout(`the statement ran longer than ${this.timeoutMs / 1_000} s`, { cause: error });
      }
      throw error;
    } finally {
      clearTimeout(watchdog);
    }
  }

  /** What was stored since the last question is seen by the next one. */
  async refresh(): Promise<void> {
    await this.connection.query('COMMIT');
    await this.connection.query('START TRANSACTION READ ONLY');
  }

  /** Stops the statement that runs, which then rejects; the connection is good for the next one. */
  cancel(): Promise<void> {
    return this.kill();
  }

  async close(): Promise<void> {
    await this.connection.end().catch(() => this.connection.destroy());
  }

  /** From a second connection of the same account, which may end its own statements. */
  private async kill(): Promise<void> {
    const id = this.connection.threadId;
    const other = await connect(this.url).catch(() => undefined);
    await other?.query(`KILL QUERY ${id}`).catch(() => undefined);
    await other?.end().catch(() => undefined);
    if (!other) this.connection.destroy();
  }
}
