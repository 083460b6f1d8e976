import type { Pool, PoolConnection } from './connect.ts';

/** The database did not do it in time. */
export class DatabaseTimeoutError extends Error {
  override readonly name = 'DatabaseTimeoutError';
}

/** A connection that comes after its time goes straight back to the pool. */
async function acquire(pool: Pool, late: Promise<never>): Promise<PoolConnection> {
  const acquiring = pool.getConnection();
  try {
    return await Promise.race([acquiring, late]);
  } catch (error) {
    acquiring.then((connection) => connection.release()).catch(() => {});
    throw error;
  }
}

/**
 * Runs `use` on a connection of the pool, waiting included within `deadlineMs`: mysql2 itself waits for a free
 * connection for ever. A connection whose query is late is destroyed, never handed to the next borrower.
 * @throws {DatabaseTimeoutError} when the deadline passes; otherwise whatever the pool or `use` throws
 */
export async function withConnection<T>(
  pool: Pool,
  deadlineMs: number,
  use: (connection: PoolConnection) => Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  const timer = setTimeout(
    () => late.reject(new DatabaseTimeoutError(`the database did not answer within ${deadlineMs} ms`)),
    deadlineMs,
  );
  try {
    const connection = await acquire(pool, late.promise);
    try {
      const result = await Promise.race([use(connection), late.promise]);
      connection.release();
      return result;
    } catch (error) {
      // A failed or late query leaves a connection in a state that nobody knows.
      connection.destroy();
      throw error;
    }
  } finally {
    clearTimeout(timer);
  }
}
