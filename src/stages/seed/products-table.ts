import type { Connection, RowDataPacket } from '../../../lib/database/connect.ts';
import type { CatalogueProduct, SoldProduct } from './catalogue.ts';

/** Rows of one INSERT. */
const BATCH = 500;

type Row = (string | number | Date)[];

async function insertRows(connection: Connection, into: string, rows: readonly Row[]): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH) {
    await connection.query(`INSERT INTO ${into} VALUES ?`, [rows.slice(start, start + BATCH)]);
  }
}

async function nextProductId(connection: Connection): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    'SELECT COALESCE(MAX(product_id), 0) + 1 AS id FROM products',
  );
  // A sum may come as text, which + would append to.
  return Number(row!.id);
}

/**
 * Adds products with their stock, numbered in their order, and the moves that the stock comes from.
 * In the caller's transaction.
 */
export async function insertProducts(
  connection: Connection,
  products: readonly CatalogueProduct[],
  at: Date,
): Promise<void> {
  const first = await nextProductId(connection);
  const rows = products.map((product, index): Row => {
    const { sku, name, category, brand, price_minor, cost_minor, currency } = product;
    return [first + index, sku, name, category, brand, price_minor, cost_minor, currency, at];
  });
  const levels = products.flatMap((product, index) =>
    product.stock.map((level) => ({ ...level, productId: first + index })),
  );
  await insertRows(
    connection,
    'products (product_id, sku, name, category, brand, price_minor, cost_minor, currency, created_at)',
    rows,
  );
  await insertRows(
    connection,
    'stock (product_id, warehouse, on_hand, reorder_point)',
    levels.map((level) => [level.productId, level.warehouse, level.available, level.reorderPoint]),
  );
  await insertRows(
    connection,
    'stock_moves (product_id, warehouse, quantity, reason, moved_at)',
    levels
      .filter((level) => level.available > 0)
      .map((level) => [level.productId, level.warehouse, level.available, 'initial', at]),
  );
}

/** What can be sold, the most popular first, and in which currency. */
export async function readSoldProducts(
  connection: Connection,
): Promise<{ products: SoldProduct[]; currency: string | undefined }> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT p.product_id, p.sku, p.name, p.price_minor, p.currency, s.warehouse
     FROM products p JOIN stock s ON s.product_id = p.product_id ORDER BY p.product_id, s.warehouse`,
  );
  const byProduct = Map.groupBy(rows, (row) => row.product_id as number);
  const products = [...byProduct].map(([productId, levels]) => ({
    productId,
    sku: levels[0]!.sku,
    name: levels[0]!.name,
    price_minor: levels[0]!.price_minor,
    warehouses: levels.map((level) => level.warehouse),
  }));
  return { products, currency: rows[0]?.currency };
}
