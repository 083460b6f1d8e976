import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import { isPassing } from '../../../lib/database/errors.ts';
import * as sql from '../../../lib/database/sql-text.ts';
import type { OpKind } from '../../../lib/process/external-op.ts';
import { backOff } from '../../../lib/runtime/backoff.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';

/** A row of external_ops that waits. */
export interface WaitingRow {
  seq: number;
  kind: OpKind;
  no: number;
  tries: number;
  /** JSON of the request. */
  request: string;
}

/** What a row becomes. `dueAt` null: done. It stays done if an event has answered it in the meantime. */
export interface RowChange {
  seq: number;
  kind: OpKind;
  no: number;
  tries: number;
  dueAt: number | null;
  lastError: string | null;
  /** What was answered, where no event reports it. */
  answer?: string;
}

/** Changes travel together: hundreds cost little more than one. */
const GATHER_MS = 50;
const ROWS_AT_ONCE = 500;
/** While the database is away no more than this is remembered; what is forgotten is due as before, and done again. */
const MAX_GATHERED = 20_000;
const MAX_ERROR_CHARS = 300;
/** As many as the column counts. */
const MAX_TRIES = 65_535;

/** A new row is in the hands of whoever committed it; it is only looked for here when that has taken this long. */
const FAST_PATH_MS = 2_000;

const SELECT_DUE = `(SELECT order_seq, kind, op_no, tries, request FROM external_ops
  WHERE partition_id = ? AND due_at <= ? AND (tries > 0 OR due_at <= ?) ORDER BY due_at LIMIT ?)`;

/**
 * The requests of some partitions that are due, the longest waiting first.
 * @param limit over all partitions; each gets its share, at least one
 */
export async function readDueRows(
  pool: Pool,
  partitions: readonly number[],
  nowMs: number,
  limit: number,
): Promise<WaitingRow[]> {
  if (partitions.length === 0) return [];
  const share = Math.max(1, Math.floor(limit / partitions.length));
  const now = new Date(nowMs);
  const overdue = new Date(nowMs - FAST_PATH_MS);
  const [rows] = await pool.query<RowDataPacket[]>(
    partitions.map(() => SELECT_DUE).join(' UNION ALL '),
    partitions.flatMap((partition) => [partition, now, overdue, share]),
  );
  return rows.map((row) => ({
    seq: Number(row.order_seq),
    kind: row.kind,
    no: row.op_no,
    tries: row.tries,
    request: row.request,
  }));
}

const COLUMNS = ['order_seq', 'kind', 'op_no', 'tries', 'due_at', 'last_error', 'answer'];

const literalsOf = (change: RowChange): sql.Literal[] => [
  sql.integer(change.seq),
  sql.text(change.kind),
  sql.integer(change.no),
  sql.integer(Math.min(change.tries, MAX_TRIES)),
  change.dueAt === null ? 'NULL' : sql.time(change.dueAt),
  sql.textOrNull(change.lastError?.slice(0, MAX_ERROR_CHARS)),
  sql.textOrNull(change.answer),
];

/** Rows that an event has answered meanwhile stay as they are. */
export function updateRows(changes: readonly RowChange[]): string {
  const rows = changes.map((change, index) => {
    const literals = literalsOf(change);
    return `SELECT ${index > 0 ? literals.join(',') : literals.map((one, at) => `${one} AS ${COLUMNS[at]}`).join(',')}`;
  });
  return `UPDATE (${rows.join(' UNION ALL ')}) wanted STRAIGHT_JOIN external_ops op
    ON op.order_seq = wanted.order_seq AND op.kind = wanted.kind AND op.op_no = wanted.op_no
    SET op.tries = wanted.tries, op.due_at = wanted.due_at, op.last_error = wanted.last_error,
      op.answer = wanted.answer
    WHERE op.due_at IS NOT NULL`;
}

const byKey = (a: RowChange, b: RowChange): number =>
  a.seq - b.seq || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.no - b.no);

/** Writes what becomes of requests that no event answers: try again later, or done with nothing to report. */
export class OpRows {
  readonly #pool: Pool;
  readonly #logger: Logger;
  readonly #stopped = new AbortController();
  #gathered: { change: RowChange; written: () => void }[] = [];
  #writing: Promise<void> | undefined;

  constructor(pool: Pool, logger: Logger) {
    this.#pool = pool;
    this.#logger = logger;
  }

  /** Resolves when the change is committed, or was given up; never rejects. */
  write(change: RowChange): Promise<void> {
    if (this.#gathered.length >= MAX_GATHERED) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gathered.push({ change, written: resolve });
    this.#writing ??= this.#writeAll();
    return promise;
  }

  /** Writes what was gathered, without waiting for a database that is away. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    const { signal } = this.#stopped;
    while (this.#gathered.length > 0) {
      await delay(GATHER_MS, undefined, { signal }).catch(() => {});
      const part = this.#gathered.splice(0, ROWS_AT_ONCE);
      await this.#store(part.map(({ change }) => change));
      for (const { written } of part) written();
    }
    this.#writing = undefined;
  }

  async #store(changes: readonly RowChange[]): Promise<void> {
    const { signal } = this.#stopped;
    // In key order, as every writer of several rows does.
    const statement = updateRows(changes.toSorted(byKey));
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#pool.query(statement);
        return;
      } catch (error) {
        this.#logger.warn({ err: error, attempt, rows: changes.length }, 'states of requests not written');
        if (signal.aborted || !isPassing(error)) return;
        await backOff(attempt, signal);
      }
    }
  }
}
