import { productsFingerprint, readAllProducts, readCoupons } from '../../../lib/database/catalogue.ts';
import type { Connection, Pool } from '../../../lib/database/connect.ts';
import { withConnection } from '../../../lib/database/with-connection.ts';
import type { CatalogueSource } from './catalogue-cache.ts';

/** A catalogue of a hundred thousand products is read in half a second. */
const READ_DEADLINE_MS = 2_000;

/** The catalogue as MySQL has it. */
export function databaseCatalogue(pool: Pool): CatalogueSource {
  const read = <T>(query: (connection: Connection) => Promise<T>) => withConnection(pool, READ_DEADLINE_MS, query);
  return {
    fingerprint: () => read(productsFingerprint),
    products: () => read(readAllProducts),
    coupons: () => read(readCoupons),
  };
}
