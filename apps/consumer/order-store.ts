import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from '../../lib/database/connect.ts';
import { nextOrderSequence } from '../../lib/domain/order-sequence.ts';
import { type Batch, conflict, type PartitionKey } from './batch.ts';
import {
  findOrders,
  holdStock,
  insertBatch,
  lockCheckpoint,
  moveCheckpoint,
  type NewOrder,
  readStock,
  sumReservations,
  takeOver,
} from './batch-sql.ts';
import type { DeadLetter, PlacedDelivery } from './decode.ts';
import { type ProductLookup, placeOrder, type StockView } from './place-order.ts';

/** Another consumer has taken the partition over: nothing may be written for it any more. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** What one transaction did. */
export interface StoreResult {
  stored: number;
  /** Orders that were in the database already. */
  repeated: number;
  deadLettered: number;
}

/** The position of a partition, and the generation that may write it. */
export interface Position {
  generation: number;
  sequenceNumber: number;
}

interface Locked extends Position {
  lastOrderSeq: number;
}

interface Known {
  locked: Locked;
  existing: Map<string, string>;
  stock: StockView;
}

const toLocked = (row: RowDataPacket | undefined): Locked => ({
  generation: row?.generation ?? 0,
  sequenceNumber: row?.sequence_number ?? -1,
  lastOrderSeq: row?.last_order_seq ?? 0,
});

function toStockView(rows: readonly RowDataPacket[]): StockView {
  const view: StockView = new Map();
  for (const row of rows) {
    const warehouses = view.get(row.product_id) ?? new Map<string, number>();
    view.set(row.product_id, warehouses.set(row.warehouse, row.available));
  }
  return view;
}

/**
 * Stores batches of orders: effects, outbox and position in one transaction, fenced by the partition's generation.
 * Two packets and a commit a batch, however many orders it has.
 */
export class OrderStore {
  readonly #pool: Pool;
  readonly #now: () => number;

  /** @param pool its connections need multipleStatements; two are enough, more were not faster */
  constructor(pool: Pool, now: () => number = Date.now) {
    this.#pool = pool;
    this.#now = now;
  }

  /** Makes this the only writer of a partition and says from where it has to go on. */
  async takeOver(key: PartitionKey): Promise<Position> {
    return this.#withConnection(async (connection) => {
      const packet = `START TRANSACTION; ${takeOver(key)} ${lockCheckpoint(key)} COMMIT;`;
      const [results] = await connection.query<RowDataPacket[][]>(packet);
      const { generation, sequenceNumber } = toLocked(results[2]?.[0]);
      return { generation, sequenceNumber };
    });
  }

  /**
   * Stores a batch, or nothing of it.
   * Stock is read without a lock and held by a conditional update at the very end, so that popular products are locked
   * for one round trip only; when somebody else took the last pieces in between, the batch is decided again under lock.
   * @throws {FencedError} when the partition has another owner
   */
  async store(key: PartitionKey, generation: number, batch: Batch, product: ProductLookup): Promise<StoreResult> {
    const optimistic = await this.#attempt(key, generation, batch, product, false);
    if (optimistic) return optimistic;
    const exact = await this.#attempt(key, generation, batch, product, true);
    if (!exact) throw new Error('stock changed under lock');
    return exact;
  }

  /** @returns undefined, with nothing written, when the stock that was read is no longer there */
  async #attempt(key: PartitionKey, generation: number, batch: Batch, product: ProductLookup, lock: boolean) {
    return this.#withConnection(async (connection) => {
      const known = await this.#read(connection, key, batch.placed, product, lock);
      if (known.locked.generation !== generation) {
        throw new FencedError(`partition ${key.partitionId} was taken over by another consumer`);
      }
      const plan = this.#plan(key, batch, known, product);
      const held = await this.#write(connection, key, generation, batch, plan, product);
      await connection.query(held ? 'COMMIT' : 'ROLLBACK');
      return held ? { stored: plan.orders.length, repeated: plan.repeated, deadLettered: plan.dead.length } : undefined;
    });
  }

  async #read(
    connection: PoolConnection,
    key: PartitionKey,
    placed: readonly PlacedDelivery[],
    product: ProductLookup,
    lock: boolean,
  ): Promise<Known> {
    const skus = new Set(placed.flatMap(({ event }) => event.data.lines.map((line) => line.sku)));
    const productIds = [...skus].flatMap((sku) => product(sku)?.productId ?? []).sort((a, b) => a - b);
    const statements = [
      'START TRANSACTION;',
      lockCheckpoint(key),
      placed.length > 0 ? findOrders(placed) : 'DO 0;',
      productIds.length > 0 ? readStock(productIds, lock) : 'DO 0;',
    ];
    const [results] = await connection.query<RowDataPacket[][]>(statements.join(''));
    const rowsOf = (index: number) => (Array.isArray(results[index]) ? results[index] : []);
    return {
      locked: toLocked(rowsOf(1)[0]),
      existing: new Map(rowsOf(2).map((row) => [row.id, row.request_hash])),
      stock: toStockView(rowsOf(3)),
    };
  }

  #plan(key: PartitionKey, batch: Batch, known: Known, product: ProductLookup) {
    const orders: NewOrder[] = [];
    const dead: DeadLetter[] = [...batch.dead];
    let { lastOrderSeq } = known.locked;
    let repeated = 0;
    for (const source of batch.placed) {
      const { order_id, request_hash } = source.event.data;
      const before = known.existing.get(order_id.replaceAll('-', ''));
      if (before === undefined) {
        lastOrderSeq = nextOrderSequence(key.partitionId, this.#now(), lastOrderSeq);
        orders.push({ seq: lastOrderSeq, source, placement: placeOrder(source.event, product, known.stock) });
      } else if (before === request_hash) repeated += 1;
      else dead.push(conflict(source));
    }
    return { orders, dead, repeated, lastOrderSeq };
  }

  /** @returns whether all stock could be held */
  async #write(
    connection: PoolConnection,
    key: PartitionKey,
    generation: number,
    batch: Batch,
    plan: { orders: NewOrder[]; dead: DeadLetter[]; lastOrderSeq: number },
    product: ProductLookup,
  ): Promise<boolean> {
    const { sequenceNumber, offset } = batch.last;
    const { lastOrderSeq } = plan;
    const wanted = sumReservations(plan.orders);
    const packet = [
      insertBatch(key, plan.orders, plan.dead, product, this.#now()),
      moveCheckpoint(key, { generation, sequenceNumber, offset, lastOrderSeq }),
      holdStock(wanted),
    ].join('');
    const [results] = await connection.query<ResultSetHeader | ResultSetHeader[]>(packet);
    const last = Array.isArray(results) ? results.at(-1) : results;
    return wanted.length === 0 || last?.affectedRows === wanted.length;
  }

  async #withConnection<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const connection = await this.#pool.getConnection();
    try {
      const result = await work(connection);
      connection.release();
      return result;
    } catch (error) {
      // Whatever state the connection is in, the next user gets a fresh one; the server rolls this one back.
      connection.destroy();
      throw error;
    }
  }
}
