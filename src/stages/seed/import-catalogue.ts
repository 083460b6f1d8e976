import type { Connection, RowDataPacket } from '../../../lib/database/connect.ts';
import { OmsError } from '../../errors.ts';
import { REORDER_SHARE } from './catalogue.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import { insertProducts } from './products-table.ts';
import { WAREHOUSES } from './vocabulary.ts';

/** Where the stock of a file lies: it does not say, and a line is never served from two places. */
const [WAREHOUSE] = WAREHOUSES;

/** Changed rows of one statement. */
const BATCH = 500;

/** What a file has brought. */
export interface ImportCounts {
  added: number;
  changed: number;
  unchanged: number;
  /** Products whose stock was set anew. */
  restocked: number;
}

interface KnownProduct {
  productId: number;
  row: Omit<CatalogueRow, 'stock' | 'sku'>;
  /** Units that files have said so far: what is new in a file is the difference to them. */
  stock: number;
  /** Units in the warehouse that orders do not hold. */
  available: number;
}

async function refuseOtherCurrency(connection: Connection, currency: string): Promise<void> {
  for (const table of ['orders', 'products']) {
    const [[found]] = await connection.query<RowDataPacket[]>(
      `SELECT currency FROM ${table} WHERE currency <> ? LIMIT 1`,
      [currency],
    );
    if (!found) continue;
    throw new OmsError(
      'refused',
      `the catalogue is in ${currency}, the ${table} in the database are in ${found.currency}`,
      {
        why: 'sums over two currencies mean nothing',
        next: ['oms seed --catalogue FILE.csv --reset   (empties the tables first, asks before it does)'],
      },
    );
  }
}

async function readKnown(connection: Connection): Promise<Map<string, KnownProduct>> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT p.product_id, p.sku, p.name, p.category, p.brand, p.price_minor, p.cost_minor, p.currency,
       CAST(COALESCE(s.on_hand - s.reserved, 0) AS SIGNED) AS available, CAST(COALESCE(m.quantity, 0) AS SIGNED) AS stock
     FROM products p
     LEFT JOIN stock s ON s.product_id = p.product_id AND s.warehouse = ?
     LEFT JOIN (SELECT product_id, SUM(quantity) AS quantity FROM stock_moves
       WHERE warehouse = ? AND reason IN ('initial', 'catalogue') GROUP BY product_id) m ON m.product_id = p.product_id
     FOR UPDATE`,
    [WAREHOUSE, WAREHOUSE],
  );
  return new Map(
    rows.map(({ product_id, sku, available, stock, ...row }) => [
      sku,
      { productId: product_id, row: row as KnownProduct['row'], stock, available },
    ]),
  );
}

const CHANGEABLE = ['name', 'category', 'brand', 'price_minor', 'cost_minor'] as const;

const hasChanged = (row: CatalogueRow, known: KnownProduct): boolean =>
  CHANGEABLE.some((column) => row[column] !== known.row[column]);

async function updateProducts(connection: Connection, rows: readonly CatalogueRow[], at: Date): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH) {
    const values = rows.slice(start, start + BATCH).map((row) => {
      const { sku, name, category, brand, price_minor, cost_minor, currency } = row;
      return [sku, name, category, brand, price_minor, cost_minor, currency, at];
    });
    await connection.query(
      `INSERT INTO products (sku, name, category, brand, price_minor, cost_minor, currency, created_at) VALUES ?
       ON DUPLICATE KEY UPDATE name = VALUES(name), category = VALUES(category), brand = VALUES(brand),
         price_minor = VALUES(price_minor), cost_minor = VALUES(cost_minor), version = version + 1`,
      [values],
    );
  }
}

interface StockChange {
  sku: string;
  productId: number;
  /** Units to add; negative to take away. */
  units: number;
  available: number;
}

async function changeStock(connection: Connection, changes: readonly StockChange[], at: Date): Promise<void> {
  const promised = changes.find(({ units, available }) => available + units < 0);
  if (promised) {
    throw new OmsError('refused', `the stock of ${promised.sku} cannot be lowered by ${-promised.units}`, {
      why: `orders hold all but ${promised.available} units; nothing was written`,
      next: [`raise the stock of ${promised.sku} in the file and run the same command again`],
    });
  }
  for (let start = 0; start < changes.length; start += BATCH) {
    const batch = changes.slice(start, start + BATCH);
    const wanted = batch.map((_, index) => (index === 0 ? 'SELECT ? AS product_id, ? AS units' : 'SELECT ?, ?'));
    await connection.query(
      `UPDATE (${wanted.join(' UNION ALL ')}) wanted JOIN stock s ON s.product_id = wanted.product_id
       SET s.on_hand = s.on_hand + wanted.units WHERE s.warehouse = ?`,
      [...batch.flatMap(({ productId, units }) => [productId, units]), WAREHOUSE],
    );
    await connection.query('INSERT INTO stock_moves (product_id, warehouse, quantity, reason, moved_at) VALUES ?', [
      batch.map(({ productId, units }) => [productId, WAREHOUSE, units, 'catalogue', at]),
    ]);
  }
}

const asNewProduct = ({ stock, ...product }: CatalogueRow) => ({
  ...product,
  stock: [{ warehouse: WAREHOUSE, available: stock, reorderPoint: Math.ceil(stock * REORDER_SHARE) }],
});

/**
 * Brings the products of a file into the database by SKU, in the caller's transaction: new ones are added, changed ones
 * get the next version, products the file does not name stay. The same file again changes nothing.
 * @throws {OmsError} refused, for another currency or stock that orders hold
 */
export async function importCatalogue(
  connection: Connection,
  rows: readonly CatalogueRow[],
  at: Date,
): Promise<ImportCounts> {
  await refuseOtherCurrency(connection, rows[0]!.currency);
  const known = await readKnown(connection);
  const added = rows.filter((row) => !known.has(row.sku));
  const there = rows.filter((row) => known.has(row.sku));
  const changed = there.filter((row) => hasChanged(row, known.get(row.sku)!));
  const restocked = there.flatMap((row) => {
    const { productId, stock, available } = known.get(row.sku)!;
    return row.stock === stock ? [] : [{ sku: row.sku, productId, units: row.stock - stock, available }];
  });
  await insertProducts(connection, added.map(asNewProduct), at);
  await updateProducts(connection, changed, at);
  await changeStock(connection, restocked, at);
  return {
    added: added.length,
    changed: changed.length,
    unchanged: there.length - changed.length,
    restocked: restocked.length,
  };
}
