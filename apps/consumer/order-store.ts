import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from '../../lib/database/connect.ts';
import { isPassing } from '../../lib/database/errors.ts';
import type { Verdict } from '../../lib/process/effects.ts';
import type { ExternalOp } from '../../lib/process/external-op.ts';
import type { FindProduct } from '../../lib/process/world.ts';
import { BUILT_IN_MODEL } from '../../lib/risk/built-in-model.ts';
import type { RiskModel } from '../../lib/risk/model.ts';
import type { Batch, PartitionKey } from './batch.ts';
import { BatchPlan, HandlerFailure } from './batch-plan.ts';
import { lockCheckpoint, moveCheckpoint, takeOver } from './checkpoint-sql.ts';
import { type Known, type ParkedRow, toPosition } from './known.ts';
import { readBatch, readExpired } from './read-batch.ts';
import { writeBacklog, writeDeadLetters } from './rows/held-back.ts';
import { insertOrders, isNew, updateOrders } from './rows/orders.ts';
import { writeParts } from './rows/parts.ts';
import { writeRecords } from './rows/records.ts';
import { changeStock, writeStockRecords } from './rows/stock.ts';

/** Another consumer has taken the partition over: nothing may be written for it any more. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** A request to the world outside that was committed a moment ago. */
export interface CommittedOp {
  seq: number;
  orderId: string;
  op: ExternalOp;
}

/** What one transaction did. */
export interface StoreResult {
  stored: number;
  /** Orders that were in the database already. */
  repeated: number;
  deadLettered: number;
  /** Events after an order's first, by what became of them. */
  verdicts: ReadonlyMap<Verdict, number>;
  ops: CommittedOp[];
  /** The limit was reached: the batch has to be stored again for the rest of it. */
  pending: boolean;
  /** Products whose stock has changed. */
  productIds: number[];
  /** Products whose row in the catalogue has changed. */
  changedSkus: string[];
}

export interface StoreOptions {
  /** Carriers by preference. */
  carriers?: readonly string[];
  /** What new orders are scored with. */
  riskModel?: RiskModel;
  now?: () => number;
}

const DEFAULT_CARRIERS = ['swiftpost', 'parcelway'];

/** What is to be stored, by whom. */
export interface StoreRequest {
  key: PartitionKey;
  generation: number;
  batch: Batch;
  find: FindProduct;
  /** How many events are applied at most; what is left undone is done by storing the batch again. */
  limit?: number;
}

/**
 * Stores batches of events: effects, outbox and position in one transaction, fenced by the partition's generation.
 * Two packets and a commit a batch of new orders, one more where earlier orders go on, however many they are.
 */
export class OrderStore {
  readonly #pool: Pool;
  readonly #carriers: readonly string[];
  readonly #riskModel: RiskModel;
  readonly #now: () => number;

  /** @param pool its connections need multipleStatements; two are enough, more were not faster */
  constructor(
    pool: Pool,
    { carriers = DEFAULT_CARRIERS, riskModel = BUILT_IN_MODEL, now = Date.now }: StoreOptions = {},
  ) {
    this.#riskModel = riskModel;
    this.#pool = pool;
    this.#carriers = carriers;
    this.#now = now;
  }

