import { type BulkMethod, bulkLoad, chooseBulkMethod } from '../../../lib/database/bulk-load.ts';
import { type Connection, connect, type ResultSetHeader } from '../../../lib/database/connect.ts';
import { type Chunk, type Holding, makeChunk } from './chunk.ts';
import type { History } from './history.ts';
import { drawByPopularity } from './order.ts';
import { TABLE_NAMES, TARGETS, type TableName } from './tables.ts';

/** Two are as fast as more: the server has the work of both cores then. */
const CONNECTIONS = 2;

/** Deadlock and lock wait: the server rolled the transaction back, and it may be tried again. */
const TRY_AGAIN = new Set([1213, 1205]);
const ATTEMPTS = 5;

export type RowCounts = Record<TableName, number>;

export const noRows = (): RowCounts => Object.fromEntries(TABLE_NAMES.map((name) => [name, 0])) as RowCounts;

async function holdStock(connection: Connection, holdings: readonly Holding[]): Promise<void> {
  if (holdings.length === 0) return;
  const rows = holdings.map(({ productId, warehouse, held }) => [productId, warehouse, held, held]);
  await connection.query(
    `INSERT INTO stock (product_id, warehouse, on_hand, reserved) VALUES ?
     ON DUPLICATE KEY UPDATE on_hand = on_hand + VALUES(on_hand), reserved = reserved + VALUES(reserved)`,
    [rows],
  );
}

/** @returns whether the chunk is this transaction's to write; another process may have written it */
async function claim(connection: Connection, chunk: number): Promise<boolean> {
  const [result] = await connection.query<ResultSetHeader>('INSERT IGNORE INTO seed_chunks VALUES (?)', [chunk]);
  return result.affectedRows === 1;
}

/** Stock comes last, so that what a running consumer needs is locked for moments only. */
async function writeChunk(connection: Connection, chunk: Chunk, method: BulkMethod): Promise<boolean> {
  await connection.query('START TRANSACTION');
  const isOurs = await claim(connection, chunk.number);
  if (isOurs) {
    for (const name of TABLE_NAMES) await bulkLoad(connection, TARGETS[name], chunk.rows[name], method);
    await holdStock(connection, chunk.holdings);
  }
  await connection.query('COMMIT');
  return isOurs;
}

async function writeWithRetries(connection: Connection, chunk: Chunk, method: BulkMethod): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeChunk(connection, chunk, method);
    } catch (error) {
      if (attempt === ATTEMPTS || !TRY_AGAIN.has((error as { errno?: number }).errno ?? 0)) throw error;
    }
  }
}

/**
 * Makes and writes the chunks of a history that are not there yet, over two connections. Each chunk is one transaction:
 * whenever this ends, what is there is whole. Memory holds two chunks at a time, however long the history is.
 * @param options.done chunks to leave out
 * @param options.onOrders told the orders written after each chunk, by this call
 * @returns the rows written, by table, and whether the history is complete (it is not when `signal` ended it)
 */
export async function loadHistory(
  url: string,
  history: History,
  options: { done: ReadonlySet<number>; signal: AbortSignal; onOrders: (written: number) => void },
): Promise<{ rows: RowCounts; isComplete: boolean }> {
  const { done, signal, onOrders } = options;
  const draw = drawByPopularity(history.products);
  const rows = noRows();
  let next = 0;

  const takeNumber = (): number | undefined => {
    while (done.has(next)) next++;
    return signal.aborted || next >= history.chunks ? undefined : next++;
  };
  const lane = async (connection: Connection, method: BulkMethod) => {
    for (let number = takeNumber(); number !== undefined; number = takeNumber()) {
      const chunk = makeChunk(history, draw, number);
      if (!(await writeWithRetries(connection, chunk, method))) continue;
      for (const name of TABLE_NAMES) rows[name] += chunk.rows[name].length;
      onOrders(rows.orders);
    }
  };

  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(url)));
  try {
    const method = await chooseBulkMethod(connections[0]!);
    const lanes = await Promise.allSettled(connections.map((connection) => lane(connection, method)));
    const failed = lanes.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    await Promise.all(connections.map((connection) => connection.end()));
  } finally {
    for (const connection of connections) connection.destroy();
  }
  return { rows, isComplete: !signal.aborted };
}
