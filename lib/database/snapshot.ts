import type { Connection } from './connect.ts';

/** Runs `read` on one moment of the database, however many statements it takes. Nothing can be written meanwhile. */
export async function inSnapshot<T>(connection: Connection, read: () => Promise<T>): Promise<T> {
  await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await connection.query('START TRANSACTION READ ONLY');
  const result = await read();
  await connection.query('COMMIT');
  return result;
}
