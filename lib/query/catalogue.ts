import type { FilterField } from './model/names.ts';
import { FIXED_VALUES } from './model/values.ts';

/** The values a question may name, by the field they belong to, as they are stored. */
export interface Catalogue {
  values: Partial<Record<FilterField, readonly string[]>>;
  /** Every currency that prices are in; amounts are shown in it, and kept apart when there are several. */
  currencies: readonly string[];
  /** When the oldest order was placed, in ms; undefined without orders. */
  since?: number | undefined;
}

/** Runs one statement and gives its rows. */
export type ReadRows = (statement: string) => Promise<string[][]>;

/** Read on every question: the shop's own names. Each is answered from an index or a small table. */
const READ: Partial<Record<FilterField, string>> = {
  product: 'SELECT DISTINCT name FROM products LIMIT 20000',
  category: 'SELECT DISTINCT category FROM products',
  brand: "SELECT DISTINCT brand FROM products WHERE brand <> ''",
  carrier: 'SELECT DISTINCT carrier FROM shipments',
  warehouse: 'SELECT DISTINCT warehouse FROM stock',
  coupon: 'SELECT code FROM coupons',
};

/** Few members, many customers: one look at the index that holds all three, which skips from member to member. */
const CUSTOMERS = 'SELECT DISTINCT segment, country, city FROM customers';
const CUSTOMER_FIELDS = ['segment', 'country', 'city'] as const satisfies FilterField[];

const SINCE = "SELECT TIMESTAMPDIFF(SECOND, '1970-01-01', MIN(placed_at)) FROM orders";

const columnOf = (rows: readonly string[][], at: number): string[] => [...new Set(rows.map((row) => row[at]!))];

/** Reads the catalogue; values that the code fixes are there even when no row has them yet. */
export async function readCatalogue(read: ReadRows): Promise<Catalogue> {
  const values: Partial<Record<FilterField, string[]>> = {};
  for (const [field, statement] of Object.entries(READ)) {
    values[field as FilterField] = columnOf(await read(statement), 0);
  }
  const customers = await read(CUSTOMERS);
  CUSTOMER_FIELDS.forEach((field, at) => {
    values[field] = columnOf(customers, at);
  });
  for (const [field, fixed] of Object.entries(FIXED_VALUES)) {
    values[field as FilterField] = [...new Set([...fixed, ...(values[field as FilterField] ?? [])])];
  }
  const currencies = await read('SELECT DISTINCT currency FROM products ORDER BY currency');
  const since = Number((await read(SINCE))[0]?.[0]);
  return { values, currencies: columnOf(currencies, 0), since: Number.isFinite(since) ? since * 1_000 : undefined };
}
