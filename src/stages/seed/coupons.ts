import type { Connection } from '../../../lib/database/connect.ts';
import { COUPONS } from './vocabulary.ts';

const YEAR_MS = 365 * 24 * 3_600_000;

/** Adds the coupons that are not there yet, usable during the history and a year from its end. */
export async function addCoupons(connection: Connection, from: number, until: number): Promise<void> {
  const rows = COUPONS.map(({ code, percent_off, free_shipping }) => {
    return [code, percent_off, free_shipping, new Date(from), new Date(until + YEAR_MS)];
  });
  await connection.query(
    'INSERT IGNORE INTO coupons (code, percent_off, free_shipping, valid_from, valid_until) VALUES ?',
    [rows],
  );
}
