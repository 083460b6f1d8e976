import type { Connection, Pool } from '../../../lib/database/connect.ts';
import { readBestsellers, readScarce } from '../../../lib/database/shelf.ts';
import { withConnection } from '../../../lib/database/with-connection.ts';
import type { ShelfSource } from './shelf.ts';

/** The stock of a hundred thousand products is looked at in 0.2 s. */
const READ_DEADLINE_MS = 2_000;

/** As many as one answer may have. */
const BESTSELLERS = 48;

/** The shelves as MySQL has them. */
export function databaseShelf(pool: Pool): ShelfSource {
  const read = <T>(query: (connection: Connection) => Promise<T>) => withConnection(pool, READ_DEADLINE_MS, query);
  return {
    scarce: (few) => read((connection) => readScarce(connection, few)),
    bestsellers: () => read((connection) => readBestsellers(connection, BESTSELLERS)),
  };
}
