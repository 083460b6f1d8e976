import type { Pool, RowDataPacket } from './connect.ts';

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

/** Every product there is, or those of the given SKUs; by product number. */
export async function readProducts(pool: Pool, skus?: readonly string[]): Promise<CatalogueProduct[]> {
  if (skus?.length === 0) return [];
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT product_id, sku, name, category, brand, price_minor, currency FROM products
     ${skus ? 'WHERE sku IN (?)' : ''} ORDER BY product_id`,
    [skus],
  );
  return rows.map((row) => ({
    productId: row.product_id,
    sku: row.sku,
    name: row.name,
    category: row.category,
    brand: row.brand,
    price_minor: row.price_minor,
    currency: row.currency,
  }));
}
