import { createHash } from 'node:crypto';
import { connect, type RowDataPacket } from '../../lib/database/connect.ts';
import { createContext } from '../../src/context.ts';
import { seed } from '../../src/stages/seed/seed.ts';
import { SEED_NOW } from './seed-history.ts';

type Request = Omit<Partial<Parameters<typeof seed>[0]>, 'databaseUrl'>;

/** Runs the seed stage against a schema, quietly, with a fixed clock. */
export function runSeed(url: string, request: Request = {}, signal = new AbortController().signal) {
  const context = createContext({ json: true, quiet: true, input: false }, signal);
  const now = new Date(SEED_NOW).toISOString();
  return seed({ now, reset: false, yes: false, ...request, databaseUrl: url }, context);
}

/** Everything seeding writes, without what counts up by itself or is the time of the run. */
const CONTENT: Record<string, string> = {
  products: '*',
  coupons: '*',
  stock: '*',
  stock_moves: 'product_id, warehouse, quantity, reason, moved_at',
  customers: '*',
  orders: '*',
  order_items: '*',
  order_history: '*',
  reservations: '*',
  payments: '*',
  refunds: '*',
  shipments: '*',
  seed_runs: 'part, settings, history_until, finished_at IS NULL',
  seed_chunks: '*',
};

/** A checksum of each table's rows, whatever order they were written in. */
export async function checksums(url: string): Promise<Record<string, string>> {
  const connection = await connect(url, { rowsAsArray: true, dateStrings: true });
  try {
    const sums: Record<string, string> = {};
    for (const [table, columns] of Object.entries(CONTENT)) {
      const [rows] = await connection.query<RowDataPacket[]>(`SELECT ${columns} FROM ${table}`);
      const lines = rows.map((row) => JSON.stringify(row)).sort();
      sums[table] = `${rows.length} ${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
    }
    return sums;
  } finally {
    await connection.end();
  }
}

/** The rows of a query; none for a statement that gives none. */
export async function rowsOf(url: string, sql: string, params: readonly (string | number)[] = []) {
  const connection = await connect(url);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql, [...params]);
    return (Array.isArray(rows) ? rows : []).map((row): Record<string, unknown> => ({ ...row }));
  } finally {
    await connection.end();
  }
}
