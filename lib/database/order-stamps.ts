import { uuidFromBytes, uuidToBytes } from '../domain/ids.ts';
import type { Connection, RowDataPacket } from './connect.ts';

/** Whatever happens to an order adds a step, an event that it has heard of, or a document that is ready; none goes away. */
const STAMPS = `SELECT o.order_id,
    o.version + (SELECT COUNT(*) FROM inbox i WHERE i.order_seq = o.order_seq)
      + (SELECT COUNT(d.bytes) FROM documents d WHERE d.order_seq = o.order_seq) AS stamp
  FROM orders o WHERE o.order_id IN (?)`;

/**
 * A number for each stored order that grows whenever anything of it changes; orders that are not stored are left out.
 * Index lookups only, however large the tables are.
 */
export async function readStamps(connection: Connection, orderIds: readonly string[]): Promise<Map<string, number>> {
  if (orderIds.length === 0) return new Map();
  const [rows] = await connection.query<RowDataPacket[]>(STAMPS, [orderIds.map(uuidToBytes)]);
  return new Map(rows.map(({ order_id, stamp }) => [uuidFromBytes(order_id), Number(stamp)]));
}
