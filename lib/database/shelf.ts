import type { Connection, RowDataPacket } from './connect.ts';

/** A pool, or one of its connections. */
type Queryable = Pick<Connection, 'query'>;

/** Pieces that are not reserved, by SKU, over all warehouses; products without stock rows are left out. */
export async function readAvailability(database: Queryable): Promise<Map<string, number>> {
  const [rows] = await database.query<RowDataPacket[]>(
    `SELECT p.sku, SUM(s.on_hand - s.reserved) AS available
     FROM stock s JOIN products p ON p.product_id = s.product_id GROUP BY p.product_id, p.sku`,
  );
  return new Map(rows.map((row) => [row.sku as string, Number(row.available)]));
}

/** Orders that are looked at: the newest, by the table's own order, so that it costs the same however many there are. */
const NEWEST_ORDERS = 5_000;

/** SKUs of what sold most pieces in the newest orders, best first. */
export async function readBestsellers(database: Queryable, limit: number): Promise<string[]> {
  const [rows] = await database.query<RowDataPacket[]>(
    `SELECT p.sku, SUM(i.quantity) AS pieces
     FROM (SELECT order_seq FROM orders ORDER BY order_seq DESC LIMIT ${NEWEST_ORDERS}) o
     JOIN order_items i ON i.order_seq = o.order_seq
     JOIN products p ON p.product_id = i.product_id
     GROUP BY p.product_id, p.sku ORDER BY pieces DESC, p.product_id LIMIT ?`,
    [limit],
  );
  return rows.map((row) => row.sku as string);
}
