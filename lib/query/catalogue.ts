import type { FilterField } from './model/names.ts';
import { FIXED_VALUES } from './model/values.ts';

/** The values a question may name, by the field they belong to, as they are stored. */
export interface Catalogue {
  values: Partial<Record<FilterField, readonly string[]>>;
  /** Every currency that prices are in; amounts are shown in it, and kept apart when there are several. */
  currencies: readonly string[];
}

/** Runs one statement and gives the first column. */
export type ReadColumn = (statement: string) => Promise<string[]>;

/** Read on every question: the shop's own names. Each is answered from an index or a small table. */
const READ: Partial<Record<FilterField, string>> = {
  product: 'SELECT DISTINCT name FROM products LIMIT 20000',
  category: 'SELECT DISTINCT category FROM products',
  brand: "SELECT DISTINCT brand FROM products WHERE brand <> ''",
  city: 'SELECT DISTINCT city FROM customers',
  country: 'SELECT DISTINCT country FROM customers',
  segment: 'SELECT DISTINCT segment FROM customers',
  carrier: 'SELECT DISTINCT carrier FROM shipments',
  warehouse: 'SELECT DISTINCT warehouse FROM stock',
  coupon: 'SELECT code FROM coupons',
};

/** Reads the catalogue; values that the code fixes are there even when no row has them yet. */
export async function readCatalogue(read: ReadColumn): Promise<Catalogue> {
  const values: Partial<Record<FilterField, string[]>> = {};
  for (const [field, statement] of Object.entries(READ)) values[field as FilterField] = await read(statement);
  for (const [field, fixed] of Object.entries(FIXED_VALUES)) {
    values[field as FilterField] = [...new Set([...fixed, ...(values[field as FilterField] ?? [])])];
  }
  return { values, currencies: await read('SELECT DISTINCT currency FROM products ORDER BY currency') };
}
