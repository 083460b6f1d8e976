import { Compile, type Validator } from 'typebox/compile';
import type { Pool } from '../../../lib/database/connect.ts';
import { type ExternalOp, OP_REQUESTS, type OpKind, opKey } from '../../../lib/process/external-op.ts';
import type { Logger } from '../../../lib/runtime/logger.ts';
import { type OpRows, readDueRows, type WaitingRow } from './op-rows.ts';
import type { HandedOp, OpWorker } from './op-worker.ts';

const PAGE = 500;
/** What was answered a moment ago is looked at again after this, so that until then it hides nothing else. */
const ANSWERED_MS = 30_000;
/** A row that cannot be read needs a person; it is looked at again in case one came. */
const UNREADABLE_MS = 300_000;

const validators = Object.fromEntries(
  Object.entries(OP_REQUESTS).map(([kind, schema]) => [kind, Compile(schema)]),
) as Record<OpKind, Validator>;

/** @throws {Error} with what is wrong with the row's request */
function toHandedOp({ seq, kind, no, request: text }: WaitingRow): HandedOp {
  const request: unknown = JSON.parse(text);
  const validator = validators[kind];
  if (!validator.Check(request)) {
    const [error] = validator.Errors(request);
    throw new Error(`${error?.instancePath} ${error?.message}`);
  }
  const op = { kind, no, state: 'waiting', request, dueAt: 0 } as ExternalOp;
  return { seq, orderId: op.request.order_id, op };
}

export interface OpPollerDependencies {
  pool: Pool;
  rows: OpRows;
  worker: OpWorker;
  /** The partitions whose requests are this process's to do. */
  owned: () => readonly number[];
  logger: Logger;
}

/**
 * Finds what is due in the database: requests to repeat, those of a process that died between commit and answer, and
 * those there was no room for in memory. All under the key that they have had from the start.
 * @returns whether there were any
 */
export async function pollOps({ pool, rows, worker, owned, logger }: OpPollerDependencies): Promise<boolean> {
  const due = await readDueRows(pool, owned(), Date.now(), Math.min(PAGE, worker.room));
  const setAside: Promise<void>[] = [];
  for (const row of due) {
    const later = (waitMs: number, lastError: string | null) => {
      const { seq, kind, no, tries } = row;
      setAside.push(rows.write({ seq, kind, no, tries, dueAt: Date.now() + waitMs, lastError }));
    };
    try {
      const handed = toHandedOp(row);
      const key = opKey(handed.orderId, row.kind, row.no);
      if (worker.holds(key)) continue;
      if (worker.hasAnswered(key)) later(ANSWERED_MS, null);
      else worker.retry(handed, row.tries);
    } catch (error) {
      logger.error({ err: error, seq: row.seq, kind: row.kind, no: row.no }, 'a request that cannot be read');
      later(UNREADABLE_MS, String(error));
    }
  }
  await Promise.all(setAside);
  return due.length > 0;
}
