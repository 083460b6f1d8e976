import type { Connection as CallbackConnection } from 'mysql2';
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  createPool,
  type Pool,
  type PoolOptions,
} from 'mysql2/promise';

export type { Connection, Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

/**
 * The same strict behaviour on every server this runs against: MariaDB has no ONLY_FULL_GROUP_BY by default,
 * and every time is UTC; READ COMMITTED because gap locks would make writers of neighbouring orders wait for each other.
 */
const SESSION = [
  `SET SESSION time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO'`,
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

const COMMON = {
  timezone: 'Z',
  charset: 'utf8mb4',
  supportBigNumbers: true,
  dateStrings: false,
  connectTimeout: 5_000,
} satisfies ConnectionOptions;

/** More waiters than this on one pool are refused: mysql2's own queue is unbounded by default. */
const QUEUE_LIMIT = 1_000;

/** One connection with the session settings above. `url` is mysql://user:password@host:port/schema. */
export async function connect(url: string, options: ConnectionOptions = {}) {
  const connection = await createConnection({ uri: url, ...COMMON, ...options });
  for (const statement of SESSION) await connection.query(statement);
  return connection;
}

/** A pool whose connections all carry the session settings above. */
export function openPool(url: string, options: PoolOptions = {}): Pool {
  const pool = createPool({ uri: url, ...COMMON, connectionLimit: 10, queueLimit: QUEUE_LIMIT, ...options });
  // Queries of one connection run in order, so this one is through before the first of the borrower's.
  pool.pool.on('connection', (connection) => {
    for (const statement of SESSION) connection.query(statement);
  });
  return pool;
}

/** The connection below the promises: its queries give their rows one by one, as events. */
export const eventsOf = (connection: Connection): CallbackConnection =>
  (connection as unknown as { connection: CallbackConnection }).connection;
