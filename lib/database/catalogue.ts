import type { Connection, RowDataPacket } from './connect.ts';

/** A pool, or one of its connections. */
type Queryable = Pick<Connection, 'query'>;

/** A product as pricing and processing need it; amounts in minor units. */
export interface CatalogueProduct {
  productId: number;
  sku: string;
  name: string;
  category: string;
  brand: string;
  price_minor: number;
  currency: string;
}

const COLUMNS = 'product_id, sku, name, category, brand, price_minor, currency';

const toProduct = (row: RowDataPacket): CatalogueProduct => ({
  productId: row.product_id,
  sku: row.sku,
  name: row.name,
  category: row.category,
  brand: row.brand,
  price_minor: row.price_minor,
  currency: row.currency,
});

/** The products of the given SKUs, by product number. */
export async function readProducts(database: Queryable, skus: readonly string[]): Promise<CatalogueProduct[]> {
  if (skus.length === 0) return [];
  const [rows] = await database.query<RowDataPacket[]>(
    `SELECT ${COLUMNS} FROM products
     WHERE sku IN (?) ORDER BY product_id`,
    [skus],
  );
  return rows.map(toProduct);
}

/** Rows that one statement reads, so that nobody waits long for their turn while they become products. */
const PRODUCTS_A_SLICE = 2_000;

/** Every product there is, by product number, slice by slice: what changes meanwhile may be in it or not. */
export async function readAllProducts(database: Queryable): Promise<CatalogueProduct[]> {
  const products: CatalogueProduct[] = [];
  for (;;) {
    const after = products.at(-1)?.productId ?? 0;
    const [rows] = await database.query<RowDataPacket[]>(
      `SELECT ${COLUMNS} FROM products WHERE product_id > ? ORDER BY product_id LIMIT ?`,
      [after, PRODUCTS_A_SLICE],
    );
    for (const row of rows) products.push(toProduct(row));
    if (rows.length < PRODUCTS_A_SLICE) return products;
  }
}

/** A coupon with its time of validity, both ends included. */
export interface CatalogueCoupon {
  code: string;
  /** 0 to 100. */
  percent_off: number;
  free_shipping: boolean;
  valid_from: Date;
  valid_until: Date;
}

export async function readCoupons(database: Queryable): Promise<CatalogueCoupon[]> {
  const [rows] = await database.query<RowDataPacket[]>(
    'SELECT code, percent_off, free_shipping, valid_from, valid_until FROM coupons',
  );
  return rows.map((row) => ({ ...(row as CatalogueCoupon), free_shipping: row.free_shipping === 1 }));
}

/** A text that changes when a product is added, removed or changed (which counts its version up). */
export async function productsFingerprint(database: Queryable): Promise<string> {
  const [rows] = await database.query<RowDataPacket[]>(
    'SELECT COUNT(*) AS count, COALESCE(MAX(product_id), 0) AS last, COALESCE(SUM(version), 0) AS versions FROM products',
  );
  return Object.values(rows[0]!).join('/');
}
