import type { Connection, Pool } from '../../../lib/database/connect.ts';
import { readAvailability, readBestsellers } from '../../../lib/database/shelf.ts';
import { withConnection } from '../../../lib/database/with-connection.ts';
import type { ShelfSource } from './shelf.ts';

/** The stock is summed over all of its rows. */
const READ_DEADLINE_MS = 2_000;

/** As many as one answer may have. */
const BESTSELLERS = 48;

/** The shelves as MySQL has them. */
export function databaseShelf(pool: Pool): ShelfSource {
  const read = <T>(query: (connection: Connection) => Promise<T>) => withConnection(pool, READ_DEADLINE_MS, query);
  return {
    availability: () => read(readAvailability),
    bestsellers: () => read((connection) => readBestsellers(connection, BESTSELLERS)),
  };
}
