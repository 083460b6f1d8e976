import type { Connection, ResultSetHeader, RowDataPacket } from '../../../lib/database/connect.ts';
import { OmsError } from '../../errors.ts';

export type Part = 'catalogue' | 'history';

/** A part that an earlier `oms seed` has made or begun. */
export interface SeedRun {
  settings: Record<string, unknown>;
  /** The clock it was made for, in milliseconds since 1970. */
  until: number;
  isFinished: boolean;
}

/** What the database holds, as far as seeding has to know. */
export interface DatabaseState {
  runs: Partial<Record<Part, SeedRun>>;
  hasProducts: boolean;
  hasOrders: boolean;
  hasCustomers: boolean;
}

async function readRuns(connection: Connection): Promise<DatabaseState['runs']> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT part, settings, history_until, finished_at FROM seed_runs',
  );
  return Object.fromEntries(
    rows.map((row) => [
      row.part,
      {
        settings: JSON.parse(row.settings),
        until: (row.history_until as Date).getTime(),
        isFinished: row.finished_at !== null,
      },
    ]),
  );
}

export async function readState(connection: Connection): Promise<DatabaseState> {
  const [[found]] = await connection.query<RowDataPacket[]>(
    `SELECT EXISTS(SELECT 1 FROM products) AS products, EXISTS(SELECT 1 FROM orders) AS orders,
       EXISTS(SELECT 1 FROM customers) AS customers`,
  );
  return {
    runs: await readRuns(connection),
    hasProducts: Boolean(found?.products),
    hasOrders: Boolean(found?.orders),
    hasCustomers: Boolean(found?.customers),
  };
}

/**
 * Notes that a part is about to be made; `settings` is all it takes to make it again.
 * @throws {OmsError} refused, when another process was faster
 */
export async function beginRun(connection: Connection, part: Part, settings: object, until: number): Promise<void> {
  const [result] = await connection.query<ResultSetHeader>(
    `INSERT IGNORE INTO seed_runs (part, settings, history_until, started_at) VALUES (?, ?, ?, UTC_TIMESTAMP(6))`,
    [part, JSON.stringify(settings), new Date(until)],
  );
  if (result.affectedRows === 1) return;
  throw new OmsError('refused', 'another oms seed has begun on this database', {
    next: ['let it end, then run the same command again'],
  });
}

export async function finishRun(connection: Connection, part: Part): Promise<void> {
  await connection.query('UPDATE seed_runs SET finished_at = UTC_TIMESTAMP(6) WHERE part = ?', [part]);
}

/** The chunks of the history that are in the database already. */
export async function readDoneChunks(connection: Connection): Promise<Set<number>> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT chunk_no FROM seed_chunks');
  return new Set(rows.map((row) => row.chunk_no as number));
}
