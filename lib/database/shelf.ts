import type { Connection, RowDataPacket } from './connect.ts';

/** A pool, or one of its connections. */
type Queryable = Pick<Connection, 'query'>;

/** Products that one statement sums up: some milliseconds of the server, and of who reads what it answers. */
const PRODUCTS_A_SLICE = 5_000;

const SLICE_END = `SELECT MAX(product_id) AS last FROM
  (SELECT product_id FROM products WHERE product_id > ? ORDER BY product_id LIMIT ${PRODUCTS_A_SLICE}) slice`;

/** Both tables in the order of their keys. */
const SCARCE = `SELECT STRAIGHT_JOIN MIN(p.sku) AS sku, COALESCE(SUM(s.on_hand - s.reserved), 0) AS available
  FROM products p LEFT JOIN stock s ON s.product_id = p.product_id
  WHERE p.product_id > ? AND p.product_id <= ? GROUP BY p.product_id HAVING available <= ?`;

/**
 * Pieces that are not reserved, over all warehouses, by SKU: of products that have at most `few`, those without any stock
 * row among them. Read slice by slice, each as of its own moment.
 */
export async function readScarce(database: Queryable, few: number): Promise<Map<string, number>> {
  const scarce = new Map<string, number>();
  for (let after = 0; ; ) {
    const [[end]] = await database.query<RowDataPacket[]>(SLICE_END, [after]);
    if (end!.last === null) return scarce;
    const [rows] = await database.query<RowDataPacket[]>(SCARCE, [after, end!.last, few]);
    for (const { sku, available } of rows) scarce.set(sku, Number(available));
    after = end!.last;
  }
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