  /** Makes this the only writer of a partition and says from where it has to go on. */
  async takeOver(key: PartitionKey): Promise<{ generation: number; sequenceNumber: number }> {
    return this.#withConnection(async (connection) => {
      const packet = `START TRANSACTION; ${takeOver(key)}; ${lockCheckpoint(key)}; COMMIT;`;
      const [results] = await connection.query<RowDataPacket[][]>(packet);
      const { generation, sequenceNumber } = toPosition(results[2]?.[0]);
      return { generation, sequenceNumber };
    });
  }

  /** Parked events of a partition that have waited for as long as they may. */
  async readExpired(key: PartitionKey): Promise<ParkedRow[]> {
    return readExpired(this.#pool, key, this.#now());
  }

  /**
   * Stores a batch, or nothing of it.
   * Stock is read without a lock and changed by a conditional update at the very end, so that popular products are
   * locked for one round trip only; when somebody else took the last pieces in between, the batch is decided again
   * under lock.
   * @throws {FencedError} when the partition has another owner
   * @throws {HandlerFailure} when an event cannot be handled; the batch can be stored without it
   */
  async store(request: StoreRequest): Promise<StoreResult> {
    // Events about stock say how much there is, which only holds under lock.
    const optimistic = await this.#attempt(
      request,
      request.batch.items.some((item) => 'stock' in item),
    );
    if (optimistic) return optimistic;
    const exact = await this.#attempt(request, true);
    if (!exact) throw new Error('stock is not what its reservations say');
    return exact;
  }

  /** @returns undefined, with nothing written, when the stock that was read is no longer there */
  async #attempt(request: StoreRequest, lock: boolean): Promise<StoreResult | undefined> {
    const { key, generation, batch, find, limit = Number.POSITIVE_INFINITY } = request;
    return this.#withConnection(async (connection) => {
      const now = this.#now();
      const mayWrite = (owner: number) => {
        if (owner !== generation) {
          throw new FencedError(`partition ${key.partitionId} was taken over by another consumer`);
        }
      };
      const known = await readBatch(connection, key, batch, find, { lock, now, mayWrite });
      const plan = new BatchPlan({
        key,
        known,
        find,
        carriers: this.#carriers,
        riskModel: this.#riskModel,
        now,
        limit,
      });
      for (const item of batch.items) plan.take(item);
      const stored = await this.#write(connection, key, batch, known, plan).catch((error: unknown) => {
        throw explain(error, plan);
      });
      await connection.query(stored ? 'COMMIT' : 'ROLLBACK');
      return stored ? toResult(plan) : undefined;
    });
  }

  /** @returns whether all stock could be changed as decided */
  async #write(
    connection: PoolConnection,
    key: PartitionKey,
    batch: Batch,
    known: Known,
    plan: BatchPlan,
  ): Promise<boolean> {
    const { generation } = known.position;
    const { now, lastOrderSeq } = plan;
    const works = [...plan.works.values()];
    const isOpen = (letterId: number | undefined) => known.letters.some(({ id }) => id === letterId);
    const { deltas } = plan.stock;
    const packet = [
      insertOrders(works.filter(isNew), now),
      updateOrders(works.filter((work) => !isNew(work) && work.effects.changed.size > 0)),
      writeParts(works),
      writeRecords(works, key.partitionId, now),
      writeStockRecords(plan.books, plan.stock, now),
      writeDeadLetters(key, plan.dead, isOpen, now),
      writeBacklog(plan.backlog, plan.dead, now),
      moveCheckpoint(key, { generation, lastOrderSeq, at: plan.pending ? undefined : batch.last }),
      changeStock(deltas),
    ].join('');
    const [results] = await connection.query<ResultSetHeader | ResultSetHeader[]>(packet);
    const last = Array.isArray(results) ? results.at(-1) : results;
    return deltas.length === 0 || last?.affectedRows === deltas.length;
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

/** When the tables refuse the rows of a single event, it is known which. */
function explain(error: unknown, { applied }: BatchPlan): unknown {
  return applied.length === 1 && !isPassing(error) ? new HandlerFailure(applied[0]!, error) : error;
}

function toResult(plan: BatchPlan): StoreResult {
  const works = [...plan.works.values()];
  return {
    stored: works.filter(isNew).length,
    repeated: plan.repeated + plan.books.repeated,
    deadLettered: plan.dead.length,
    verdicts: plan.verdicts,
    pending: plan.pending,
    ops: works.flatMap(({ order, effects }) =>
      effects.newOps.map((op) => ({ seq: order.seq, orderId: order.orderId, op })),
    ),
    productIds: plan.stock.deltas.map(({ productId }) => productId),
    changedSkus: plan.books.products.map(({ changes }) => changes.sku),
  };
}
